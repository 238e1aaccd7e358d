using Microsoft.Extensions.Logging;
using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// One thread, one loop: callbacks, timers, tasks and I/O, in turns (asyncio:
/// <c>AbstractEventLoop</c>).
/// </summary>
/// <remarks>
/// <para>User code runs in a turn only. A turn has these phases:</para>
/// <list type="number">
/// <item>purge cancelled timers;</item>
/// <item>poll: wait for I/O, a wake-up or the next deadline;</item>
/// <item>queue completed I/O, then work posted by other threads;</item>
/// <item>queue the timers that are due, in the order (when, sequence);</item>
/// <item>run exactly the work that was ready when the batch began. Work posted meanwhile runs in
/// the next turn, so no chain of callbacks can starve I/O.</item>
/// </list>
/// <para>Loop thread only, except <c>CallSoonThreadSafe</c>, <c>Submit</c>, <see cref="Time"/>,
/// <see cref="AllTasks"/>, <see cref="PostThreadSafe"/> and <see cref="Report"/>; debug mode checks
/// this.</para>
/// </remarks>
public sealed partial class EventLoop : CoroutineScheduler, IDisposable
{
    private readonly ReadyQueue _ready = new();
    private readonly Mailbox _mailbox = new();
    private readonly TaskRegistry _tasks = new();
    private readonly Leftovers _leftovers = new();
    private readonly LoopMeter _meter;
    private readonly TurnTimers _timers;
    private readonly PollPhase _poll;
    private readonly LoopSynchronizationContext _synchronizationContext;
    private readonly ExecutorCalls _executors;
    private readonly ErrorReport _errors;
    private readonly DebugMode _debug;
    private readonly BlockWatch? _blockWatch;
    private readonly MessageGate? _gate;
    private readonly ILogger _logger;
    private RunScope? _scope;
    private TimeSpan? _turnTime; // null: not read in this turn
    private bool _isStopping;

    /// <summary>Makes a loop that does nothing until it is run.</summary>
    public EventLoop(EventLoopOptions? options = null)
    {
        Options = options ?? new EventLoopOptions();
        _logger = LogQueue.Wrap(Options.LoggerFactory, "Reactor.EventLoop");
        _errors = new ErrorReport(_logger, Options.ErrorLinesPerSecond);
        _synchronizationContext = new LoopSynchronizationContext(this);
        _debug = new DebugMode(this, _logger, _synchronizationContext)
        {
            SlowCallbackDuration = Options.SlowCallbackDuration,
            IsOn = Options.Debug,
        };
        Driver = LoopDrivers.Choose(Options.Driver);
        _meter = new LoopMeter(Options.Name, Driver, _tasks);
        _poll = new PollPhase(Driver, _meter, Options);
        _blockWatch = Driver.Gate is { IsReplay: true }
            ? null : BlockWatch.Of(this, _meter, _logger, Options.BlockedAfter);
        _timers = new TurnTimers(Driver, Options.PollMax, _meter.Lag);
        _executors = new ExecutorCalls(this, Driver);
        Driver.Attach(this); // last: a driver may add an instrument
        _gate = Driver.Gate;
        TimeProvider = new LoopTimeProvider(this, Driver);
    }

    /// <summary>Reports a loop that was never closed.</summary>
    ~EventLoop()
    {
        // Set last: if the constructor threw, there is no loop to report.
        if (!IsClosed && TimeProvider is not null)
        {
            LoopLog.Unclosed(_logger, Options.Name);
        }
    }

    /// <summary>
    /// The loop that runs on this thread (asyncio: <c>get_running_loop</c>). Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static new EventLoop Current => TryGetCurrent() ?? throw new InvalidOperationException(
        "No event loop runs on this thread.");

    /// <summary>The I/O driver of this loop.</summary>
    public LoopDriver Driver { get; }

    /// <inheritdoc/>
    public override TimeSpan Time => Driver.Now;

    /// <summary>
    /// A single time for the whole turn: of the poll if that read the clock, else of the first use.
    /// Loop thread only.
    /// </summary>
    public TimeSpan TurnTime => _turnTime ??= Driver.Now;

    /// <summary>
    /// The loop's clock, also a virtual one, for code of the BCL. Any thread; its timers call back
    /// on the loop thread.
    /// </summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>True while a thread runs this loop.</summary>
    public bool IsRunning => _scope is not null;

    /// <summary>True after <see cref="Close"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// Gets each error that no caller can catch, in the context of what failed; null: the log
    /// (asyncio: <c>set_exception_handler</c>).
    /// </summary>
    public Action<EventLoop, LoopErrorContext>? ExceptionHandler { get; set; }

    internal EventLoopOptions Options { get; }

    /// <summary>The loop that runs on this thread, or null. Any thread.</summary>
    public static EventLoop? TryGetCurrent() => CoroutineScheduler.Current as EventLoop;

    /// <summary>Runs turns until <see cref="Stop"/> (asyncio: <c>run_forever</c>).</summary>
    /// <exception cref="InvalidOperationException">
    /// This loop runs already, or another loop runs on this thread.
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
    /// Runs one turn, which waits if nothing is ready (asyncio: <c>_run_once</c>). Between
    /// <see cref="BeginRun"/> and <see cref="EndRun"/>, or alone.
    /// </summary>
    /// <inheritdoc cref="RunForever"/>
    public void RunOnce()
    {
        if (IsRunning && IsOwnThread && !_meter.IsInTurn)
        {
            Costs?.BeginRun(); // a foreign loop may have waited since the last turn
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

    /// <summary>Runs one turn that does not wait.</summary>
    /// <inheritdoc cref="RunForever"/>
    public void RunBriefly()
    {
        ThrowIfCannotRun(); // before Stop, which would end a run in progress
        Stop();
        RunForever();
    }

    /// <summary>
    /// Makes this thread the loop's, so that a foreign loop can drive <see cref="RunOnce"/>
    /// (asyncio: <c>_run_forever_setup</c>).
    /// </summary>
    /// <inheritdoc cref="RunForever"/>
    public void BeginRun()
    {
        ThrowIfCannotRun();
        Driver.OnRunBegins();
        Instruments?.BeforeRun();
        Costs?.BeginRun();
        _poll.BeginRun();
        _scope = new RunScope(_synchronizationContext, _meter, _blockWatch);
        SetCurrent(this);
        _debug.FollowRun(isRunning: true);
    }

    /// <summary>Undoes <see cref="BeginRun"/>; idempotent.</summary>
    public void EndRun()
    {
        if (_scope is not { } scope)
        {
            return; // another loop may run on this thread
        }

        SetCurrent(null);
        _scope = null;
        Driver.OnRunEnds();
        scope.End();
        Instruments?.AfterRun();
        _debug.FollowRun(isRunning: false);
    }

    /// <summary>
    /// Ends the run after this turn; before a run, that is one turn without a wait (asyncio:
    /// <c>stop</c>).
    /// </summary>
    public void Stop() => _isStopping = true;

    /// <summary>
    /// Closes the loop and its driver, and reports pending tasks and exceptions never retrieved.
    /// Work is dropped, and outcomes for other threads fail. Idempotent. (asyncio: <c>close</c>)
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

        if (_gate is not { IsOver: true })
        {
            _leftovers.Close();
            _tasks.Report();
        }

        _tasks.Close();
        IsClosed = true;
        DropWork();
        _errors.Close();
        Signals?.Clear();
        _executors.Default.Shutdown();
        Driver.Dispose();
    }

    /// <inheritdoc cref="Close"/>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Turn()
    {
        _meter.BeginTurn();
        try
        {
            Instruments?.BeforeTurn(_meter.Turns);
            _timers.Purge();
            _turnTime = Poll();
            QueueMessages();
            if (_timers.HasAny)
            {
                _timers.QueueDue(_ready, TurnTime, Instruments);
            }

            RunBatch();
        }
        finally
        {
            _meter.EndTurn();
        }
    }

    private TimeSpan? Poll()
    {
        if (Instruments is { IsEmpty: true })
        {
            Instruments = null;
        }

        bool mustReturn = _ready.Count > 0 || _isStopping;
        if (mustReturn && !_isStopping && _poll.TrySkip(out TimeSpan now))
        {
            return now;
        }

        return _poll.Poll(mustReturn ? TimeSpan.Zero : _timers.PollDeadline(), Instruments);
    }

    private void RunBatch()
    {
        try
        {
            Costs?.BeginBatch();
            if (_debug.IsOn || Instruments is not null)
            {
                RunObserved();
                return;
            }

            for (int left = _ready.Count; left > 0; left--)
            {
                LoopWork work = _ready.Dequeue();
                work.Run();
                Costs?.EndWork(work);
            }
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            ReportStray(error); // the rest of the batch runs in the next turn
        }
    }

    private void RunObserved()
    {
        int left = _ready.Count;
        Instruments?.BeforeBatch(left);
        for (; left > 0; left--)
        {
            LoopWork work = _ready.Dequeue();
            Instruments?.BeforeWork(work);
            try
            {
                if (_debug.IsOn)
                {
                    _debug.Run(work);
                }
                else
                {
                    work.Run();
                }
            }
            finally
            {
                Costs?.EndWork(work);
                Instruments?.AfterWork(work);
            }
        }
    }
}
