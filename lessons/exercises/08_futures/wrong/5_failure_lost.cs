// 08.5 A future that has failed returns a default result instead of its exception.
// zh-CN: 失败的未来值（future）返回默认结果，而不是抛出异常。
// The waiter takes 0 for an answer: a connection that failed becomes an empty file, and the reason
// is in no log.
public sealed class Future<T>(Action<Action> callSoon)
{
    private readonly List<Action> _callbacks = [];
    private T? _result;

    public bool IsDone { get; private set; }

    public T Result
    {
        get
        {
            if (!IsDone)
            {
                throw new InvalidOperationException("The future is not done.");
            }

            return _result!;
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

        (IsDone, _result) = (true, result);
        foreach (Action callback in _callbacks)
        {
            callSoon(callback);
        }
    }
}
