namespace Reactor.Recording;

/// <summary>
/// Turns what a loop tells its instruments into <see cref="TraceEvent"/>s, without an allocation
/// per event, for one reader on any thread (<see cref="DrainTo"/>). It never waits for the reader:
/// if the ring is full, events are dropped until a turn begins with half of the ring free, and at
/// least <see cref="TraceOptions.RestateEvery"/> after the last statement; then the number of
/// dropped events is told, and the state of the loop is stated anew.
/// </summary>
/// <remarks>
/// Loop thread, except <see cref="DrainTo"/>, <see cref="Names"/>, <see cref="Time"/> and posted
/// messages. Times are of its own clock; one reading serves adjacent events.
/// </remarks>
internal sealed class TraceInstrument : ILoopInstrument
{
    private const long NanosecondsPerTick = 100;

    private readonly EventLoop _loop;
    private readonly TraceRing _ring;
    private readonly PostedMessages _posted;
    private readonly TraceMerge _merge;
    private readonly TraceWriter _writer;
    private readonly long _slowAfter;
    private readonly List<Trampoline> _spawned = [];
    private readonly List<Trampoline> _exited = [];
    private long _workBegan;
    private Type? _stepMachine; // where the running step resumed
    private int _stepNumber;

    private TraceInstrument(EventLoop loop, TraceOptions options, TraceNames names)
    {
        _loop = loop;
        Names = names;
        _ring = new TraceRing(options.EventsMax);
        _posted = new PostedMessages(options.MessagesMax);
        _merge = new TraceMerge(_ring, _posted);
        _writer = new TraceWriter(
            _ring, names, options.Clock ?? TraceOptions.StopwatchTime, options.RestateEvery,
            options.Full);
        _slowAfter = Nanoseconds(options.SlowAfter);
    }

    /// <summary>The texts of the events. Any thread.</summary>
    public TraceNames Names { get; }

    /// <summary>The present time of the trace, in nanoseconds. Any thread.</summary>
    public long Time => _writer.Time;

    private TraceTexts Texts => _writer.Texts;

    /// <summary>
    /// Begins to observe a loop; the state that it is in comes first. Loop thread only, or while
    /// the loop does not run.
    /// </summary>
    /// <param name="loop">The loop.</param>
    /// <param name="options">Bounds and clock; null: the defaults.</param>
    /// <param name="names">The table to use; null: a new one.</param>
    public static TraceInstrument Attach(
        EventLoop loop, TraceOptions? options = null, TraceNames? names = null)
    {
        var instrument = new TraceInstrument(
            loop, options ?? new TraceOptions(), names ?? new TraceNames());
        loop.AddInstrument(instrument);
        instrument.State();
        return instrument;
    }

    /// <summary>Ends the observation; idempotent. Threads as in <see cref="Attach"/>.</summary>
    public void Detach() => _loop.RemoveInstrument(this);

    /// <summary>
    /// Moves the events since the last call to the end of a list, in order of time. One thread at a
    /// time, any thread.
    /// </summary>
    public void DrainTo(List<TraceEvent> target) => _merge.DrainTo(target);

    void ILoopInstrument.BeforeTurn(long turn)
    {
        _writer.Read();
        if (_writer.TryGoOn())
        {
            State();
        }

        _writer.Add(new TraceEvent(TraceEventKind.TurnBegan, _writer.Now, turn));
    }

    void ILoopInstrument.BeforeIoWait(TimeSpan? timeout) => _writer.Add(new TraceEvent(
        TraceEventKind.PollBegan, _writer.Now, 0, timeout is { } wait ? Nanoseconds(wait) : -1));

    void ILoopInstrument.AfterIoWait(TimeSpan elapsed) =>
        _writer.Add(new TraceEvent(TraceEventKind.PollEnded, _writer.Read()));

    void ILoopInstrument.BeforeBatch(int count) =>
        _writer.Add(new TraceEvent(TraceEventKind.BatchBegan, _writer.Read(), 0, count));

    void ILoopInstrument.CallbackScheduled(LoopWork work) => _writer.Add(new TraceEvent(
        TraceEventKind.CallbackQueued, _writer.Read(), 0, 0,
        Texts.NameOf(work), Texts.PlaceOf(work)));

    void ILoopInstrument.BeforeCallback(LoopWork work)
    {
        _workBegan = _writer.Now; // of the end of the work before
        _writer.Add(new TraceEvent(
            TraceEventKind.CallbackBegan, _writer.Now, 0, 0,
            Texts.NameOf(work), Texts.PlaceOf(work)));
    }

    void ILoopInstrument.AfterCallback(LoopWork work)
    {
        _writer.Add(new TraceEvent(TraceEventKind.CallbackEnded, _writer.Read()));
        if (_writer.Now - _workBegan > _slowAfter)
        {
            _writer.Add(new TraceEvent(
                TraceEventKind.Slow, _writer.Now, 0, _writer.Now - _workBegan,
                Texts.NameOf(work), Texts.PlaceOf(work)));
        }

        EndWork(null);
    }

    void ILoopInstrument.TaskSpawned(TaskStep step)
    {
        if (step is Trampoline task)
        {
            _writer.Read();
            _spawned.Add(task);
            _writer.AddSpawned(task, (_loop.RunningStep as Trampoline)?.Number ?? 0);
        }
    }

    void ILoopInstrument.TaskScheduled(TaskStep step)
    {
        if (step is Trampoline task)
        {
            _writer.Read();
            _writer.AddResumed(task);
        }
    }

    void ILoopInstrument.BeforeTaskStep(TaskStep step)
    {
        if (step is Trampoline task)
        {
            _workBegan = _writer.Now; // of the end of the work before
            if (task.Top?.SkipOurs() is { } frame)
            {
                _stepMachine = frame.MachineType;
                _stepNumber = frame.ReadMachineNumber();
            }

            _writer.Add(new TraceEvent(TraceEventKind.StepBegan, _writer.Now, task.Number));
        }
    }

    void ILoopInstrument.AfterTaskStep(TaskStep step)
    {
        if (step is not Trampoline task)
        {
            return;
        }

        _writer.Add(new TraceEvent(TraceEventKind.StepEnded, _writer.Read(), task.Number));
        if (_writer.Now - _workBegan > _slowAfter && _stepMachine is { } machine)
        {
            _writer.Add(new TraceEvent(
                TraceEventKind.Slow, _writer.Now, task.Number, _writer.Now - _workBegan,
                Texts.NameOf(task), Texts.PlaceOf(machine, _stepNumber)));
        }

        EndWork(task);
    }

    void ILoopInstrument.TaskExited(TaskStep step)
    {
        if (step is Trampoline task)
        {
            _exited.Add(task);
        }
    }

    void ILoopInstrument.TimerArmed(long number, LoopWork work, TimeSpan when) => _writer.Add(
        new TraceEvent(
            TraceEventKind.TimerArmed, _writer.Read(), number,
            Nanoseconds(when), Texts.NameOf(work)));

    // The turn has read its time already, as it has timers: this reads no clock of the driver.
    void ILoopInstrument.TimerFired(long number, LoopWork work, TimeSpan when) => _writer.Add(
        new TraceEvent(
            TraceEventKind.TimerFired, _writer.Read(), number, Nanoseconds(_loop.TurnTime - when)));

    void ILoopInstrument.TimerCancelled(long number, LoopWork work) =>
        _writer.Add(new TraceEvent(TraceEventKind.TimerCancelled, _writer.Read(), number));

    void ILoopInstrument.MessagePosted(long number, LoopWork work) => _posted.Add(new TraceEvent(
        TraceEventKind.MessagePosted, _writer.Time, number, Environment.CurrentManagedThreadId,
        Texts.KindOf(work)));

    void ILoopInstrument.MessageReceived(long number, LoopWork work) =>
        _writer.Add(new TraceEvent(TraceEventKind.MessageReceived, _writer.Read(), number));

    void ILoopInstrument.ObjectChanged(
        string kind, long number, string state, bool isLast) => _writer.Add(
        new TraceEvent(
            TraceEventKind.StateChanged, _writer.Read(), number, isLast ? 1 : 0,
            Texts.Constant(state), Texts.Constant(kind)));

    private static long Nanoseconds(TimeSpan time) =>
        time.Ticks > long.MaxValue / NanosecondsPerTick
            ? long.MaxValue : Math.Max(0, time.Ticks) * NanosecondsPerTick;

    /// <summary>What the end of any work decides: which tasks have ended, and which wait.</summary>
    private void EndWork(Trampoline? ran)
    {
        foreach (Trampoline task in _exited)
        {
            _writer.AddEnded(task);
        }

        _exited.Clear();
        if (ran is not null)
        {
            _writer.AddWait(ran);
        }

        foreach (Trampoline task in _spawned)
        {
            if (!ReferenceEquals(task, ran))
            {
                _writer.AddWait(task); // if it ran eagerly
            }
        }

        _spawned.Clear();
    }

    /// <summary>
    /// States tasks, ready work, timers and objects; about a quarter of the ring, so that it is not
    /// full again at once.
    /// </summary>
    private void State()
    {
        _writer.Read();
        long end = _writer.Told + (_ring.Capacity / 4);
        foreach (Trampoline task in _loop.AllTasks()
            .Select(task => (Trampoline)((Future)task).Step!).OrderBy(task => task.Number)
            .TakeWhile(_ => _writer.Told < end))
        {
            _writer.AddSpawned(task, 0);
            if (!ReferenceEquals(task, _loop.RunningStep))
            {
                _writer.AddWait(task);
            }
        }

        foreach (LoopWork work in _loop.Ready.Works.TakeWhile(_ => _writer.Told < end))
        {
            Tell(work);
        }

        foreach (ref readonly TimerSlot slot in _loop.Timers.Nearest)
        {
            if (slot.IsLive && _writer.Told < end)
            {
                Tell(slot);
            }
        }

        foreach (ObservedObject known in
            _loop.Instruments?.Objects.TakeWhile(_ => _writer.Told < end) ?? [])
        {
            ((ILoopInstrument)this).ObjectChanged(
                known.Kind, known.Number, known.State, isLast: false);
        }
    }

    private void Tell(LoopWork ready)
    {
        if (ready is Trampoline task)
        {
            _writer.AddResumed(task);
        }
        else
        {
            ((ILoopInstrument)this).CallbackScheduled(ready);
        }
    }

    private void Tell(in TimerSlot armed) => ((ILoopInstrument)this).TimerArmed(
        armed.Sequence, (LoopWork)armed.Entry, new TimeSpan(armed.When));
}
