using System.Diagnostics;

namespace Reactor;

/// <summary>
/// A block with a deadline (asyncio: <c>timeout</c>, <c>timeout_at</c>). At the deadline its task
/// is cancelled; at the block's end that cancellation becomes a <see cref="TimeoutException"/>.
/// </summary>
/// <remarks>
/// Loop thread only. A cancellation from outside and other exceptions pass unchanged. A foreign
/// await cannot be interrupted: it times out at its end. A block that caught the cancellation has
/// ended well, as in asyncio. The block is a delegate, because <c>await using</c> can neither see
/// nor replace an exception.
/// </remarks>
public sealed class TimeoutScope : ITokenScope
{
    private readonly ILoopTask _task;
    private readonly Trampoline _step;
    private readonly CoroutineScheduler _scheduler;
    private readonly int _cancellingBefore;
    private readonly bool _wasCancelPending;
    private readonly ITokenScope? _outer;
    private Deadline? _deadline;
    private ScopeState _state;

    private TimeoutScope(TimeSpan? when)
    {
        _scheduler = LoopAwaits.Scheduler;
        _task = LoopTask.Current ?? throw new InvalidOperationException(
            "A time-out can only be used inside a task.");
        _step = (Trampoline)_scheduler.RunningStep!;
        _cancellingBefore = _task.Cancelling;
        _wasCancelPending = _step.IsCancelPending;
        _outer = _step.Cancellation.Scope;
        Book(when);
    }

    private enum ScopeState
    {
        Entered,
        Expiring,
        Expired,
        Finished,
    }

    /// <summary>
    /// The deadline on the loop's clock; null: none (asyncio: <c>Timeout.when</c>).
    /// </summary>
    public TimeSpan? When { get; private set; }

    /// <summary>True if the deadline came before the block's end.</summary>
    public bool Expired => _state is ScopeState.Expiring or ScopeState.Expired;

    ITokenScope? ITokenScope.Outer => _outer;

    int ITokenScope.CancelRequestsBefore => _cancellingBefore;

    OwnToken? ITokenScope.Token { get; set; }

    /// <summary>Runs a block that must end within a time (asyncio: <c>timeout</c>).</summary>
    /// <typeparam name="T">The type of the block's result.</typeparam>
    /// <param name="delay">
    /// Null or <see cref="Timeout.InfiniteTimeSpan"/>: no limit. Zero or less expires at the first
    /// suspension. Infinite is exactly -1 ms: clamp a computed remainder at zero.
    /// </param>
    /// <param name="body">The block; gets the scope.</param>
    /// <exception cref="TimeoutException">The time was over before the block.</exception>
    public static Coroutine<T> Run<T>(TimeSpan? delay, Func<TimeoutScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunCore(delay, isDelay: true, body);
    }

    /// <inheritdoc cref="Run{T}(TimeSpan?, Func{TimeoutScope, Coroutine{T}})"/>
    public static Coroutine Run(TimeSpan? delay, Func<TimeoutScope, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Coroutine(RunCore(delay, isDelay: true, scope => body(scope).Call));
    }

    /// <summary>
    /// Runs a block that must end before a moment of the loop's clock (asyncio: <c>timeout_at</c>).
    /// </summary>
    /// <typeparam name="T">The type of the block's result.</typeparam>
    /// <param name="when">
    /// The deadline; null: none. A past one expires at the first suspension.
    /// </param>
    /// <param name="body">The block; gets the scope.</param>
    /// <exception cref="TimeoutException">The deadline came before the block's end.</exception>
    public static Coroutine<T> RunUntil<T>(TimeSpan? when, Func<TimeoutScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RunCore(when, isDelay: false, body);
    }

    /// <inheritdoc cref="RunUntil{T}(TimeSpan?, Func{TimeoutScope, Coroutine{T}})"/>
    public static Coroutine RunUntil(TimeSpan? when, Func<TimeoutScope, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new Coroutine(RunCore(when, isDelay: false, scope => body(scope).Call));
    }

    /// <summary>Sets another deadline (asyncio: <c>Timeout.reschedule</c>).</summary>
    /// <param name="when">On the loop's clock; null: none.</param>
    /// <exception cref="InvalidOperationException">The scope has expired or ended.</exception>
    public void Reschedule(TimeSpan? when)
    {
        if (_state != ScopeState.Entered)
        {
            throw new InvalidOperationException(
                $"Cannot change a time-out that is {_state.ToString().ToLowerInvariant()}.");
        }

        Book(when);
    }

    /// <summary>State and deadline, for people.</summary>
    public override string ToString() => _state == ScopeState.Entered
        ? $"<TimeoutScope [active] when={When?.ToString() ?? "none"}>"
        : $"<TimeoutScope [{_state.ToString().ToLowerInvariant()}]>";

    private static async Coroutine<T> RunCore<T>(
        TimeSpan? limit, bool isDelay, Func<TimeoutScope, Coroutine<T>> body)
    {
        TimeSpan? when = !isDelay ? limit
            : TimeLimit.OrNull(limit) is { } delay ? LoopAwaits.Scheduler.MomentAfter(delay)
            : null;
        var scope = new TimeoutScope(when);
        T result;
        try
        {
            scope._step.Cancellation.Scope = scope;
            result = await body(scope);
        }
        catch (Exception error)
        {
            Exception seen = scope._step.AsCancellation(error);
            scope.Leave(seen);
            if (ReferenceEquals(seen, error))
            {
                throw;
            }

            throw seen; // the token has no meaning outside the block
        }

        scope.Leave(null);
        return result;
    }

    private void Book(TimeSpan? when)
    {
        When = when;
        _deadline?.Cancel(_scheduler);
        _deadline = null;
        if (when is not { } moment)
        {
            return;
        }

        _deadline = new Deadline(this);
        if (moment <= _scheduler.Time)
        {
            _scheduler.Post(_deadline);
        }
        else
        {
            _scheduler.Arm(_deadline, moment);
        }
    }

    private void Expire()
    {
        Debug.Assert(_state == ScopeState.Entered, "a scope that ended has no deadline");
        _state = ScopeState.Expiring;
        _deadline = null;
        CancelChain.Send(_step, null, this);
    }

    private void Leave(Exception? error)
    {
        _step.Cancellation.Scope = _outer;
        _deadline?.Cancel(_scheduler);
        _deadline = null;
        if (_state == ScopeState.Entered)
        {
            _state = ScopeState.Finished;
            return;
        }

        _state = ScopeState.Expired;
        bool isUndelivered = error is null && _step.IsCancelPending;
        if (_task.Uncancel() > _cancellingBefore)
        {
            return; // the task was also cancelled from outside
        }

        if (isUndelivered && !_wasCancelPending)
        {
            // In the cleanup of a cancelled task the count is not zero: the next await would throw.
            _step.Cancellation.DropPending();
        }

        if (isUndelivered || error is LoopCanceledException)
        {
            throw new TimeoutException("The block took longer than its time-out.", error);
        }
    }

    private sealed class Deadline(TimeoutScope scope) : LoopWork
    {
        private TimeoutScope? _scope = scope;

        public void Cancel(CoroutineScheduler scheduler)
        {
            _scope = null; // it may be in the ready queue
            scheduler.Disarm(this);
        }

        /// <inheritdoc/>
        public override void Run() => _scope?.Expire();
    }
}
