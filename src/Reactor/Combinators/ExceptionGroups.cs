using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Splits an <see cref="AggregateException"/> by type, as <c>except*</c> does. Any thread.
/// </summary>
public static class ExceptionGroups
{
    /// <summary>
    /// The exceptions of one type and the others, each as a group nested as this one (asyncio:
    /// <c>ExceptionGroup.split</c>).
    /// </summary>
    /// <typeparam name="T">The type to look for, derived ones included.</typeparam>
    /// <param name="group">What a <see cref="TaskGroup"/> threw.</param>
    /// <returns>The groups; null for an empty one.</returns>
    /// <exception cref="InsufficientExecutionStackException">They are nested too deep.</exception>
    public static (AggregateException? Match, AggregateException? Others) Split<T>(
        this AggregateException group)
        where T : Exception
    {
        ArgumentNullException.ThrowIfNull(group);
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (group is T)
        {
            return (group, null);
        }

        var matching = new List<Exception>();
        var others = new List<Exception>();
        foreach (Exception error in group.InnerExceptions)
        {
            if (error is AggregateException nested)
            {
                var (match, rest) = nested.Split<T>();
                AddIfAny(matching, match);
                AddIfAny(others, rest);
            }
            else
            {
                (error is T ? matching : others).Add(error);
            }
        }

        return (Derive(group, matching, others), Derive(group, others, matching));
    }

    private static void AddIfAny(List<Exception> errors, AggregateException? group)
    {
        if (group is not null)
        {
            errors.Add(group);
        }
    }

    // An unchanged group stays the same object, with its trace.
    private static AggregateException? Derive(
        AggregateException group, List<Exception> part, List<Exception> taken)
    {
        if (taken.Count == 0)
        {
            return group;
        }

        return part.Count == 0 ? null : new AggregateException(MessageOf(group), part);
    }

    // The message ends with those of the inner exceptions, in brackets.
    private static string MessageOf(AggregateException group)
    {
        string inner = string.Concat(group.InnerExceptions.Select(error => $" ({error.Message})"));
        return group.Message.EndsWith(inner, StringComparison.Ordinal)
            ? group.Message[..^inner.Length]
            : group.Message;
    }
}
