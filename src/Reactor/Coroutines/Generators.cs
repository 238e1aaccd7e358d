using System.Diagnostics.CodeAnalysis;

namespace Reactor;

/// <summary>
/// Generator coroutines: iterators as coroutines, the style before async/await (Python:
/// <c>@asyncio.coroutine</c> and <c>yield from</c>).
/// </summary>
public static class Generators
{
    extension(IEnumerator<object?> generator)
    {
        /// <summary>
        /// An iterator as a coroutine. It yields a future, task, coroutine or generator,
        /// <c>EventLoop.Delay</c>, <c>EventLoop.Yield</c>, null to give up one turn, <see
        /// cref="Returns.From{T}(Coroutine{T})"/> for the value of a call, or <see
        /// cref="Returns.Value"/> to return.
        /// </summary>
        /// <remarks>On an exception or cancellation only its <c>finally</c> blocks run.</remarks>
        /// <typeparam name="T">The type of its value.</typeparam>
        public Coroutine<T> AsCoroutine<T>()
        {
            ArgumentNullException.ThrowIfNull(generator);
            return new Coroutine<T>(new GeneratorFrame<T>(generator));
        }
    }
}

/// <summary>How a generator returns a value and gets the value of a call.</summary>
/// <example><code>
/// IEnumerator&lt;object?&gt; Twice(int n)
/// {
///     var slow = Returns.From&lt;int&gt;(Slow(n));
///     yield return slow;
///     yield return Returns.Value(2 * slow.Result);
/// }
/// </code></example>
public static class Returns
{
    /// <summary>
    /// Yielded to return from a generator (Python: <c>return x</c>). Any thread.
    /// </summary>
    public static object Value(object? value) => new ReturnedValue(value);

    /// <summary>
    /// Yielded to run a generator in the same task, for its <see cref="Returns{T}.Result"/>
    /// (Python: <c>x = yield from f()</c>). Any thread.
    /// </summary>
    public static Returns<T> From<T>(IEnumerator<object?> generator) =>
        new(generator.AsCoroutine<T>());

    /// <inheritdoc cref="From{T}(IEnumerator{object?})"/>
    public static Returns<T> From<T>(Coroutine<T> coroutine) => new(coroutine);
}

/// <summary>A call by a generator, and then its value.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class Returns<T> : IGeneratorCall
{
    private readonly Coroutine<T> _call;
    private bool _hasResult;

    internal Returns(Coroutine<T> call) => _call = call;

    /// <summary>What the call returned. Loop thread only.</summary>
    /// <exception cref="InvalidFutureStateException">It was not yielded yet.</exception>
    public T Result
    {
        get => _hasResult ? field : throw new InvalidFutureStateException("Result is not set.");
        private set;
    } = default!;

    CoroutineFrame IGeneratorCall.Frame => _call.Frame;

    void IGeneratorCall.TakeOutcome()
    {
        Result = _call.TakeResult();
        _hasResult = true;
    }
}

/// <summary>The item that ends a generator with a value.</summary>
internal sealed record ReturnedValue(object? Value);

/// <summary>The frame of a generator: an iterator that yields what it waits for.</summary>
/// <remarks>
/// Loop thread only. C# cannot throw into an iterator, as Python does: it is disposed of, which
/// runs its <c>finally</c> blocks, and the call ends with the exception. A generator that must
/// survive yields <c>EventLoop.Wait([task])</c>, which does not throw.
/// </remarks>
internal sealed class GeneratorFrame<T>(IEnumerator<object?> generator) : CoroutineFrame<T>
{
    private object? _awaited;

    /// <inheritdoc/>
    public override Type MachineType => generator.GetType();

    /// <inheritdoc/>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2072",
        Justification = "Of a trimmed iterator the state is unknown, which is an answer.")]
    public override int? ReadMachineState() =>
        StateMachineState.Read(generator.GetType(), generator);

    /// <inheritdoc/>
    public override void MoveNext()
    {
        Exception? error = null;
        try
        {
            if (Advance())
            {
                return; // it waits, or another frame runs first
            }
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        try
        {
            generator.Dispose();
        }
        catch (Exception thrown)
        {
            error = thrown; // as in a finally block
        }

        _awaited = null;
        if (error is null)
        {
            Owner!.OnReturned(this);
        }
        else
        {
            Owner!.OnThrew(this, error);
        }
    }

    /// <summary>Runs until it must wait (true) or has returned (false).</summary>
    private bool Advance()
    {
        TakeOutcome();
        while (generator.MoveNext())
        {
            object? item = generator.Current;
            if (item is ReturnedValue returned)
            {
                Result = ValueOf(returned.Value);
                return false;
            }

            _awaited = item;
            if (Suspend(item))
            {
                return true;
            }

            TakeOutcome();
        }

        Result = ValueOf(null);
        return false;
    }

    private bool Suspend(object? item)
    {
        FrameStack task = Owner!;
        switch (item)
        {
            case null:
                task.Resume();
                return true;
            case Future future:
                return Wait(future);
            case IGeneratorCall call:
                return Call(call.Frame);
            case IEnumerator<object?> sub:
                _awaited = Returns.From<object?>(sub);
                return Call(((IGeneratorCall)_awaited).Frame);
            case DelayAwaitable or YieldAwaitable:
                ((ILoopAwaiter)item).OnSuspend(task);
                return true;
            default:
                throw new InvalidOperationException(
                    $"{MethodName} yielded {item}, of type {item.GetType().Name}. A generator " +
                    "can yield a future, a task, a coroutine, another generator, " +
                    "EventLoop.Delay, EventLoop.Yield, Returns.Value, or null to give up " +
                    "one turn.");
        }
    }

    private bool Wait(Future future)
    {
        if (future.IsDone)
        {
            return false;
        }

        if (!OneLoop.CanAwait(future))
        {
            throw OneLoop.MakeMisuse(future);
        }

        future.AddWaiter(Owner!);
        Owner!.SuspendOn(future);
        return true;
    }

    private bool Call(CoroutineFrame frame)
    {
        if (frame.State == FrameState.Cold)
        {
            Owner!.Push(frame);
            return true;
        }

        return false; // misuse: taking the outcome says what is wrong
    }

    /// <summary>Throws if the wait failed.</summary>
    private void TakeOutcome()
    {
        object? awaited = _awaited;
        _awaited = null;
        if (awaited is IGeneratorCall call)
        {
            call.TakeOutcome();
            return;
        }

        Owner!.ThrowIfInterrupted();
        (awaited as Future)?.ThrowUnlessSucceeded();
    }

    private T ValueOf(object? value) => value switch
    {
        T result => result,
        null when default(T) is null || typeof(T) == typeof(Unit) => default!,
        null => throw new InvalidOperationException(
            $"{MethodName} ended without Returns.Value, but a {typeof(T).Name} is expected."),
        _ => throw new InvalidCastException(
            $"{MethodName} returned a {value.GetType().Name}, not a {typeof(T).Name}."),
    };
}
