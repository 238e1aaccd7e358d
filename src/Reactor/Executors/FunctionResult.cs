namespace Reactor;

/// <summary>
/// Rejects functions for other threads whose result is unfinished: a coroutine, which no loop would
/// run, or a task, which nothing would await, so that its exception is lost. The overloads for
/// async functions take most of these; what is left comes by generic code or by an async function
/// that returns a task.
/// </summary>
/// <remarks>Any thread. The type is looked at once.</remarks>
/// <typeparam name="T">The type of the result.</typeparam>
internal static class FunctionResult<T>
{
    private static readonly string? s_problem = Find();

    /// <summary>Throws if the result is unfinished.</summary>
    /// <param name="parameter">The name of the parameter that has the function.</param>
    /// <exception cref="ArgumentException">It is a coroutine or a task.</exception>
    public static void Check(string parameter)
    {
        if (s_problem is not null)
        {
            throw new ArgumentException(s_problem, parameter);
        }
    }

    private static string? Find()
    {
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (typeof(ICoroutine).IsAssignableFrom(type))
        {
            return "A coroutine method cannot run in an executor, which would make the call and " +
                "run nothing: coroutines run on a loop, so use CreateTask.";
        }

        bool isTask = typeof(Task).IsAssignableFrom(type)
            || type == typeof(ValueTask)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return isTask
            ? $"The function returns a {type.Name.Split('`')[0]} as its result, which nothing "
                + "would await: give it as Func<Task>, Func<Task<T>>, Func<ValueTask> or "
                + "Func<ValueTask<T>>, or await the task inside it."
            : null;
    }
}
