// Write the trampoline: a loop that runs calls which await calls, on a stack of its own.
//
// A body yields the call that it awaits, and goes on when that call is done. `Run` starts the root
// and always resumes the innermost call, so the native stack stays flat at any depth.
//   Result    a body stores it in its own call; the awaiting body reads it from there.
//   Failure   the exception that left a body; reading Result throws it in the awaiting body.
// `Run` gives the result of the root, or throws its failure. `Call` stays as it is.

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
        return 0;
    }
}
