using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>A callback or a step that a turn ran, and what the task did then.</summary>
internal sealed record TurnWork(long Task, int Name, long Began)
{
    /// <summary>Null: the trace ends before it.</summary>
    public long? Ended { get; set; }

    /// <summary>The number of what the task waits for, or of its outcome.</summary>
    public int Then { get; set; }

    /// <summary>The number of the line of the await.</summary>
    public int Place { get; set; }

    public bool IsSlow { get; set; }

    public bool HasEnded { get; set; }
}

/// <summary>
/// The phases of one turn, as the events of the turn tell them. One thread at a time.
/// </summary>
internal sealed class TurnReading
{
    private readonly TraceNames _names;
    private TraceState _state;
    private TurnWork? _work;

    private TurnReading(TraceNames names, TraceState state) => (_names, _state) = (names, state);

    /// <summary>The number of the turn; null if the trace begins within it.</summary>
    public long? Number { get; private set; }

    /// <summary>
    /// The timeout of the poll in ns, -1 without one; null: the turn made no poll.
    /// </summary>
    public long? PollTimeout { get; private set; }

    public long PollTime { get; private set; }

    /// <summary>Waits for I/O that ended before the batch.</summary>
    public int Operations { get; private set; }

    public int Messages { get; private set; }

    public int Timers { get; private set; }

    public long LatenessMax { get; private set; }

    /// <summary>The works that were ready when the batch began.</summary>
    public long? BatchCount { get; private set; }

    public long BatchBegan { get; private set; }

    public List<TurnWork> Works { get; } = [];

    /// <summary>Works that became ready during the batch.</summary>
    public int ReadyNext { get; private set; }

    public static TurnReading Read(LoopTrace trace, TraceRange range)
    {
        var turn = new TurnReading(trace.Names, trace.StateAt(range.First));
        foreach (ref readonly TraceEvent e in trace.Events[range.First..range.End])
        {
            turn._state = TraceState.Reduce(turn._state, e);
            turn.Add(e);
        }

        return turn;
    }

    private void Add(in TraceEvent e)
    {
        switch (e.Kind)
        {
            case TraceEventKind.TurnBegan:
                Number = e.Id;
                break;
            case TraceEventKind.PollBegan:
                (PollTimeout, PollTime) = (e.Value, -e.Time);
                break;
            case TraceEventKind.PollEnded:
                PollTime += e.Time;
                break;
            case TraceEventKind.BatchBegan:
                (BatchCount, BatchBegan) = (e.Value, e.Time);
                break;
            case TraceEventKind.TimerFired:
                Timers++;
                LatenessMax = Math.Max(LatenessMax, e.Value);
                break;
            case TraceEventKind.MessageReceived:
                Messages++;
                break;
            case TraceEventKind.OperationEnded when BatchCount is null:
                Operations++;
                break;
            case TraceEventKind.TaskResumed or TraceEventKind.CallbackQueued:
                ReadyNext += BatchCount is null ? 0 : 1;
                break;
            default:
                AddOfWork(e);
                break;
        }
    }

    private void AddOfWork(in TraceEvent e)
    {
        switch (e.Kind)
        {
            case TraceEventKind.CallbackBegan:
                Begin(new TurnWork(0, e.Name, e.Time));
                break;
            case TraceEventKind.StepBegan:
                Begin(new TurnWork(e.Id, _state.Running?.Name ?? 0, e.Time));
                break;
            case TraceEventKind.CallbackEnded or TraceEventKind.StepEnded when _work is not null:
                _work.Ended = e.Time;
                break;
            case TraceEventKind.TaskAwaits when _work?.Task == e.Id:
                (_work.Then, _work.Place) = (e.Name, e.Place);
                break;
            case TraceEventKind.TaskEnded when _work?.Task == e.Id:
                (_work.Then, _work.HasEnded) = (e.Name, true);
                break;
            case TraceEventKind.Slow when _work is not null:
                _work.IsSlow = true;
                break;
        }
    }

    private void Begin(TurnWork work)
    {
        _work = work;
        Works.Add(work);
    }

    /// <summary>The name of a work.</summary>
    public string NameOf(TurnWork work) => _names[work.Name] is { Length: > 0 } name ? name
        : work.Task != 0 ? $"task {work.Task}"
        : "callback";
}
