// 08.8 Result before the future is done is a default value.
// zh-CN: 未来值（future）尚未完成时，Result 返回默认值。
// The program goes on with 0 or null, far away from the missing await. A future of a loop cannot
// block until the result is there, since its own thread sets it; so it must throw.
public sealed class Future<T>(Action<Action> callSoon)
{
    private readonly List<Action> _callbacks = [];
    private T? _result;
    private Exception? _error;

    public bool IsDone { get; private set; }

    public T Result
    {
        get
        {
            return _error is null ? _result! : throw _error;
        }
    }

    public void SetResult(T result) => End(result, null);

    public void SetException(Exception error) => End(default, error);

    public void AddDoneCallback(Action callback)
    {
        if (IsDone)
        {
            callSoon(callback);
        }
        else
        {
            _callbacks.Add(callback);
        }
    }

    private void End(T? result, Exception? error)
    {
        if (IsDone)
        {
            throw new InvalidOperationException("The future is already done.");
        }

        (IsDone, _result, _error) = (true, result, error);
        foreach (Action callback in _callbacks)
        {
            callSoon(callback);
        }
    }
}
