using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The instruments of a loop, in an array that is replaced when it changes, which may happen during
/// a call. Loop thread only, except <see cref="MessagePosted"/> and <see cref="ErrorReported"/>.
/// </summary>
/// <remarks>
/// Catches all exceptions, even <see cref="LoopAbortException"/>: the loop is in its own work.
/// </remarks>
internal sealed class InstrumentSet(CoroutineScheduler scheduler)
{
    // The numbers and states of observed objects, so that an unobserved one needs no field.
    private readonly ConditionalWeakTable<object, ObservedObject> _objects = [];
    private readonly Lock _lock = new();
    private volatile ILoopInstrument[] _instruments = [];
    private long _lastNumber;

    public bool IsEmpty => _instruments.Length == 0;

    public void Add(ILoopInstrument instrument)
    {
        lock (_lock)
        {
            if (!_instruments.Contains(instrument))
            {
                _instruments = [.. _instruments, instrument];
            }
        }
    }

    public bool Remove(ILoopInstrument instrument)
    {
        lock (_lock)
        {
            int before = _instruments.Length;
            _instruments = [.. _instruments.Where(one => !ReferenceEquals(one, instrument))];
            return _instruments.Length < before;
        }
    }

    public void BeforeRun() => Tell(static (one, _) => one.BeforeRun(), 0);

    public void AfterRun() => Tell(static (one, _) => one.AfterRun(), 0);

    public void BeforeTurn(long turn) => Tell(static (one, it) => one.BeforeTurn(it), turn);

    public void BeforeBatch(int count) => Tell(static (one, it) => one.BeforeBatch(it), count);

    public void BeforeWork(LoopWork work)
    {
        if (work is TaskStep step)
        {
            Tell(static (one, it) => one.BeforeTaskStep(it), step);
        }
        else
        {
            Tell(static (one, it) => one.BeforeCallback(it), work);
        }
    }

    public void AfterWork(LoopWork work)
    {
        if (work is TaskStep step)
        {
            Tell(static (one, it) => one.AfterTaskStep(it), step);
        }
        else
        {
            Tell(static (one, it) => one.AfterCallback(it), work);
        }
    }

    public void TaskSpawned(TaskStep step) => Tell(static (one, it) => one.TaskSpawned(it), step);

    public void WorkQueued(LoopWork work)
    {
        if (work is TaskStep step)
        {
            Tell(static (one, it) => one.TaskScheduled(it), step);
        }
        else
        {
            Tell(static (one, it) => one.CallbackScheduled(it), work);
        }
    }

    public void TaskExited(TaskStep step) => Tell(static (one, it) => one.TaskExited(it), step);

    public void BeforeIoWait(TimeSpan? timeout) =>
        Tell(static (one, longest) => one.BeforeIoWait(longest), timeout);

    public void AfterIoWait(TimeSpan elapsed) =>
        Tell(static (one, took) => one.AfterIoWait(took), elapsed);

    public void TimerArmed(long number, LoopWork work, TimeSpan when) => Tell(
        static (one, it) => one.TimerArmed(it.Number, it.Work, it.When),
        (Number: number, Work: work, When: when));

    public void TimerFired(long number, LoopWork work, TimeSpan when) => Tell(
        static (one, it) => one.TimerFired(it.Number, it.Work, it.When),
        (Number: number, Work: work, When: when));

    public void TimerCancelled(long number, LoopWork work) => Tell(
        static (one, it) => one.TimerCancelled(it.Number, it.Work), (Number: number, Work: work));

    /// <summary>Any thread.</summary>
    public void MessagePosted(long number, LoopWork work) => Tell(
        static (one, it) => one.MessagePosted(it.Number, it.Work), (Number: number, Work: work));

    public void MessageReceived(long number, LoopWork work) => Tell(
        static (one, it) => one.MessageReceived(it.Number, it.Work), (Number: number, Work: work));

    /// <summary>The objects that have told a state and are alive.</summary>
    public IEnumerable<ObservedObject> Objects => _objects.Select(each => each.Value);

    /// <summary>Tells the state of an object, which has a number from its first one on.</summary>
    /// <param name="kind">Its kind: a constant text.</param>
    /// <param name="changed">The object.</param>
    /// <param name="state">Its state: a constant text.</param>
    /// <param name="isLast">True if no other state follows.</param>
    public void ObjectChanged(string kind, object changed, string state, bool isLast)
    {
        if (!_objects.TryGetValue(changed, out ObservedObject? known))
        {
            known = new ObservedObject(kind, ++_lastNumber);
            _objects.Add(changed, known);
        }

        known.State = state;
        if (isLast)
        {
            _objects.Remove(changed);
        }

        Tell(
            static (one, it) => one.ObjectChanged(
                it.Known.Kind, it.Known.Number, it.Known.State, it.IsLast),
            (Known: known, IsLast: isLast));
    }

    /// <summary>Any thread.</summary>
    public void ErrorReported(LoopErrorContext error) =>
        Tell(static (one, it) => one.ErrorReported(it), error);

    private void Tell<T>(Action<ILoopInstrument, T> tell, T what)
    {
        foreach (ILoopInstrument instrument in _instruments)
        {
            try
            {
                tell(instrument, what);
            }
            catch (Exception error)
            {
                Remove(instrument);
                scheduler.Report(new LoopErrorContext
                {
                    Message = $"The instrument {ShownText.Of(instrument)} threw, "
                        + "and was removed from the loop",
                    Exception = error,
                });
            }
        }
    }
}

/// <summary>
/// An object of the program that has told instruments its state. Loop thread only.
/// </summary>
internal sealed class ObservedObject(string kind, long number)
{
    public string Kind => kind;

    public long Number => number;

    public string State { get; set; } = "";
}
