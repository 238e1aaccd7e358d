namespace Reactor;

/// <summary>
/// The source name of the method of a state machine or a delegate. The compiler's names are
/// <c>&lt;Method&gt;d__3</c>, for lambdas <c>&lt;&lt;Outer&gt;b__0&gt;d</c> and for local functions
/// <c>&lt;&lt;Outer&gt;g__Local|0_0&gt;d</c>. Any thread.
/// </summary>
internal static class StateMachineName
{
    private const string Lambda = ">b__";

    public static string Of(Type stateMachine) => Of(stateMachine.DeclaringType, stateMachine.Name);

    public static string Of(Delegate callback)
    {
        (Type? declaring, string name) = Compiled(callback);
        return Of(declaring, name);
    }

    /// <summary>
    /// <see cref="Of(Delegate)"/>, with the compiler's number of a lambda or local function: those
    /// of one method differ in nothing else.
    /// </summary>
    public static string KeyOf(Delegate callback)
    {
        (Type? declaring, string name) = Compiled(callback);
        int lambda = name.IndexOf(Lambda, StringComparison.Ordinal);
        int number = lambda >= 0 ? lambda + Lambda.Length : name.IndexOf('|') + 1;
        return number == 0 ? Of(declaring, name) : $"{Of(declaring, name)} {name[number..]}";
    }

    private static (Type? Declaring, string Name) Compiled(Delegate callback)
    {
        // The continuation of a plain async method: the framework's box around its machine.
        Type? target = callback.Target?.GetType();
        if (target is { IsGenericType: true, Name: "AsyncStateMachineBox`1" })
        {
            Type machine = target.GenericTypeArguments[^1];
            return (machine.DeclaringType, machine.Name);
        }

        return (callback.Method.DeclaringType, callback.Method.Name);
    }

    private static string Of(Type? declaring, string name)
    {
        while (declaring is { Name: ['<', ..], DeclaringType: { } outer })
        {
            declaring = outer; // the closure class of a lambda
        }

        string method = MethodOf(name);
        return declaring is null ? method : $"{declaring.Name}.{method}";
    }

    private static string MethodOf(string name)
    {
        int local = name.IndexOf(">g__", StringComparison.Ordinal);
        if (local >= 0)
        {
            int start = local + ">g__".Length;
            int end = name.IndexOf('|', start);
            return end < 0 ? name : name[start..end];
        }

        int open = name.LastIndexOf('<');
        int close = name.IndexOf('>', open + 1);
        if (open < 0 || close < 0)
        {
            return name;
        }

        string method = name[(open + 1)..close];
        return name.Contains(Lambda, StringComparison.Ordinal) ? $"{method} (lambda)" : method;
    }
}
