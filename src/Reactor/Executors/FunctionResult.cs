namespace Reactor;

/// <summary>
/// Rejects functions for other threads that return, from generic code, a coroutine, which no loop
/// would run, or a task, whose exception would be lost. A task as result of an awaited task, as
/// with <see cref="Task.WhenAny(Task[])"/>, is allowed.
/// </summary>
/// <remarks>Any thread. Each type is checked once.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
internal static class FunctionResult<T>
{
    private static readonly Type s_type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
    private static readonly string? s_coroutine = OfCoroutine();
    private static readonly string? s_problem = s_coroutine ?? OfTask();

    /// <summary>Checks a synchronous function.</summary>
    public static void Check(string parameter)
    {
        if (s_problem is not null)
        {
            throw new ArgumentException(s_problem, parameter);
        }
    }

    /// <summary>Checks an async function, which is awaited.</summary>
    public static void CheckAwaited(string parameter)
    {
        if (s_coroutine is not null)
        {
            throw new ArgumentException(s_coroutine, parameter);
        }
    }

    private static string? OfCoroutine() => typeof(ICoroutine).IsAssignableFrom(s_type)
        ? "The function returns a coroutine as its result, which nothing would run: start it on "
            + "the loop with CreateTask, or from another thread with Submit as a Func<Coroutine> "
            + "or Func<Coroutine<T>>."
        : null;

    private static string? OfTask() =>
        typeof(Task).IsAssignableFrom(s_type)
        || s_type == typeof(ValueTask)
        || (s_type.IsGenericType && s_type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? $"The function returns a {s_type.Name.Split('`')[0]} as its result, which nothing "
                + "would await: give it as Func<Task>, Func<Task<T>>, Func<ValueTask> or "
                + "Func<ValueTask<T>>, or await the task inside it."
            : null;
}
