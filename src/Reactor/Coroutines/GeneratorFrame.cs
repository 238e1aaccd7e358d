using System.Diagnostics.CodeAnalysis;

namespace Reactor;

/// <summary>
/// One activation of a generator coroutine, as coroutines were written before async/await: an
/// iterator that yields what it waits for. On the stack of a task it is a frame like any other, so
/// either kind can call the other.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// Python throws the exception of what was yielded into the generator, which may catch it. Nothing
/// can be thrown into a C# iterator. So the iterator is disposed of, which runs its <c>finally</c>
/// blocks, and the call ends with the exception; for a cancellation the same. A generator that
/// wants to survive yields <c>EventLoop.Wait([task])</c>, which never throws, and looks at the
/// task.
/// </para>
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
            error = thrown; // as in any finally block, the later exception wins
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

    /// <summary>Runs the generator until it must wait (true) or has returned (false).</summary>
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

    /// <summary>Waits for an item; false if that takes no time.</summary>
    private bool Suspend(object? item)
    {
        Trampoline task = Owner!;
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

        if (!future.CanBeAwaitedHere())
        {
            throw FutureAwaiter<T>.MisuseOf(future);
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

    /// <summary>The wait is over: throws what ended it, if that was no success.</summary>
    private void TakeOutcome()
    {
        object? awaited = _awaited;
        _awaited = null;
        switch (awaited)
        {
            case IGeneratorCall call:
                call.TakeOutcome();
                break;
            case Future future:
                Owner!.ThrowIfInterrupted();
                future.ThrowUnlessSucceeded();
                break;
            default:
                Owner!.ThrowIfInterrupted();
                break;
        }
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
