using System.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// One loop of a run with its share of the connections and of the schedule: warm-up, window, drain.
/// Loop thread only, except <see cref="Interrupt"/> and what the coordinator reads for progress.
/// </summary>
internal sealed class Worker
{
    /// <summary>The least time without a server after which an exact number is given up.</summary>
    private static readonly TimeSpan s_goneMin = TimeSpan.FromSeconds(2);

    private readonly List<LoadConnection> _connections = [];
    private readonly Stack<LoadConnection> _spare = [];
    private readonly IdleConnections _idle;
    private readonly Pacer? _pacer;
    private readonly Ticker _ticker;
    private readonly Promise<Unit> _interrupted;
    private readonly Promise<Unit> _quiet;
    private readonly ConnectionRamp _ramp;
    private int _active;
    private int _open;
    private int _further;
    private long? _left;
    private TimeSpan _furtherFrom;
    private TimeSpan? _disconnectedSince;
    private bool _isSending = true;

    /// <summary>Makes a worker of the running loop.</summary>
    /// <param name="plan">The plan of the whole run.</param>
    /// <param name="target">The address.</param>
    /// <param name="number">The number of the worker, from 0.</param>
    /// <param name="begin">The begin of the run on this loop's clock.</param>
    public Worker(LoadPlan plan, EndPoint target, int number, TimeSpan begin)
    {
        Loop = EventLoop.Current;
        (Plan, Target, Number, Begin) = (plan, target, number, begin);
        Record = new WorkerRecord(plan, begin);
        _interrupted = Loop.CreateFuture<Unit>();
        _quiet = Loop.CreateFuture<Unit>();
        _ramp = new ConnectionRamp(plan);
        _active = plan.Connections;
        _ticker = new Ticker(this);
        _idle = new IdleConnections(this);
        _pacer = plan.Schedule is { } schedule ? new Pacer(this, schedule, _idle) : null;
        _left = plan.Count is { } count && _pacer is null
            ? (count / plan.Threads) + (number < count % plan.Threads ? 1 : 0)
            : null;
    }

    public EventLoop Loop { get; }

    public LoadPlan Plan { get; }

    public EndPoint Target { get; }

    public int Number { get; }

    /// <summary>The begin of the run on the loop's clock.</summary>
    public TimeSpan Begin { get; }

    public WorkerRecord Record { get; }

    /// <summary>The rates of the window.</summary>
    public IReadOnlyList<double> Rates => _ticker.Rates;

    /// <summary>The loop's clock.</summary>
    public TimeSpan Now => Loop.Time;

    /// <summary>Time that the pacer spent spinning.</summary>
    public TimeSpan SpinTime => _pacer?.SpinTime ?? TimeSpan.Zero;

    /// <summary>Connects in progress, until what follows their outcome is done.</summary>
    public int Connecting { get; set; }

    /// <summary>True while a connection is open.</summary>
    public bool IsConnected => _open > 0;

    /// <summary>Changes with each event, so that the pacer can tell waiting from work.</summary>
    public int Activity { get; set; }

    /// <summary>True while a connection without requests stays open.</summary>
    public bool KeepsOpen => _pacer is not null && !IsOver;

    /// <summary>Called when the window opens and when it closes.</summary>
    public Action<bool>? OnWindow { get; init; }

    private bool IsOver { get; set; }

    /// <summary>Runs to the end of the drain.</summary>
    public async Coroutine Run()
    {
        if (Plan.WarmUp == TimeSpan.Zero)
        {
            OpenWindow(); // before anything is sent
        }

        StartConnections();
        _pacer?.Start();
        if (Plan.WarmUp > TimeSpan.Zero)
        {
            await PassUntil(Record.Start);
            OpenWindow();
        }

        await PassUntil(Record.Start + Plan.Duration);
        CloseWindow();
        if (Record.Outstanding > 0)
        {
            await Drain();
        }

        await EndConnections();
    }

    /// <summary>
    /// Ends the window, or the drain if that runs; nothing if the worker has ended. Any thread.
    /// </summary>
    public void Interrupt()
    {
        try
        {
            Loop.CallSoonThreadSafe(static promise => promise.TrySetResult(default), _interrupted);
        }
        catch (ObjectDisposedException)
        {
            // Its loop closed between the interruption and this call.
        }
    }

    /// <summary>Whether a connection should be open, or be made.</summary>
    public bool Needs(LoadConnection connection) => _pacer is null
        ? _isSending && connection.Number < _active
        : !IsOver && (connection.Number < Plan.Connections || !connection.HasTried);

    /// <summary>Gives a connection what it can take: it has connected, or read responses.</summary>
    public void Fill(LoadConnection connection)
    {
        if (_pacer is not null)
        {
            _idle.Serve(connection);
            return;
        }

        int room = connection.Room;
        if (!_isSending || room == 0 || connection.Number >= _active)
        {
            return;
        }

        TimeSpan now = Now;
        if (_left is not null && now >= Record.Start)
        {
            room = TakeOfCount(room);
        }

        var ticket = new Ticket { Scheduled = now, Released = now };
        for (int i = 0; i < room; i++)
        {
            Record.OnScheduled(ticket);
            connection.Take(ticket);
        }

        connection.Send(now);
    }

    /// <summary>A request has ended.</summary>
    public void OnEnded()
    {
        if (Record.Outstanding == 0 && !_isSending)
        {
            _quiet.TrySetResult(default);
        }
    }

    /// <summary>The last request of an exact number was scheduled.</summary>
    public void OnCountReached()
    {
        _isSending = false;
        OnEnded();
    }

    public void OnConnected(TimeSpan begun, bool isReplacement)
    {
        _open++;
        _disconnectedSince = null;
        Record.Connects++;
        Record.Reconnects += isReplacement ? 1 : 0;
        Record.Times.Connect.Record((Now - begun).Ticks * TimeSpan.NanosecondsPerTick);
    }

    public void OnClosed() => _open--;

    public void OnConnectFailed(TimeSpan begun, Cause cause, string message)
    {
        TimeSpan now = Now;
        _furtherFrom = now + LoadConnection.PauseMax;
        Record.OnConnectFailed(begun, cause);
        if (Record.NeedsExample(cause))
        {
            Record.KeepExample(cause, now, message);
        }

        if (_open == 0)
        {
            _disconnectedSince ??= now;
            if (Connecting == 1) // this one; another could still serve what waits
            {
                _idle.FailWaiting(cause, now);
            }

            EndIfGone(now);
        }
    }

    /// <summary>The task of a connection has ended.</summary>
    public void OnLeft(LoadConnection connection)
    {
        if (_pacer is not null && connection.Number >= Plan.Connections)
        {
            _spare.Push(connection);
        }
    }

    /// <summary>
    /// Opens a further connection for a waiting request: up to the limit at a time, and not soon
    /// after a failed connect.
    /// </summary>
    public void OpenFurther()
    {
        if (_disconnectedSince is not null || Now < _furtherFrom)
        {
            return;
        }

        int number = Plan.Connections + Number + (_further * Plan.Threads);
        if (_spare.TryPop(out LoadConnection? spare))
        {
            spare.Start();
        }
        else if (number < LoadPlan.ConnectionsMax)
        {
            _further++;
            StartConnection(number);
        }
    }

    /// <summary>Follows the stages of a closed loop.</summary>
    public void FollowStages(TimeSpan now)
    {
        if (!_ramp.IsConstant && _isSending)
        {
            _active = _ramp.At(now - Record.Start);
            StartConnections();
        }
    }

    // Nothing else would end it: the requests that are left of its number will not be sent.
    private void EndIfGone(TimeSpan now)
    {
        TimeSpan limit = Plan.ConnectTimeout > s_goneMin ? Plan.ConnectTimeout : s_goneMin;
        if (_left is not null && now - _disconnectedSince >= limit)
        {
            _interrupted.TrySetResult(default);
        }
    }

    private void OpenWindow()
    {
        Record.InFlightAtStart = Record.WarmUp.Open;
        OnWindow?.Invoke(true);
        _ticker.Start(Record.Start);
    }

    private void CloseWindow()
    {
        _pacer?.Stop();
        Record.EndedDisconnected = _disconnectedSince is not null;
        _isSending = false; // so the connections of a closed loop end by themselves
        _ticker.Stop();
        Record.Close(Now);
        OnWindow?.Invoke(false);
    }

    private void StartConnections()
    {
        int mine = _connections.Count;
        for (int number = Number + (mine * Plan.Threads);
            number < _active;
            number += Plan.Threads)
        {
            StartConnection(number);
        }

        for (int i = 0; i < mine && _connections[i].Number < _active; i++)
        {
            _connections[i].Start();
        }
    }

    private void StartConnection(int number)
    {
        var connection = new LoadConnection(this, number);
        _connections.Add(connection);
        connection.Start();
    }

    private int TakeOfCount(int room)
    {
        int taken = (int)Math.Min(room, _left!.Value);
        _left -= taken;
        if (_left == 0)
        {
            _isSending = false;
        }

        return taken;
    }

    private async Coroutine PassUntil(TimeSpan moment)
    {
        TimeSpan left = moment - Now;
        if (left > TimeSpan.Zero)
        {
            await EventLoop.Wait([_interrupted, _quiet], WaitUntil.FirstCompleted, left);
        }
    }

    private async Coroutine Drain()
    {
        // What ended the window does not end the drain; a later interruption does.
        Future[] ends = _interrupted.IsDone ? [_quiet] : [_quiet, _interrupted];
        await EventLoop.Wait(ends, WaitUntil.FirstCompleted, Plan.Drain);
    }

    private async Coroutine EndConnections()
    {
        TimeSpan now = Now;
        IsOver = true;
        _idle.Stop(now);
        _connections.ForEach(static one => one.Stop());
        await EventLoop.Wait(_connections.ConvertAll(static one => one.Task!));
        Record.CompleteTimes();
        if (_connections.Find(static one => one.Failure is not null) is { } broken)
        {
            throw new InvalidOperationException("A connection's task failed.", broken.Failure);
        }
    }
}
