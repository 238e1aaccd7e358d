// One way to end, for result and failure; callbacks are handed to the loop, never called here.
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
