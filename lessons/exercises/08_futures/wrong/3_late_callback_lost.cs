// 08.3 A callback that is added to a done future never runs.
// zh-CN: 未来值（future）完成之后添加的回调从不执行。
// Whether an operation is done before its waiter arrives depends on the network. The program hangs
// on fast answers: on loopback, from a cache, and only sometimes.
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
        _callbacks.Add(callback);
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
