namespace Reactor;

/// <summary>
/// Rejects functions for other threads whose result is unfinished: a coroutine, which no loop would
/// run, or a task, which nothing would await, so that its exception is lost. The overloads for
/// async functions take most of these; what is left comes by generic code. A task that an awaited
/// task gives, as that of <see cref="Task.WhenAny(Task[])"/>, is a result like any other.
/// </summary>
/// <remarks>Any thread. The type is looked at once.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
internal static class FunctionResult<T>
{
    private static readonly Type s_type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
    private static readonly string? s_coroutine = OfCoroutine();
    private static readonly string? s_problem = s_coroutine ?? OfTask();

    /// <summary>Throws if the result of a plain function is unfinished.</summary>
    /// <param name="parameter">The name of the parameter that has the function.</param>
    /// <exception cref="ArgumentException">It is a coroutine or a task.</exception>
    public static void Check(string parameter)
    {
        if (s_problem is not null)
        {
            throw new ArgumentException(s_problem, parameter);
        }
    }

    /// <summary>
    /// Throws if an async function, which is awaited, gives a coroutine as its result.
    /// </summary>
    /// <param name="parameter">The name of the parameter that has the function.</param>
    /// <exception cref="ArgumentException">It is a coroutine.</exception>
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

    private static string? OfTask()
    {
        bool isTask = typeof(Task).IsAssignableFrom(s_type)
            || s_type == typeof(ValueTask)
            || (s_type.IsGenericType && s_type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return isTask
            ? $"The function returns a {s_type.Name.Split('`')[0]} as its result, which nothing "
                + "would await: give it as Func<Task>, Func<Task<T>>, Func<ValueTask> or "
                + "Func<ValueTask<T>>, or await the task inside it."
            : null;
    }
}
