// 10.3 A failure leaves the trampoline at once; no awaiting body can catch it.
// zh-CN: 异常直接离开蹦床（trampoline），等待它的主体都没有机会捕获。
// An exception unwinds the native stack, and the native stack holds only the loop: the suspended
// bodies are on the heap. Their catch and finally blocks do not run unless the loop resumes them.

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
            Call? awaited = top.Body.MoveNext() ? top.Body.Current : null;
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
