namespace Reactor;

/// <summary>
/// The instruments of a loop, in an array that is replaced when it changes, which may happen during
/// a call. Loop thread only.
/// </summary>
/// <remarks>
/// Catches all exceptions, even <see cref="LoopAbortException"/>: the loop is in its own work.
/// </remarks>
internal sealed class InstrumentSet(CoroutineScheduler scheduler)
{
    private ILoopInstrument[] _instruments = [];

    public bool IsEmpty => _instruments.Length == 0;

    public void Add(ILoopInstrument instrument)
    {
        if (!_instruments.Contains(instrument))
        {
            _instruments = [.. _instruments, instrument];
        }
    }

    public bool Remove(ILoopInstrument instrument)
    {
        int before = _instruments.Length;
        _instruments = [.. _instruments.Where(one => !ReferenceEquals(one, instrument))];
        return _instruments.Length < before;
    }

    public void BeforeRun() => Tell(static (one, _) => one.BeforeRun(), 0);

    public void AfterRun() => Tell(static (one, _) => one.AfterRun(), 0);

    public void TaskSpawned(TaskStep step) => Tell(static (one, it) => one.TaskSpawned(it), step);

    public void TaskScheduled(TaskStep step) =>
        Tell(static (one, it) => one.TaskScheduled(it), step);

    public void TaskExited(TaskStep step) => Tell(static (one, it) => one.TaskExited(it), step);

    public void BeforeIoWait(TimeSpan? timeout) =>
        Tell(static (one, longest) => one.BeforeIoWait(longest), timeout);

    public void AfterIoWait(TimeSpan elapsed) =>
        Tell(static (one, took) => one.AfterIoWait(took), elapsed);

    public void BeforeTaskStep(TaskStep step) =>
        Tell(static (one, it) => one.BeforeTaskStep(it), step);

    public void AfterTaskStep(TaskStep step) =>
        Tell(static (one, it) => one.AfterTaskStep(it), step);

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
