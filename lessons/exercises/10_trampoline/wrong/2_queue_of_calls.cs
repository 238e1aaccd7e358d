// 10.2 The calls stand in a queue: a body is resumed before the call that it awaits is done.
// zh-CN: 调用排在队列中：所等待的调用还没有完成，主体就被恢复。
// Tasks take turns, first in first out. The calls inside one task are a stack: what was called
// last ends first. A queue gives the caller a result that is not there yet.

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
        var queue = new Queue<(Call Call, IEnumerator<Call> Body)>();
        queue.Enqueue((root, root.Start()));
        while (queue.TryDequeue(out (Call Call, IEnumerator<Call> Body) next))
        {
            try
            {
                if (next.Body.MoveNext())
                {
                    Call awaited = next.Body.Current;
                    queue.Enqueue((awaited, awaited.Start()));
                    queue.Enqueue(next);
                }
            }
            catch (Exception e)
            {
                next.Call.Failure = e;
            }
        }
        return root.Result;
    }
}
