// 08.7 All callbacks are one entry in the loop's queue: an exception of one loses the others.
// zh-CN: 所有回调在循环的队列中只占一项：其中一个的异常使其余的丢失。
// The loop can report an exception and go on only between its entries. Callbacks belong to parts of
// the program that do not know of each other; so each has its own entry.
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
        callSoon(() => _callbacks.ForEach(callback => callback()));
    }
}
