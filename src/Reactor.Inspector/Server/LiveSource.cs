using System.Runtime.InteropServices;
using System.Text.Json;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Follows a running loop: takes the events of its instrument, reduces them to the state, and makes
/// at most four views per second, each once for all pages. A page that stops reading holds one
/// view. The inspector's loop only.
/// </summary>
internal sealed class LiveSource
{
    /// <summary>The maximum length of a recording.</summary>
    public const int RecordSecondsMax = 60;

    private const long SpanNs = 250_000_000;
    private const int SpansMax = 240;
    private const int ShownEvents = 60;

    /// <summary>While a page follows, and otherwise.</summary>
    private static readonly TimeSpan s_drainFollowed = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_drainAlone = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_followedFor = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_viewEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>A new page shows at once what a blocked loop does.</summary>
    private static readonly TimeSpan s_firstViewEvery = TimeSpan.FromMilliseconds(20);

    private readonly EventLoop _loop;
    private readonly LateInstrument _trace;
    private readonly TraceInfo _info;
    private readonly InspectorOptions _options;
    private readonly RecordingShelf _shelf;
    private readonly BlockedFinder _blocked;
    private readonly TreeAsker _tree;
    private readonly List<TraceEvent> _drained = [];
    private readonly LastEvents _last = new(ShownEvents);
    private readonly Activity _activity = new(SpanNs, SpansMax);
    private TraceState _state = new();
    private LiveRecording? _recording;
    private DateTimeOffset _recordingBegin;
    private long _events;
    private long _version;
    private int _recordingVersion;
    private TimeSpan? _viewedAt;
    private byte[] _view = [];

    public LiveSource(
        EventLoop loop, LateInstrument trace, TraceInfo info, InspectorOptions options,
        RecordingShelf shelf)
    {
        (_loop, _trace, _info, _options, _shelf) = (loop, trace, info, options, shelf);
        _blocked = new BlockedFinder(loop, options.BlockedAfter);
        _tree = new TreeAsker(loop);
        Session = SessionViews.Of(info) with { IsLive = true };
    }

    public SessionView Session { get; }

    /// <summary>The time left of the recording in progress; null without one.</summary>
    public long? RecordingLeftNs =>
        _recording is { } one ? Math.Max(0, one.EndNs - _trace.Time) : null;

    /// <summary>Why the last recording failed, or null.</summary>
    public string? RecordingFailure { get; private set; }

    /// <summary>Takes events until it is cancelled.</summary>
    public async Coroutine FollowAsync()
    {
        TimeSpan last = EventLoop.Current.Time;
        long taken = 0;
        while (true)
        {
            try
            {
                Drain();
            }
            catch (Exception error)
            {
                Fail(error);
            }

            TimeSpan now = EventLoop.Current.Time;
            bool isFollowed = now - _viewedAt < s_followedFor;
            TimeSpan usual = isFollowed ? s_drainFollowed : s_drainAlone;
            TimeSpan wait = DrainPace.Next(
                usual, _events - taken, now - last, _options.EventsMax);
            (last, taken) = (now, _events);
            await EventLoop.Delay(wait);
        }
    }

    /// <summary>The newest view as JSON, once there is a newer one than a version.</summary>
    public async Coroutine<byte[]> LiveAsync(long since)
    {
        TimeSpan every = since == _version ? s_viewEvery : s_firstViewEvery;
        if (since == _version && _viewedAt + every - EventLoop.Current.Time is { } wait
            && wait > TimeSpan.Zero)
        {
            await EventLoop.Delay(wait);
        }

        // Another page may have made the view meanwhile.
        TimeSpan now = EventLoop.Current.Time;
        if (_viewedAt is not { } viewedAt || now - viewedAt >= every)
        {
            _viewedAt = now;
            _version++;
            _view = JsonSerializer.SerializeToUtf8Bytes(
                ReadState(), InspectorJson.Default.StateView);
        }

        return _view;
    }

    /// <summary>The await tree as JSON.</summary>
    public async Coroutine<byte[]> TreeAsync(long since)
    {
        TreeView tree = await _tree.AskAsync()
            ?? new TaskViews(_state.Tasks, _trace.Names).Tree() with { IsLate = true };
        return JsonSerializer.SerializeToUtf8Bytes(tree, InspectorJson.Default.TreeView);
    }

    public StateView ReadState()
    {
        Drain();
        long now = _trace.Time;
        _activity.Advance(now);
        long loopClock = (_loop.Time.Ticks * TimeSpan.NanosecondsPerTick) - now;
        var reader = new StateReader(_state, _trace.Names, now, loopClock, _last.NameOf);
        StateView view = reader.Read(_last.Read(), _events - _last.Count + 1);
        SpanView[] history = _activity.Read(SpansMax);
        return view with
        {
            Mode = "live",
            Version = _version,
            RecordingVersion = _recordingVersion,
            HasEnded = _loop.IsClosed,
            Moment = new MomentView(_events, _events, now, now),
            Turn = view.Turn with { PollShare = PollShareOf(history) },
            Blocked = _blocked.Find(view.Turn),
            History = history,
        };
    }

    /// <summary>Of the last whole spans of a second; null before there is one.</summary>
    private double? PollShareOf(SpanView[] history)
    {
        int whole = (int)Math.Min(_activity.Whole, 4);
        return whole == 0 ? null : 1 - history[^(whole + 1)..^1].Average(one => one.Busy);
    }

    /// <summary>Begins to record; false if a recording is in progress.</summary>
    public bool TryRecord(TimeSpan length)
    {
        if (_recording is not null)
        {
            return false;
        }

        RecordingFailure = null;
        Drain();
        _recordingBegin = LoopInspectorServer.WallTime;
        _recording = new LiveRecording(
            _state, _trace.Time, length, _options.RecordedEventsMax);
        _recordingVersion++;
        return true;
    }

    // A recording that takes too much memory must not end the observation.
    private void Fail(Exception error)
    {
        if (_recording is not null)
        {
            _recording = null;
            _recordingVersion++;
            RecordingFailure = error.Message;
        }

        EventLoop.Current.Report(new LoopErrorContext
        {
            Message = "The inspector cannot take the events of its loop.",
            Exception = error,
        });
    }

    private void Drain()
    {
        _drained.Clear();
        _trace.DrainTo(_drained);
        ReadOnlySpan<TraceEvent> events = CollectionsMarshal.AsSpan(_drained);
        _recording?.Add(events);
        foreach (ref readonly TraceEvent one in events)
        {
            _last.Learn(_state, one);
            _state = TraceState.Reduce(_state, one);
            _activity.Add(one);
        }

        _events += events.Length;
        _last.Add(events);
        if (_recording is { } recording && (_trace.Time >= recording.EndNs || _loop.IsClosed))
        {
            _recording = null;
            _recordingVersion++;
            _shelf.Add(new RecordedRun(new LoopTrace(
                _info with { Begin = _recordingBegin }, _trace.Names, recording.Events)));
        }
    }
}
