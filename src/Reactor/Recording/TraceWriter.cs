using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// The writer's side of a trace: the time of the trace, the ring, and the events of tasks and their
/// waits. When the ring is full, everything is dropped until <see cref="TryGoOn"/>. Loop thread
/// only, except <see cref="Time"/>.
/// </summary>
internal sealed class TraceWriter(
    TraceRing ring, TraceNames names, Func<long> clock, TimeSpan restateEvery,
    Action? full = null)
{
    private const int EdgesMax = 32;
    private const int DepthMax = 8;

    private readonly long _begin = clock();
    private readonly int _done = names.Add("done");
    private readonly int _cancelled = names.Add("cancelled");
    private readonly long _restateEvery = (long)restateEvery.TotalNanoseconds;
    private long _dropped; // more than 0: events are being dropped
    private long _statedAt;

    public TraceTexts Texts { get; } = new(names);

    /// <summary>The present time of the trace, in nanoseconds. Any thread.</summary>
    public long Time => clock() - _begin;

    /// <summary>The time that <see cref="Read"/> has read last.</summary>
    public long Now { get; private set; }

    /// <summary>The events that it was told, with dropped ones.</summary>
    public long Told { get; private set; }

    /// <summary>Reads the clock.</summary>
    public long Read() => Now = Math.Max(Now, Time);

    public void Add(in TraceEvent happened)
    {
        Told++;
        if (_dropped > 0 || !(ring.TryWrite(happened) || TryAfterRoom(happened)))
        {
            _dropped++;
        }
    }

    private bool TryAfterRoom(in TraceEvent happened)
    {
        full?.Invoke();
        return full is not null && ring.TryWrite(happened);
    }

    /// <summary>
    /// Ends the dropping if half of the ring is free and the last statement is old enough; true if
    /// the state is to be stated anew.
    /// </summary>
    public bool TryGoOn()
    {
        if (_dropped == 0 || Now - _statedAt < _restateEvery || ring.Count > ring.Capacity / 2
            || !ring.TryWrite(new TraceEvent(TraceEventKind.Dropped, Now, 0, _dropped)))
        {
            return false;
        }

        _dropped = 0;
        _statedAt = Now;
        return true;
    }

    public void AddSpawned(Trampoline task, long parent) => Add(new TraceEvent(
        TraceEventKind.TaskSpawned, Now, task.Number, parent,
        Texts.NameOf(task), Texts.PlaceOf(task.Bottom.MachineType, -1)));

    public void AddResumed(Trampoline task)
    {
        if (task.Wait is DriverOperation)
        {
            Add(new TraceEvent(TraceEventKind.OperationEnded, Now, task.Number));
        }

        Add(new TraceEvent(TraceEventKind.TaskResumed, Now, task.Number));
    }

    public void AddEnded(Trampoline task)
    {
        var outcome = (Future)task.Owner;
        int name = outcome.ErrorName is { } error ? names.Add($"failed: {error}")
            : outcome.IsCancelled ? _cancelled : _done;
        Add(new TraceEvent(TraceEventKind.TaskEnded, Now, task.Number, 0, name));
    }

    /// <summary>Tells what a task waits for; nothing if it is ready or has ended.</summary>
    public void AddWait(Trampoline task)
    {
        if (task.IsQueued || task.Top is not { } frame)
        {
            return;
        }

        IWaitSource? wait = task.Wait;
        int name = wait is not null ? Texts.NameOf(wait)
            : task.ForeignAwaiter is { } foreign ? Texts.NameOf(foreign) : 0;
        if (wait is DriverOperation)
        {
            Add(new TraceEvent(TraceEventKind.OperationBegan, Now, task.Number, 0, name));
        }

        long awaited = NumberOf(wait as Future);
        int place = Texts.PlaceOf(frame);
        Add(new TraceEvent(TraceEventKind.TaskAwaits, Now, task.Number, awaited, name, place));
        if (awaited == 0 && (wait is IAwaitsFutures || task.Block is not null))
        {
            AddEdges(task, wait, name, place);
        }
    }

    private static long NumberOf(Future? future) => (future?.Step as Trampoline)?.Number ?? 0;

    /// <summary>One more event for each task behind a wait for several.</summary>
    private void AddEdges(Trampoline task, IWaitSource? wait, int name, int place)
    {
        int left = EdgesMax;
        Follow((wait as IAwaitsFutures)?.Awaited ?? [], 0);
        for (AwaitingBlock? block = task.Block; block is not null; block = block.Outer)
        {
            Follow(block.Awaited, 0);
        }

        void Follow(IEnumerable<Future> futures, int depth)
        {
            foreach (Future future in futures)
            {
                if (future.IsDone || left == 0)
                {
                    continue;
                }

                if (NumberOf(future) is > 0 and long awaited)
                {
                    left--;
                    Add(new TraceEvent(
                        TraceEventKind.TaskAwaits, Now, task.Number, awaited, name, place));
                }
                else if (future is IAwaitsFutures many && depth < DepthMax)
                {
                    Follow(many.Awaited, depth + 1);
                }
            }
        }
    }
}
