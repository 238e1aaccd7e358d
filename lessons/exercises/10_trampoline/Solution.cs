// The trampoline: a stack of suspended bodies; the innermost call runs next.

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
            catch (Exception e)
            {
                // The failure belongs to this call; the body below meets it when it reads Result.
                top.Call.Failure = e;
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
