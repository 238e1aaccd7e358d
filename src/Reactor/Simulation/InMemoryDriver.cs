using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Reactor.Drivers;

namespace Reactor.Simulation;

/// <summary>
/// A driver without an operating system: a virtual clock, a network in memory, and faults from a
/// seed. Tests on it take no real time and are exactly reproducible.
/// </summary>
/// <remarks>
/// <para>
/// Time moves only in <see cref="Poll"/> and <see cref="Advance"/>. A poll delivers due events; if
/// nothing became ready, the clock jumps to the deadline or the next network event.
/// </para>
/// <para>
/// The clock stands while work is on an executor. What executors have done arrives in the order in
/// which it was sent, each when nothing else is left to do at that moment: the speed of threads is
/// no part of a run. When nothing can happen any more, the poll waits a bounded real time for a
/// foreign task, then throws.
/// </para>
/// <para>
/// A foreign await (a <c>Task</c> of other code) does not hold the clock, because it may itself
/// wait for the loop; it ends at an arbitrary virtual time. The first jump during one is reported,
/// or throws with <see cref="InMemoryOptions.RejectForeignAwaits"/>.
/// </para>
/// <para>
/// Turns take no time (<see cref="InMemoryOptions.TurnsAtOneMomentMax"/>).
/// </para>
/// <para>
/// Loop thread only, except <see cref="Now"/>, <see cref="UtcNow"/> and <see cref="Wake"/>; while
/// the loop does not run, a test may call everything.
/// </para>
/// </remarks>
public sealed class InMemoryDriver : LoopDriver
{
    private readonly InMemoryOptions _options;
    private readonly OtherThreads _threads;
    private readonly FaultDice _dice;
    private readonly StandingClock _standing;
    private readonly Queue<LoopWork> _quiet = new();
    private long _nowTicks;
    private bool _hasNews;

    /// <summary>Creates a driver with the clock at zero and an empty network.</summary>
    /// <param name="options">Null for the defaults, with a fresh seed.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public InMemoryDriver(InMemoryOptions? options = null)
    {
        _options = options ?? new InMemoryOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.WindowBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(_options.SendBufferBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.WindowStepBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            _options.WindowStepBytes, _options.WindowBytes);
        Seed = _options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        Random = new Random(Seed);
        _dice = new FaultDice(Seed, _options, () => Now);
        _standing = new StandingClock(_options);
        _threads = new OtherThreads(_options);
        Network = new InMemoryNetwork(this, _dice, _options);
    }

    /// <inheritdoc/>
    public override string Name => "in-memory";

    /// <inheritdoc/>
    public override TimeSpan Now => TimeSpan.FromTicks(Volatile.Read(ref _nowTicks));

    /// <inheritdoc/>
    /// <remarks><see cref="DateTimeOffset.MaxValue"/> after the year 9999.</remarks>
    public override DateTimeOffset UtcNow
    {
        get
        {
            DateTime start = _options.StartUtc.UtcDateTime;
            return Now > DateTime.MaxValue - start
                ? DateTimeOffset.MaxValue
                : new DateTimeOffset(start + Now);
        }
    }

    /// <summary>Zero: timers fire exactly at their time.</summary>
    public override TimeSpan Resolution => TimeSpan.Zero;

    /// <inheritdoc/>
    public override Random Random { get; }

    /// <summary>The seed of the random numbers; the same seed repeats a run.</summary>
    public int Seed { get; }

    /// <summary>
    /// The chances of future faults; without effect on a run with
    /// <see cref="InMemoryOptions.OnlyFaults"/>.
    /// </summary>
    public FaultPlan Faults
    {
        get => _dice.Plan;
        set => _dice.Plan = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Open sockets of the application; peers do not count.</summary>
    public int OpenSockets => Network.OpenSockets;

    /// <summary>Number of open listeners.</summary>
    public int OpenListeners => Network.ListenerCount;

    /// <summary>Number of undelivered network events.</summary>
    public int PendingEvents => Network.EventCount;

    /// <summary>Number of functions on executors whose results have not arrived.</summary>
    internal int WorkElsewhere => _threads.WorkElsewhere;

    /// <inheritdoc cref="OtherThreads.HasPassedWork"/>
    internal bool HasPassedWork => _threads.HasPassedWork;

    /// <inheritdoc cref="OtherThreads.IsAwaited"/>
    internal Func<bool>? IsAwaited
    {
        set => _threads.IsAwaited = value;
    }

    internal InMemoryNetwork Network { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// Nothing can happen any more, or the clock stands for too many turns.
    /// </exception>
    public override void Poll(TimeSpan? deadline)
    {
        _hasNews = false;
        Network.Descriptors.PostReady();
        Network.DeliverDue();
        if (_standing.IsOver(Now, _threads.WorkElsewhere > 0))
        {
            throw IsSpinning();
        }

        if (deadline <= Now)
        {
            _threads.PassBy();
        }

        while (!_hasNews && !_threads.IsWoken && !(deadline <= Now))
        {
            TimeSpan? next = Earlier(deadline, Network.NextEvent);
            if (_threads.TryReceive(isStuck: next is null && _quiet.Count == 0) || TryPostQuiet())
            {
                break;
            }

            JumpTo(next ?? throw IsStuck());
            Network.DeliverDue();
        }

        _threads.EndPoll();
    }

    /// <inheritdoc/>
    public override void Wake() => _threads.Wake();

    /// <inheritdoc/>
    public override void NoteWorkElsewhere(int change) => _threads.NoteWorkElsewhere(change);

    /// <inheritdoc/>
    internal override void OnJobSent(LoopWork job) => _threads.OnJobSent(job);

    /// <inheritdoc/>
    internal override void OnJobGivenUp(LoopWork job) => _threads.OnJobGivenUp(job);

    /// <inheritdoc/>
    internal override void BringBack(LoopWork job, CoroutineScheduler loop) =>
        _threads.BringBack(job, loop);

    /// <summary>
    /// Moves the clock; the next poll delivers due events in order, at the new time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    public void Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        MoveTo(CoroutineScheduler.MomentAfter(Now, duration));
    }

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        return Network.Listen(endPoint, options.Backlog);
    }

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new InMemoryConnect(this, endPoint, localEndPoint);
    }

    /// <summary>
    /// Opens a foreign descriptor, such as a pipe, whose readiness a test sets and the loop can
    /// watch.
    /// </summary>
    public InMemoryDescriptor OpenDescriptor() => Network.Descriptors.Open(isSocket: false);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The descriptor was not opened by this driver.
    /// </exception>
    public override DriverWatch Watch(SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Network.Descriptors.Watch(handle, onReadable, onWritable);
    }

    /// <summary>
    /// Connects a client that the test controls. The next poll makes the connection; bytes sent
    /// earlier follow it.
    /// </summary>
    public InMemoryPeer ConnectPeer(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new InMemoryPeer(Network, endPoint);
    }

    /// <summary>
    /// Makes the next accepts fail, even without waiting clients. An error caused by the client
    /// ends its connection, see <see cref="FaultPlan.AcceptErrors"/>.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="count">The number of accepts.</param>
    public void FailNextAccepts(SocketError error, int count = 1) =>
        Network.FailNextAccepts(error, count);

    /// <inheritdoc/>
    protected internal override void Attach(CoroutineScheduler scheduler)
    {
        base.Attach(scheduler);
        scheduler.ForeignWaits = new ForeignWaits();
    }

    /// <summary>
    /// Queues work once nothing is left to do at this moment: nothing is ready, no event or timer
    /// is due, and no work is on an executor. The clock jumps after that.
    /// </summary>
    internal void PostWhenQuiet(LoopWork work) => _quiet.Enqueue(work);

    internal void Deliver(LoopWork waiter)
    {
        // A decorator waits in place of the loop, to which a completion without waiters is no news.
        _hasNews |= waiter is not CompletionRelay { HasWaiters: false };
        Scheduler.Post(waiter);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Network.Descriptors.CloseWatches();
            Network.DropEvents();
            _threads.Dispose();
        }

        base.Dispose(disposing);
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    private bool TryPostQuiet()
    {
        bool isAny = false;
        while (_quiet.TryDequeue(out LoopWork? work))
        {
            Scheduler.Post(work);
            isAny = true;
        }

        return isAny;
    }

    private void JumpTo(TimeSpan moment)
    {
        if (Scheduler.ForeignWaits is { OnAbandoned: not null } noted)
        {
            noted.NoteJump(Now);
        }
        else if (moment > Now && Scheduler.ForeignWaits?.Describe() is { } waiting)
        {
            string message = string.Create(
                CultureInfo.InvariantCulture,
                $"The virtual clock jumps from {Now} to {moment} while {waiting}, which is foreign "
                + $"to the loop. If that takes real time, it ends at an arbitrary virtual moment: "
                + $"run it with EventLoop.ToThread, which holds the clock, or replace it by a fake "
                + $"that waits on the loop.");
            if (_options.RejectForeignAwaits)
            {
                throw new InvalidOperationException(message);
            }

            Scheduler.ForeignWaits = null; // report once
            Scheduler.Report(new LoopErrorContext { Message = message });
        }

        MoveTo(moment);
    }

    private void MoveTo(TimeSpan moment)
    {
        if (moment > Now)
        {
            Volatile.Write(ref _nowTicks, moment.Ticks);
        }
    }

    private InvalidOperationException IsSpinning() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The simulation does not get on: the virtual clock stands at {Now} since "
        + $"{_options.TurnsAtOneMomentMax} turns or more, because something is always ready. A "
        + $"task that polls with Yield() waits for no timer: await a future or an event, or poll "
        + $"with Delay(). Ready now: {Scheduler.DescribeReady()}. Seed: {Seed}."));

    private InvalidOperationException IsStuck() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Deadlock in the simulation: nothing will ever happen. At {Now} of virtual time no " +
        $"timer is armed and no network event is under way, and no thread has woken the loop " +
        $"meanwhile ({_options.StallMax} of real time; with work on other threads " +
        $"{_options.WorkElsewhereMax}). Open sockets: {OpenSockets}, listeners: " +
        $"{OpenListeners}, work on other threads: {WorkElsewhere}, seed: {Seed}."));
}
