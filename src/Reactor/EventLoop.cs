using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// One thread, one loop: callbacks, timers, tasks and I/O, in turns (asyncio:
/// <c>AbstractEventLoop</c>).
/// </summary>
/// <remarks>
/// <para>One turn, and nothing else ever runs user code:</para>
/// <list type="number">
/// <item>purge the timers that were cancelled;</item>
/// <item>poll: wait for I/O, a wake-up or the next deadline, no longer than that;</item>
/// <item>queue what I/O completed, then what other threads posted;</item>
/// <item>queue the timers that are due, in the order (when, sequence);</item>
/// <item>run exactly the work that was ready when the batch began. What it posts runs in the next
/// turn, after another poll, so no chain of callbacks can starve I/O.</item>
/// </list>
/// <para>Loop thread only, except <c>CallSoonThreadSafe</c>, <see cref="Time"/>,
/// <see cref="Tasks"/>, <see cref="PostThreadSafe"/> and <see cref="Report"/>; debug mode
/// checks it while the loop runs.</para>
/// </remarks>
public sealed partial class EventLoop : CoroutineScheduler, IDisposable
{
    private readonly ReadyQueue _ready = new();
    private readonly LoopTimers _timers;
    private readonly Mailbox _mailbox = new();
    private readonly LoopLedger _ledger;
    private readonly LoopMeter _meter;
    private readonly LoopSynchronizationContext _synchronizationContext;
    private readonly EventLoopOptions _options;
    private readonly ILogger _logger;
    private readonly DebugMode _debug;
    private readonly PollBudget? _pollBudget;
    private RunScope? _scope;
    private TimeSpan? _turnTime; // null: not read since this turn began
    private bool _isStopping;

    /// <summary>Makes a loop. It does nothing until it is run.</summary>
    public EventLoop(EventLoopOptions? options = null)
    {
        _options = options ?? new EventLoopOptions();
        _logger = LogQueue.Wrap(_options.LoggerFactory, "Reactor.EventLoop");
        _synchronizationContext = new LoopSynchronizationContext(this);
        _debug = new DebugMode(this, _logger, _synchronizationContext)
        {
            SlowCallbackDuration = _options.SlowCallbackDuration,
            IsOn = _options.Debug,
        };
        Driver = _options.Driver ?? new SocketsDriver();
        Driver.Attach(this);
        _pollBudget = Driver.IsPollCostly
            ? new PollBudget(Driver, _options.PollSkipsMax, _options.PollSkipTimeMax)
            : null;
        _ledger = new LoopLedger(this);
        _meter = new LoopMeter(this, _ready, BlockWatch.Of(this, _logger));
        _timers = new LoopTimers(this, _options.PollMax);
        TimeProvider = new LoopTimeProvider(this);
    }

    /// <summary>Reports a loop that was forgotten.</summary>
    ~EventLoop()
    {
        // The last member that the constructor sets: a loop that was never made is not forgotten.
        if (!IsClosed && TimeProvider is not null)
        {
            LoopLog.Unclosed(_logger, _options.Name);
        }
    }

    /// <summary>
    /// The loop that runs on this thread (asyncio: <c>get_running_loop</c>). Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public static new EventLoop Current => TryGetCurrent() ?? throw new InvalidOperationException(
        "No event loop runs on this thread.");

    /// <summary>The driver under this loop.</summary>
    public LoopDriver Driver { get; }

    /// <inheritdoc/>
    public override TimeSpan Time => Driver.Now;

    /// <summary>
    /// One moment for the whole turn that runs now, for deadlines and dates to which the length of
    /// a turn is nothing: its beginning, after the poll, if the loop read the clock there (timers
    /// are armed, or the poll could wait), else the first time that this is asked for in the turn.
    /// Loop thread only.
    /// </summary>
    public TimeSpan TurnTime => _turnTime ??= Driver.Now;

    /// <summary>
    /// The loop's clock and timers as a <see cref="System.TimeProvider"/>, for code of the BCL: on
    /// a virtual clock it jumps with it. Any thread; its timers call back on the loop thread.
    /// </summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>
    /// True in debug mode: objects remember where they were made, and what is commonly done wrong
    /// is reported (asyncio: <c>set_debug</c>). While the loop runs, loop thread only.
    /// </summary>
    public override bool Debug
    {
        get => _debug.IsOn;
        set => _debug.IsOn = value;
    }

    /// <summary>
    /// In debug mode, a callback or a step of a task that takes this long is reported afterwards,
    /// by the loop's clock, and while it still runs, by the real one (asyncio:
    /// <c>slow_callback_duration</c>).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan SlowCallbackDuration
    {
        get => _debug.SlowCallbackDuration;
        set => _debug.SlowCallbackDuration = value;
    }

    /// <summary>True while a thread runs this loop.</summary>
    public bool IsRunning => _scope is not null;

    /// <summary>True after <see cref="Close"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// The unfinished tasks of this loop (asyncio: <c>all_tasks</c>). Any thread: on another one
    /// it has every task that is unfinished from the beginning of the call to its end.
    /// </summary>
    public IReadOnlyList<ILoopTask> Tasks => _ledger.SnapshotTasks();

    /// <summary>
    /// Gets the errors that nobody can catch; null logs them (asyncio:
    /// <c>set_exception_handler</c>). It runs in the context of what failed.
    /// </summary>
    public Action<EventLoop, LoopErrorContext>? ExceptionHandler { get; set; }

    /// <summary>
    /// What runs work on other threads for <c>RunInExecutor</c> and <c>ToThread</c>. The loop shuts
    /// it when it closes.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null was given; the old one stays.</exception>
    public IExecutor DefaultExecutor
    {
        get => field ??= new RuntimeThreadPool();
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The loop that runs on this thread, or null. Any thread.</summary>
    public static EventLoop? TryGetCurrent() => CoroutineScheduler.Current as EventLoop;

    /// <summary>Runs turns until <see cref="Stop"/> (asyncio: <c>run_forever</c>).</summary>
    /// <exception cref="InvalidOperationException">
    /// This loop runs, or another one on this thread.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public void RunForever()
    {
        BeginRun();
        try
        {
            do
            {
                Turn();
            }
            while (!_isStopping);
        }
        finally
        {
            _isStopping = false;
            EndRun();
        }
    }

    /// <summary>
    /// Runs exactly one turn, which waits for I/O or a timer if nothing is ready (asyncio:
    /// <c>_run_once</c>). Within <see cref="BeginRun"/> and <see cref="EndRun"/>, or by itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// This loop runs elsewhere, or another one here.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public void RunOnce()
    {
        if (IsRunning && ReferenceEquals(CoroutineScheduler.Current, this) && !_scope!.IsInTurn)
        {
            Turn();
            return;
        }

        BeginRun();
        try
        {
            Turn();
        }
        finally
        {
            EndRun();
        }
    }

    /// <summary>
    /// Runs one turn that does not wait: what is ready, and what that makes ready stays.
    /// </summary>
    public void RunBriefly()
    {
        ThrowIfCannotRun(); // or the flag would stop a run that is none of ours
        Stop();
        RunForever();
    }

    /// <summary>
    /// Makes this thread the loop's, so that a foreign loop can drive <see cref="RunOnce"/>
    /// (asyncio: <c>_run_forever_setup</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// This loop runs, or another one on this thread.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public void BeginRun()
    {
        ThrowIfCannotRun();
        _meter.BeginRun();
        _pollBudget?.BeginRun();
        _scope = new RunScope(_synchronizationContext);
        SetCurrent(this);
        _debug.FollowRun();
    }

    /// <summary>Ends what <see cref="BeginRun"/> began; the thread is as it was.</summary>
    public void EndRun()
    {
        if (_scope is not { } scope)
        {
            return; // nothing was begun, and another loop may run here
        }

        SetCurrent(null);
        scope.Restore();
        _scope = null;
        _meter.EndRun();
        _debug.FollowRun();
    }

    /// <summary>
    /// Ends the run after this turn; what was posted in it stays for the next run. Before a run:
    /// that run is one turn, which does not wait. (asyncio: <c>stop</c>)
    /// </summary>
    public void Stop() => _isStopping = true;

    /// <summary>
    /// Closes the loop for good: drops what is queued, reports tasks that are pending, plain async
    /// methods that wait to go on, and exceptions that were never retrieved, ends the tasks of
    /// other threads that wait for the loop, and gives back the driver. Idempotent. (asyncio:
    /// <c>close</c>)
    /// </summary>
    /// <exception cref="InvalidOperationException">The loop runs.</exception>
    public void Close()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException("Cannot close a running event loop.");
        }

        if (IsClosed)
        {
            return;
        }

        _ledger.ReportLeftovers();
        IsClosed = true;
        DropWork();
        _errors?.End();
        Signals?.Clear();
        DefaultExecutor.Shutdown();
        Driver.Dispose();
    }

    /// <summary>Closes the loop.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    internal void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw new ObjectDisposedException(null, "Event loop is closed.");
        }
    }

    /// <summary>The signals that it handles; null: it never did.</summary>
    internal SignalTable? Signals { get; set; }

    internal EventLoopOptions Options => _options;

    internal LoopMeter Meter => _meter;

    /// <summary>True while a turn runs. Any thread.</summary>
    internal bool IsInTurn => _scope is { IsInTurn: true };

    internal int TaskCount => _ledger.TaskCount;

    internal int ArmedTimers => _timers.Queue.ArmedCount;

    /// <summary>The thread that runs the loop; 0 while none does.</summary>
    internal int ThreadId => _scope?.ThreadId ?? 0;

    /// <summary>Null if there are none, so that a hook costs one test.</summary>
    internal InstrumentSet? Instruments
    {
        get => _ready.Instruments;
        set => _ready.Instruments = value;
    }

    /// <summary>Throws what <see cref="BeginRun"/> would.</summary>
    internal void ThrowIfCannotRun()
    {
        ThrowIfClosed();
        if (IsRunning)
        {
            throw new InvalidOperationException("This event loop is already running.");
        }

        if (CoroutineScheduler.Current is not null)
        {
            throw new InvalidOperationException(
                "Cannot run the event loop while another loop is running.");
        }
    }

    /// <summary>
    /// True on the thread that runs the loop. While none does, no thread is the loop's: the one
    /// that made it may post at the moment when another begins to run it.
    /// </summary>
    internal bool IsOwnThread => ReferenceEquals(CoroutineScheduler.Current, this);

    private void Turn()
    {
        RunScope scope = _scope!;
        scope.IsInTurn = true;
        try
        {
            _timers.Purge();
            _turnTime = Poll();
            _mailbox.DrainTo(_ready);
            if (_timers.HasAny)
            {
                _timers.QueueDue(_ready, TurnTime);
            }

            try
            {
                RunBatch();
            }
            catch (Exception error) when (error is not LoopAbortException)
            {
                ErrorReport.Stray(this, error); // the rest of the batch runs in the next turn
            }
        }
        finally
        {
            scope.IsInTurn = false;
        }
    }

    /// <summary>Polls, or leaves it out where the driver's budget allows that.</summary>
    /// <returns>The time after it; null where nothing had to read the clock.</returns>
    private TimeSpan? Poll()
    {
        if (_pollBudget is null)
        {
            return _meter.Poll(PollDeadline());
        }

        if (_ready.Count > 0 && !_isStopping && Instruments is null
            && _pollBudget.TrySkip(out TimeSpan skippedAt))
        {
            _meter.CountTurn();
            return skippedAt;
        }

        TimeSpan now = _meter.Poll(PollDeadline()) ?? Driver.Now;
        _pollBudget.OnPolled(now);
        return now;
    }

    private TimeSpan? PollDeadline() =>
        _ready.Count > 0 || _isStopping ? TimeSpan.Zero : _timers.NextPoll();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunBatch()
    {
        if (_debug.IsOn || _ready.Instruments is not null)
        {
            WatchedBatch.Run(_ready, _debug);
            return;
        }

        for (int left = _ready.Count; left > 0; left--)
        {
            _ready.Dequeue().Run();
        }
    }
}
