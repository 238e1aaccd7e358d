// Write a future: a result that is not there yet, with callbacks. `callSoon` is the CallSoon of a loop.
//   SetResult, SetException  end the future, once. Later calls throw InvalidOperationException and
//                            change nothing.
//   Result                   the result; throws the exception that was set, or
//                            InvalidOperationException if the future is not done.
//   AddDoneCallback          each callback runs once, in the order of adding, when the future is
//                            done; also one that is added later. It never runs inside one of these
//                            calls, but from the loop's queue, each as a callback of its own.
public sealed class Future<T>(Action<Action> callSoon)
{
    public bool IsDone => false;

    public T Result => default!;

    public void SetResult(T result) => callSoon(() => { });

    public void SetException(Exception error)
    {
    }

    public void AddDoneCallback(Action callback)
    {
    }
}
