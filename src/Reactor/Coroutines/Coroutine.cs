using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// What an <c>async Coroutine&lt;T&gt;</c> method returns: a call that has not begun (asyncio: a
/// coroutine object). Await it once, which runs it in the same task and turn, or make it a task
/// with <c>loop.CreateTask</c>.
/// </summary>
/// <typeparam name="T">The type of the result.</typeparam>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder<>))]
public readonly record struct Coroutine<T> : ICoroutine, IGeneratorCall
{
    private readonly CoroutineFrame<T>? _frame;
    private readonly int _ticket;

    internal Coroutine(CoroutineFrame<T> frame)
    {
        _frame = frame;
        _ticket = frame.Ticket;
    }

    internal CoroutineFrame<T> Frame
    {
        [StackTraceHidden]
        get => AnyFrame.Ticket == _ticket ? _frame! : throw CoroutineFrame<T>.MakeReuse();
    }

    internal (CoroutineFrame Frame, int Ticket) Key => (AnyFrame, _ticket);

    CoroutineFrame IGeneratorCall.Frame => Frame;

    private CoroutineFrame<T> AnyFrame => _frame ?? throw new InvalidOperationException(
        "This is the default value of Coroutine, not the call of a coroutine method.");

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public CoroutineAwaiter<T> GetAwaiter() => new(Frame);

    /// <inheritdoc cref="CoroutineFrame.Discard"/>
    internal void Discard()
    {
        if (AnyFrame.Ticket == _ticket)
        {
            AnyFrame.Discard();
        }
    }

    [StackTraceHidden]
    internal T TakeResult() => Frame.TakeResult();

    void IGeneratorCall.TakeOutcome() => TakeResult();

    /// <summary>The name of the method that was called.</summary>
    public override string ToString() => $"<Coroutine {_frame?.MethodName ?? "(none)"}>";
}

/// <summary>A coroutine without a result; see <see cref="Coroutine{T}"/>.</summary>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder))]
public readonly record struct Coroutine : ICoroutine, IGeneratorCall
{
    internal Coroutine(Coroutine<Unit> call) => Call = call;

    internal Coroutine<Unit> Call { get; }

    CoroutineFrame IGeneratorCall.Frame => Call.Frame;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public CoroutineAwaiter GetAwaiter() => new(Call.GetAwaiter());

    void IGeneratorCall.TakeOutcome() => Call.TakeResult();

    /// <summary>The name of the method that was called.</summary>
    public override string ToString() => Call.ToString();
}

/// <summary>Marks both types of coroutines; overloads that take callbacks reject it.</summary>
public interface ICoroutine;
