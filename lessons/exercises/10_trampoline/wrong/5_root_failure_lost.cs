// 10.5 The failure of the root stays inside the trampoline: Run returns 0.
// zh-CN: 根调用的异常留在蹦床（trampoline）里：Run 返回 0。
// Below the root no body is left that could read the failure, so Run must throw it. Otherwise a
// task whose body failed counts as done, and its error is never logged.

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
        return root.Failure is null ? root.Result : 0;
    }
}
