using System.Net;
using Reactor.Drivers;

namespace Reactor.Testing;

/// <summary>One call of a poll: when it was, and how long it might have waited.</summary>
/// <param name="At">The clock when it was called.</param>
/// <param name="Deadline">What the loop asked for; null: for ever.</param>
public readonly record struct PollCall(TimeSpan At, TimeSpan? Deadline)
{
    /// <summary>True if the loop asked not to wait.</summary>
    public bool IsWithoutWait => Deadline <= At;
}

/// <summary>
/// A driver whose clock jumps to each deadline, and that keeps a record of what the loop asked of
/// it. It has no network; what a network would complete is handed in with
/// <see cref="CompleteInNextPoll"/>.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="Now"/> and <see cref="Wake"/>. A poll without a deadline, or
/// with work under way on another thread, waits really, because only another thread can end it;
/// after five seconds it throws, so that no test hangs.
/// </remarks>
public sealed class ManualDriver : LoopDriver
{
    private static readonly TimeSpan s_stuckAfter = TimeSpan.FromSeconds(5);
    private readonly Queue<Action> _completions = new();
    private readonly ManualResetEventSlim _isWoken = new();
    private readonly ManualResetEventSlim _isWaiting = new();
    private readonly List<PollCall> _polls = [];
    private long _nowTicks;
    private int _workElsewhere;

    /// <inheritdoc/>
    public override string Name => "manual";

    /// <inheritdoc/>
    public override TimeSpan Now => new(Interlocked.Read(ref _nowTicks));

    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + Now;

    /// <inheritdoc/>
    public override TimeSpan Resolution => Grain;

    /// <summary>
    /// What <see cref="Resolution"/> says. Default zero: virtual moments are exact.
    /// </summary>
    public TimeSpan Grain { get; set; }

    /// <inheritdoc/>
    public override bool IsPollCostly => IsCostly;

    /// <summary>
    /// What <see cref="IsPollCostly"/> says; set it before the loop is made. Default false.
    /// </summary>
    public bool IsCostly { get; init; }

    /// <summary>
    /// How far one poll that waits moves the clock at most: less than the deadline makes a poll
    /// that returns for no reason, which every driver may.
    /// </summary>
    public TimeSpan StepMax { get; set; } = TimeSpan.MaxValue;

    /// <inheritdoc/>
    public override Random Random { get; } = new(1);

    /// <summary>How often the loop polled: the number of its turns.</summary>
    public int PollCount { get; private set; }

    /// <summary>False keeps no record, for tests that count bytes.</summary>
    public bool KeepsRecord { get; set; } = true;

    /// <summary>What the loop asked for, in order.</summary>
    public IReadOnlyList<PollCall> Polls => _polls;

    /// <summary>What the loop asked for last.</summary>
    public PollCall LastPoll => _polls[^1];

    /// <summary>True once the loop has closed the driver.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Moves the clock by hand.</summary>
    public void Advance(TimeSpan duration) => Interlocked.Add(ref _nowTicks, duration.Ticks);

    /// <summary>
    /// Runs <paramref name="complete"/> inside the next poll, which does not wait then: the place
    /// where a network driver posts whoever waited for an operation.
    /// </summary>
    public void CompleteInNextPoll(Action complete) => _completions.Enqueue(complete);

    /// <summary>
    /// Waits until the loop waits in a poll that only <see cref="Wake"/> can end. Any thread.
    /// </summary>
    public void WaitUntilLoopWaits()
    {
        if (!_isWaiting.Wait(s_stuckAfter))
        {
            throw new TimeoutException("The loop never waited in a poll.");
        }
    }

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline)
    {
        PollCount++;
        if (KeepsRecord)
        {
            _polls.Add(new PollCall(Now, deadline));
        }

        if (_completions.Count > 0)
        {
            while (_completions.TryDequeue(out Action? complete))
            {
                complete();
            }

            return;
        }

        if (!_isWoken.IsSet && !(deadline <= Now))
        {
            WaitUntil(deadline);
        }

        // Before the loop looks into its mailbox: a letter that comes later wakes it anew.
        _isWoken.Reset();
    }

    /// <inheritdoc/>
    public override void Wake() => _isWoken.Set();

    /// <inheritdoc/>
    public override void NoteWorkElsewhere(int change) => _workElsewhere += change;

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options) =>
        throw new NotSupportedException("The manual driver has no network.");

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null) =>
        throw new NotSupportedException("The manual driver has no network.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void WaitUntil(TimeSpan? deadline)
    {
        if (deadline is { } moment && _workElsewhere == 0)
        {
            TimeSpan step = moment - Now;
            Advance(step < StepMax ? step : StepMax);
            return;
        }

        _isWaiting.Set();
        bool isWoken = _isWoken.Wait(s_stuckAfter);
        _isWaiting.Reset();
        if (!isWoken)
        {
            throw new TimeoutException("The loop waits for ever: nothing has woken it.");
        }
    }
}
