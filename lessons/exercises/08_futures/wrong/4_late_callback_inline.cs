// 08.4 A callback that is added to a done future runs inside AddDoneCallback.
// zh-CN: 未来值（future）完成之后添加的回调在 AddDoneCallback 之内执行。
// The same call then sometimes returns before its callback runs and sometimes behind it. The caller
// must be right for both, and only one of them is tested.
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
            if (!IsDone)
            {
                throw new InvalidOperationException("The future is not done.");
            }

            return _error is null ? _result! : throw _error;
        }
    }

    public void SetResult(T result) => End(result, null);

    public void SetException(Exception error) => End(default, error);

    public void AddDoneCallback(Action callback)
    {
        if (IsDone)
        {
            callback();
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
