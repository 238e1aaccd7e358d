using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Reactor.Drivers;

namespace Reactor.Simulation;

/// <summary>
/// A driver without an operating system: time is a number, the network lies in memory, and every
/// misfortune comes from a seed. A test on it takes no real time and can be repeated exactly.
/// </summary>
/// <remarks>
/// <para>
/// Time moves only in <see cref="Poll"/> (and in <see cref="Advance"/>, for tests that drive turns
/// by hand). A poll delivers what is due; if that brought nothing to do, the clock jumps to the
/// earliest of the deadline and the next network event. So a turn takes no time, and a wait takes
/// exactly as long as it says.
/// </para>
/// <para>
/// Two things are real nonetheless. While work is on another thread (an executor) the clock stands
/// still until that thread wakes the loop. And when nothing at all can happen any more, a foreign
/// task may still complete on some thread: the poll waits for that for a bounded real time, then
/// says that the simulation is stuck.
/// </para>
/// <para>
/// A foreign await (a <c>Task</c> of other code) does not hold the clock, as it may itself wait for
/// it: a plain async method does that awaits a delay of the loop. So one that takes real time, such
/// as <c>Task.Delay</c>, ends at an arbitrary virtual moment. The first time that the clock jumps
/// while one is outstanding, the driver reports the task, the place of the await and the remedy:
/// <c>EventLoop.ToThread</c>, or a fake. With <see cref="InMemoryOptions.RejectForeignAwaits"/> it
/// throws.
/// </para>
/// <para>
/// Turns take no time either: a loop that always has something ready never comes to its timers.
/// <see cref="InMemoryOptions.TurnsAtOneMomentMax"/> bounds that.
/// </para>
/// <para>
/// Loop thread only, except <see cref="Now"/>, <see cref="UtcNow"/> and <see cref="Wake"/>; while
/// the loop does not run, a test's thread may call everything. The network belongs to this driver:
/// both ends of a connection live on its loop, or one of them in a test's hand
/// (<see cref="ConnectPeer"/>).
/// </para>
/// </remarks>
public sealed class InMemoryDriver : LoopDriver
{
    private readonly InMemoryOptions _options;
    private readonly ManualResetEventSlim _wake = new();
    private readonly FaultDice _dice;
    private readonly StandingClock _standing;
    private long _nowTicks;
    private int _workElsewhere;
    private bool _hasNews;

    /// <summary>A driver with a clock at zero and an empty network.</summary>
    /// <param name="options">Null: the defaults, with a fresh seed.</param>
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
        _dice = new FaultDice(Seed) { Plan = _options.Faults };
        _standing = new StandingClock(_options);
        Network = new InMemoryNetwork(this, _dice, _options);
    }

    /// <inheritdoc/>
    public override string Name => "in-memory";

    /// <inheritdoc/>
    public override TimeSpan Now => TimeSpan.FromTicks(Volatile.Read(ref _nowTicks));

    /// <inheritdoc/>
    /// <remarks>
    /// <see cref="DateTimeOffset.MaxValue"/> once the clock has left the year 9999.
    /// </remarks>
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

    /// <summary>
    /// None: virtual moments are exact, and a timer fires at its moment to the tick.
    /// </summary>
    public override TimeSpan Resolution => TimeSpan.Zero;

    /// <inheritdoc/>
    public override Random Random { get; }

    /// <summary>
    /// Where the random numbers come from; give it to a new driver to see the same again.
    /// </summary>
    public int Seed { get; }

    /// <summary>The misfortunes from now on; what is under way already is not changed.</summary>
    public FaultPlan Faults
    {
        get => _dice.Plan;
        set => _dice.Plan = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>
    /// Sockets that the application was given and has not closed; peers do not count.
    /// </summary>
    public int OpenSockets => Network.OpenSockets;

    /// <summary>Listeners that are open.</summary>
    public int OpenListeners => Network.ListenerCount;

    /// <summary>Network events that were not delivered yet.</summary>
    public int PendingEvents => Network.EventCount;

    internal InMemoryNetwork Network { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The simulation is stuck: nothing will ever happen.
    /// </exception>
    public override void Poll(TimeSpan? deadline)
    {
        _hasNews = false;
        Network.Descriptors.PostReady();
        Network.DeliverDue();
        if (_standing.IsOver(Now, Volatile.Read(ref _workElsewhere) > 0))
        {
            throw IsSpinning();
        }

        while (!_hasNews && !_wake.IsSet && !(deadline <= Now))
        {
            TimeSpan? next = Earlier(deadline, Network.NextEvent);
            if (Volatile.Read(ref _workElsewhere) > 0)
            {
                if (WaitForWake(_options.WorkElsewhereMax))
                {
                    break;
                }
            }
            else if (next is null && WaitForWake(_options.StallMax))
            {
                break;
            }

            JumpTo(next ?? throw IsStuck());
            Network.DeliverDue();
        }

        // Before the loop looks into its mailbox: a letter that comes later signals anew.
        _wake.Reset();
    }

    /// <inheritdoc/>
    public override void Wake() => _wake.Set();

    /// <inheritdoc/>
    public override void NoteWorkElsewhere(int change) =>
        Interlocked.Add(ref _workElsewhere, change);

    /// <summary>
    /// Moves the clock by hand, and nothing else: the next poll delivers what has fallen due, in
    /// order, at the new time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The clock does not go back.</exception>
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
    public override DriverConnect Connect(EndPoint endPoint) => Connect(endPoint, null);

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new InMemoryConnect(this, endPoint, localEndPoint);
    }

    /// <summary>
    /// Opens a descriptor that stands for a pipe, a device or a foreign library's socket: a test
    /// says when it is ready, and the loop can watch it.
    /// </summary>
    public InMemoryDescriptor OpenDescriptor() => Network.Descriptors.Open(isSocket: false);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The descriptor was not opened by this driver.
    /// </exception>
    public override DriverWatch Watch(
        SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Network.Descriptors.Watch(handle, onReadable, onWritable);
    }

    /// <summary>
    /// Connects a client that a test holds in its hand. The connection is made in the next poll;
    /// what is sent before that follows it.
    /// </summary>
    public InMemoryPeer ConnectPeer(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new InMemoryPeer(Network, endPoint);
    }

    /// <summary>
    /// Makes the next accepts fail, also where no client waits to be accepted. An error that is the
    /// client's fault costs the client its connection, see <see cref="FaultPlan.AcceptErrors"/>.
    /// </summary>
    /// <param name="error">What the accepts say.</param>
    /// <param name="count">How many of them.</param>
    public void FailNextAccepts(SocketError error, int count = 1) =>
        Network.FailNextAccepts(error, count);

    /// <inheritdoc/>
    internal override void Attach(CoroutineScheduler scheduler)
    {
        base.Attach(scheduler);
        scheduler.ForeignWaits = new ForeignWaits();
    }

    /// <summary>Posts the waiter of an operation that has ended.</summary>
    internal void Deliver(LoopWork waiter)
    {
        _hasNews = true;
        Scheduler.Post(waiter);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Network.Descriptors.CloseWatches();
            Network.DropEvents();
            _wake.Dispose();
        }

        base.Dispose(disposing);
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    private bool WaitForWake(TimeSpan realTimeMax) => _wake.Wait(realTimeMax);

    private void JumpTo(TimeSpan moment)
    {
        if (moment > Now && Scheduler.ForeignWaits?.Describe() is { } waiting)
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

            Scheduler.ForeignWaits = null; // once: the next ones need no record
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
        $"{OpenListeners}, work on other threads: {_workElsewhere}, seed: {Seed}."));
}
