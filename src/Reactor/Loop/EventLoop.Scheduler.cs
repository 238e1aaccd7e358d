namespace Reactor;

/// <summary>
/// The loop as a scheduler: what tasks and handles post, arm and report.
/// </summary>
public sealed partial class EventLoop
{
    private HashSet<LoopWork>? _owedOutcomes;
    private MessagePort? _messages;

    internal LoopMeter Meter => _meter;

    internal int ArmedTimers => _timers.Queue.ArmedCount;

    internal TimerQueue Timers => _timers.Queue;

    internal ReadyQueue Ready => _ready;

    /// <summary>The managed id of the thread that runs the loop, or 0.</summary>
    internal int ThreadId => _scope?.ThreadId ?? 0;

    /// <summary>True on the thread that runs the loop; between runs, on none.</summary>
    internal bool IsOwnThread => ReferenceEquals(CoroutineScheduler.Current, this);

    /// <summary>Null if there are none, so that a hook costs one test.</summary>
    internal InstrumentSet? Instruments
    {
        get;
        set
        {
            field = value;
            _ready.WorkQueued = value is null ? null : value.WorkQueued;
            _mailbox.Instruments = value;
        }
    }

    /// <summary>Null until anything asks for the cost of tasks.</summary>
    internal LoopCosts? Costs { get; private set; }

    /// <summary>The time for observers; see <see cref="Drivers.LoopDriver.ObservedNow"/>.</summary>
    internal TimeSpan ObservedTime => Driver.ObservedNow;

    /// <summary>Null until the loop handles a signal.</summary>
    internal SignalTable? Signals { get; private set; }

    private SignalTable OpenSignals => Open.Signals ??= new SignalTable(this, Driver);

    /// <summary>This loop; throws if it is closed.</summary>
    private EventLoop Open
    {
        get
        {
            ThrowIfClosed();
            return this;
        }
    }

    /// <inheritdoc/>
    public override void Post(LoopWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        CheckThread();
        if (!IsRunning)
        {
            ThrowIfClosed();
            QueueMessages(); // keeps the order: that work was posted earlier
        }

        _ready.Enqueue(work);
    }

    /// <inheritdoc/>
    public override void PostThreadSafe(LoopWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (IsOwnThread)
        {
            _ready.Enqueue(work); // in order with CallSoon on the loop thread
        }
        else
        {
            PostMessage(work);
        }
    }

    /// <inheritdoc/>
    internal override void PostMessage(LoopWork work)
    {
        if (!_mailbox.TryPost(work, out bool wake))
        {
            work.OnLoopClosed();
        }
        else if (wake)
        {
            Driver.Wake();
        }
    }

    /// <inheritdoc/>
    internal override IForeignEnds? ForeignEnds => _gate;

    /// <inheritdoc/>
    public override void Arm(LoopWork work, TimeSpan when)
    {
        ArgumentNullException.ThrowIfNull(work);
        CheckThread();
        ThrowIfClosed();
        _timers.Queue.Add(work, when.Ticks);
        Instruments?.TimerArmed(work.ArmedSequence, work, when);
    }

    /// <inheritdoc/>
    public override bool Disarm(LoopWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        CheckThread();
        long number = work.ArmedSequence;
        if (!_timers.Queue.Cancel(work))
        {
            return false;
        }

        Instruments?.TimerCancelled(number, work);
        return true;
    }

    /// <inheritdoc/>
    public override void Report(LoopErrorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Instruments?.ErrorReported(context);
        try
        {
            if (ExceptionHandler is { } handler)
            {
                _errors.Handle(context, () => handler(this, context));
            }
            else
            {
                _errors.Log(context);
            }
        }
        catch (OutOfMemoryException)
        {
            // The caller must complete its clean-up.
        }
    }

    /// <inheritdoc/>
    protected internal override void OnTaskStarted(TaskStep step)
    {
        CheckThread(); // before the task is registered
        _tasks.Add(step);
        if (Costs is { IsOn: true } costs)
        {
            costs.OnTaskStarted(step);
        }

        Instruments?.TaskSpawned(step);
    }

    /// <inheritdoc/>
    protected internal override void OnTaskFinished(TaskStep step)
    {
        _tasks.Remove(step);
        Instruments?.TaskExited(step);
    }

    internal LoopCosts OpenCosts() => Costs ??= new LoopCosts(this, Driver, _meter);

    internal override string DescribeReady() => _ready.Describe();

    internal override void OnLeftover(ILeftover leftover) => _leftovers.Add(leftover);

    internal override void OnOutcomeOwed(LoopWork outcome)
    {
        if (IsClosed)
        {
            outcome.OnLoopClosed();
        }
        else
        {
            (_owedOutcomes ??= []).Add(outcome);
        }
    }

    internal override void OnOutcomeGiven(LoopWork outcome) => _owedOutcomes?.Remove(outcome);

    internal override void CheckThread()
    {
        if (_debug.IsOn)
        {
            ThrowIfForeignThread();
        }
    }

    private void ThrowIfForeignThread()
    {
        if (IsRunning && !IsOwnThread)
        {
            throw new InvalidOperationException(
                "Non-thread-safe operation invoked on an event loop other than the current one: " +
                "from another thread use CallSoonThreadSafe, or Submit for a coroutine.");
        }
    }

    internal void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw new ObjectDisposedException(null, "Event loop is closed.");
        }
    }

    /// <summary>Throws what <see cref="BeginRun"/> would throw.</summary>
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

    private TimeSpan DueAfter(TimeSpan delay)
    {
        if (TimeLimit.IsInfinite(delay))
        {
            throw new ArgumentOutOfRangeException(
                nameof(delay), delay,
                "A callback after an infinite delay would never run. Clamp a computed delay at " +
                "zero: exactly -1 ms is Timeout.InfiniteTimeSpan.");
        }

        if (!IsRunning)
        {
            Driver.OnUsed();
        }

        return MomentAfter(delay);
    }

    private void QueueMessages()
    {
        if (_gate is null)
        {
            _mailbox.DrainTo(_ready);
        }
        else
        {
            _gate.Pass(_messages ??= new MessagePort(_mailbox, _ready));
        }
    }

    /// <summary>Tells all work that is left that it will not run.</summary>
    private void DropWork()
    {
        List<LoopWork> left = [.. _gate?.TakeHeld() ?? [], .. _mailbox.Close()];
        while (_ready.Count > 0)
        {
            left.Add(_ready.Dequeue());
        }

        left.AddRange(_timers.Queue.TakeAll().OfType<LoopWork>());
        left.AddRange(_owedOutcomes ?? []);
        _owedOutcomes = null;
        foreach (LoopWork work in left)
        {
            work.OnLoopClosed();
        }
    }

    /// <summary>Reports an exception that left the work, but must not end the loop.</summary>
    private void ReportStray(Exception error) => Report(new LoopErrorContext
    {
        Message = "An error left the work in which it happened; unless memory ran out, "
            + "this is a defect of the loop: report it, please.",
        Exception = error,
    });
}
