// 11.6 The exception of a coroutine leaves through the loop instead of reaching its waiter.
// zh-CN: 协程的异常从循环中抛出，而没有到达等待者。
// The loop knows no waiters. One bad request ends the turn, or the server; the coroutine that awaits
// it has a try around the await, and hangs.
using System.Runtime.CompilerServices;

public sealed class Future<T> : INotifyCompletion
{
    private readonly List<Action> _waiters = [];
    private T? _result;
    private Exception? _error;

    public bool IsCompleted { get; private set; }

    public Future<T> GetAwaiter() => this;

    public void OnCompleted(Action resume)
    {
        if (IsCompleted)
        {
            Loop.CallSoon(resume);
        }
        else
        {
            _waiters.Add(resume);
        }
    }

    public T GetResult()
    {
        if (_error is not null)
        {
            throw _error;
        }

        return _result!;
    }

    public void SetResult(T result) => End(result, null);

    public void SetException(Exception error) => End(default, error);

    private void End(T? result, Exception? error)
    {
        (IsCompleted, _result, _error) = (true, result, error);
        foreach (Action resume in _waiters)
        {
            Loop.CallSoon(resume);
        }
    }
}

public sealed class CoroutineBuilder
{
    private Action? _resume;

    public Coroutine Task { get; } = new();

    public static CoroutineBuilder Create() => new();

    public void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => machine.MoveNext();

    public void SetStateMachine(IAsyncStateMachine machine)
    {
    }

    public void SetResult() => Task.Done.SetResult(true);

    public void SetException(Exception error) => throw error;

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine
    {
        if (_resume is null)
        {
            IAsyncStateMachine onHeap = machine; // the copy; from now on only it runs
            _resume = onHeap.MoveNext;
        }

        awaiter.OnCompleted(_resume);
    }

    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(
        ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine => AwaitOnCompleted(ref awaiter, ref machine);
}

[AsyncMethodBuilder(typeof(CoroutineBuilder))]
public sealed class Coroutine
{
    public Future<bool> Done { get; } = new();

    public Future<bool> GetAwaiter() => Done;
}

public static class Loop
{
    private static readonly Queue<Action> s_ready = new();

    public static void CallSoon(Action callback) => s_ready.Enqueue(callback);

    public static void Clear() => s_ready.Clear();

    public static void RunTurn()
    {
        for (int batch = s_ready.Count; batch > 0; batch--)
        {
            s_ready.Dequeue()();
        }
    }
}
