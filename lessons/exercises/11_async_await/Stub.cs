// Write what the compiler needs for `async Coroutine` methods: an awaitable future and a builder.
//   Future     `await` asks IsCompleted: done → GetResult at once; else OnCompleted(resume). When it
//              ends, Loop.CallSoon each resume. GetResult throws the exception that was set.
//   Builder    Start runs the machine to its first wait. AwaitOnCompleted copies the machine to the
//              heap at the first wait only, and gives its MoveNext to the awaiter. SetResult and
//              SetException end the coroutine's future. Coroutine and Loop stand below.
using System.Runtime.CompilerServices;

public sealed class Future<T> : INotifyCompletion
{
    public bool IsCompleted => true;

    public Future<T> GetAwaiter() => this;

    public void OnCompleted(Action resume)
    {
    }

    public T GetResult() => default!;

    public void SetResult(T result)
    {
    }

    public void SetException(Exception error)
    {
    }
}

public sealed class CoroutineBuilder
{
    public Coroutine Task { get; } = new();

    public static CoroutineBuilder Create() => new();

    public void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine
    {
    }

    public void SetStateMachine(IAsyncStateMachine machine)
    {
    }

    public void SetResult()
    {
    }

    public void SetException(Exception error)
    {
    }

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine
    {
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
