// 08.1 Callbacks run inside SetResult and AddDoneCallback: the loop is not used.
// zh-CN: 回调在 SetResult 和 AddDoneCallback 之内执行：没有用到循环。
// The code that sets a result does not expect other code to run in the middle of it. A callback that
// sets the next future, and so on, grows the stack; one that throws makes the setter fail.
public sealed class Future<T>(Action<Action> _)
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
            callback();
        }
    }
}
