// 10.4 Each awaited call is run by a nested Run: the native stack grows with the depth.
// zh-CN: 每个被等待的调用都由嵌套的 Run 执行：本机栈随深度增长。
// Results and failures are right, until a deep chain (a recursive parser, a long list) overflows
// the stack; in .NET that ends the process, and no handler can catch it.

/// A call of a body; done when the body has ended.
public sealed class Call(Func<Call, IEnumerator<Call>> body)
{
    private int _result;

    public Exception? Failure { get; set; }

    public int Result
    {
        get => Failure is null ? _result : throw Failure;
        set => _result = value;
    }

    /// Makes the body's generator; its code begins at the first MoveNext.
    public IEnumerator<Call> Start() => body(this);
}

public static class Trampoline
{
    public static int Run(Call root)
    {
        IEnumerator<Call> body = root.Start();
        try
        {
            while (body.MoveNext())
            {
                Wait(body.Current);
            }
        }
        catch (Exception e)
        {
            root.Failure = e;
        }
        return root.Result;
    }

    private static void Wait(Call call)
    {
        try
        {
            Run(call);
        }
        catch (Exception e)
        {
            call.Failure = e;
        }
    }
}
