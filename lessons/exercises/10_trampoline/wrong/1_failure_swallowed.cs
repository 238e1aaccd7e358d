// 10.1 The failure of a call is caught and forgotten; the awaiting body goes on with 0.
// zh-CN: 调用的异常被捕获后丢弃，等待它的主体拿着 0 继续执行。
// The loop must catch, or it ends; but what it catches is the outcome of that call. A server with
// this bug answers 200 with an empty body when the database is down.

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
        var stack = new Stack<(Call Call, IEnumerator<Call> Body)>();
        stack.Push((root, root.Start()));
        while (stack.TryPeek(out (Call Call, IEnumerator<Call> Body) top))
        {
            Call? awaited = null;
            try
            {
                awaited = top.Body.MoveNext() ? top.Body.Current : null;
            }
            catch (Exception)
            {
                awaited = null;
            }
            if (awaited is null)
            {
                stack.Pop();
            }
            else
            {
                stack.Push((awaited, awaited.Start()));
            }
        }
        return root.Result;
    }
}
