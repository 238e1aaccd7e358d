using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// What an <c>async Coroutine&lt;T&gt;</c> method returns: the call itself, not yet begun (asyncio:
/// a coroutine object). Await it once, or make it concurrent with <c>loop.CreateTask</c>.
/// </summary>
/// <remarks>
/// It is cold: calling the method runs nothing. Awaiting it runs it in the same task, without
/// passing through the loop. A second await throws.
/// </remarks>
/// <typeparam name="T">The type of the result.</typeparam>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder<>))]
public readonly struct Coroutine<T> : IEquatable<Coroutine<T>>, ICoroutine, IGeneratorCall
{
    private readonly CoroutineFrame<T>? _frame;
    private readonly int _ticket;

    internal Coroutine(CoroutineFrame<T> frame)
    {
        _frame = frame;
        _ticket = frame.Ticket;
    }

    /// <summary>The frame of this call, as long as it is this call's.</summary>
    internal CoroutineFrame<T> Frame
    {
        [StackTraceHidden]
        get => AnyFrame.Ticket == _ticket ? _frame! : throw CoroutineFrame<T>.MakeReuse();
    }

    /// <summary>Which call this is, whatever its frame is by now.</summary>
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

    /// <inheritdoc/>
    public bool Equals(Coroutine<T> other) =>
        ReferenceEquals(_frame, other._frame) && _ticket == other._ticket;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Coroutine<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_frame, _ticket);

    /// <summary>True if both are the same call.</summary>
    public static bool operator ==(Coroutine<T> left, Coroutine<T> right) => left.Equals(right);

    /// <summary>True if they are different calls.</summary>
    public static bool operator !=(Coroutine<T> left, Coroutine<T> right) => !left.Equals(right);
}

/// <summary>A coroutine without a result; see <see cref="Coroutine{T}"/>.</summary>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder))]
public readonly struct Coroutine : IEquatable<Coroutine>, ICoroutine, IGeneratorCall
{
    internal Coroutine(Coroutine<Unit> call) => Call = call;

    internal Coroutine<Unit> Call { get; }

    CoroutineFrame IGeneratorCall.Frame => Call.Frame;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public CoroutineAwaiter GetAwaiter() => new(Call.GetAwaiter());

    void IGeneratorCall.TakeOutcome() => Call.TakeResult();

    /// <summary>The name of the method that was called.</summary>
    public override string ToString() => Call.ToString();

    /// <inheritdoc/>
    public bool Equals(Coroutine other) => Call.Equals(other.Call);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Coroutine other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Call.GetHashCode();

    /// <summary>True if both are the same call.</summary>
    public static bool operator ==(Coroutine left, Coroutine right) => left.Equals(right);

    /// <summary>True if they are different calls.</summary>
    public static bool operator !=(Coroutine left, Coroutine right) => !left.Equals(right);
}

/// <summary>
/// What <see cref="Coroutine"/> and <see cref="Coroutine{T}"/> have in common: being the call of a
/// coroutine method. Where a callback is wanted, the compiler refuses it by this mark.
/// </summary>
public interface ICoroutine;

/// <summary>
/// The value of what has no value: the result of a coroutine that returns nothing.
/// </summary>
public readonly record struct Unit;
