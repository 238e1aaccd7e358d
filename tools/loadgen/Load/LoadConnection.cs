// One connection: sends the requests that it is given or, in a closed loop, the next one when a
// response is complete, and reads the responses. Reconnects when the connection ends.
//
// A send is stamped immediately before the bytes go to the kernel, once for requests that are sent
// together. A response is stamped when its last byte is parsed, each of a pipeline by itself.
//
// The timer, which is this object, is armed for the oldest request in flight and fires without a
// response. It costs nothing for a request that is answered in time: when it falls due, it is armed
// again for the request that is the oldest then. A response at exactly the limit is late.
//
// Loop thread only; one task at a time.
using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>One connection of a worker.</summary>
internal sealed class LoadConnection(Worker worker, int number) : DeadlineTimer(worker.Loop)
{
    /// <summary>
    /// The longest pause after an error: immediate reconnects would measure their own load.
    /// </summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(10); // then doubling

    private readonly LoadPlan _plan = worker.Plan;
    private readonly RequestsInFlight _requests = new(worker);
    private readonly int _requestsMax = RequestsMaxOf(worker.Plan);
    private Connection? _connection;
    private LoopTask? _flush;
    private TimeSpan _pause = s_pauseMin;
    private int _taken;
    private bool _hasConnected;
    private bool _isOver = true;
    private bool _hasFailed;

    /// <summary>The number in the run; a closed loop with stages uses the lowest.</summary>
    public int Number => number;

    /// <summary>The task that runs it, or ran it last; null before the first.</summary>
    public LoopTask? Task { get; private set; }

    /// <summary>Why that task failed, which is a bug; null if it did not.</summary>
    public Exception? Failure =>
        Task is { IsDone: true, IsCancelled: false } ended ? ended.Exception : null;

    /// <summary>True once it has tried to connect since its start.</summary>
    public bool HasTried { get; private set; }

    /// <summary>For <see cref="IdleConnections"/>: it is in its list.</summary>
    public bool IsListed { get; set; }

    /// <summary>How many further requests it can take now.</summary>
    public int Room => _isOver
        ? 0
        : Math.Min(_plan.PipelineDepth - _requests.Count, _requestsMax - _taken);

    /// <summary>True if it has requests that <see cref="Send"/> must stamp.</summary>
    public bool HasUnsent => _requests.Unsent > 0;

    /// <summary>
    /// Starts it, unless it runs or its task has failed: that is told at the end of the run.
    /// </summary>
    public void Start()
    {
        if (Task is null or { IsDone: true } && Failure is null)
        {
            HasTried = false;
            Task = worker.Loop.CreateTask(Drive(), "load");
        }
    }

    /// <summary>
    /// Ends everything at the end of the drain: requests without an outcome are in flight.
    /// </summary>
    public void Stop()
    {
        End();
        if (_connection is null)
        {
            Task?.Cancel(); // nothing if it has ended
        }
    }

    /// <summary>Takes a request of the schedule; there must be room. Then call Send.</summary>
    public void Take(in Ticket ticket)
    {
        _connection!.Output.Write(_plan.Request.Bytes.Span);
        _requests.Take(ticket);
        _taken++;
    }

    /// <summary>Stamps and sends what was taken.</summary>
    public void Send(TimeSpan now)
    {
        _requests.Stamp(now);
        if (Due is null)
        {
            Watch();
        }

        Connection connection = _connection!;
        if (!connection.TryFlush() && _flush is null or { IsDone: true })
        {
            // In parallel with reading: a peer may send before it reads on.
            _flush = worker.Loop.CreateTask(connection.FlushAsync(), "flush");
        }

        if (connection.IsOutputBroken)
        {
            Fail(Cause.BrokenPipe, Cause.BrokenPipe);
            connection.Abort(); // the task may wait for bytes
        }
    }

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        if (_requests.Count == 0)
        {
            return; // the next send sets it again
        }

        TimeSpan sentLatest = worker.Now - _plan.Timeout;
        if (_requests.OldestSent > sentLatest)
        {
            Watch(); // that one was answered long ago, and another is the oldest now
            return;
        }

        while (_requests.Count > 0 && _requests.OldestSent <= sentLatest)
        {
            _requests.FailOldest(Cause.Timeout);
        }

        Fail(Cause.Unanswered, Cause.Unanswered);
        _connection!.Abort();
    }

    /// <summary>Sends requests until the worker needs it no more.</summary>
    private async Coroutine Drive()
    {
        try
        {
            while (worker.Needs(this))
            {
                bool wentWell = await TryConnect() && await Exchange();
                if (!wentWell && worker.Needs(this))
                {
                    await EventLoop.Delay(_pause);
                    _pause = _pause * 2 < PauseMax ? _pause * 2 : PauseMax;
                }
            }
        }
        finally
        {
            End();
            Disarm();
            _requests.Release();
            worker.OnLeft(this);
        }
    }

    private void End()
    {
        _requests.Abandon();
        _isOver = true;
        _connection?.Abort();
    }

    private async Coroutine<bool> TryConnect()
    {
        TimeSpan begun = worker.Now;
        HasTried = true;
        worker.Connecting++;
        try
        {
            _connection = await Connector.Open(worker.Target, _plan.ConnectTimeout);
        }
        catch (SocketException error)
        {
            worker.OnConnectFailed(begun, ConnectCause.Of(error.SocketErrorCode), error.Message);
            return false;
        }
        finally
        {
            worker.Connecting--;
        }

        worker.OnConnected(begun, isReplacement: _hasConnected);
        _hasConnected = true;
        return true;
    }

    /// <summary>Uses the connection until it ends; true if it ended without an error.</summary>
    private async Coroutine<bool> Exchange()
    {
        Connection connection = _connection!;
        (_isOver, _hasFailed, _taken) = (false, false, 0);
        _requests.Reset();
        worker.Fill(this);
        while (!_isOver && (_requests.Count > 0 || worker.KeepsOpen))
        {
            OperationAwaitable readable = connection.WaitReadableAsync();
            if (readable.IsCompleted)
            {
                await EventLoop.Yield(); // the others have their turn first
            }
            else
            {
                await readable;
            }

            if (!connection.IsClosed)
            {
                Receive(connection);
            }
        }

        _isOver = true;
        connection.Close();
        worker.OnClosed();
        if (_flush is { IsDone: false } flush)
        {
            await EventLoop.Wait([flush]);
        }

        _flush = null;
        _connection = null;
        return !_hasFailed;
    }

    private void Receive(Connection connection)
    {
        PipeReader input = connection.Input;
        if (!input.TryRead(out ReadResult read))
        {
            return;
        }

        worker.Activity++;
        ReadOnlySequence<byte> rest = read.Buffer;
        TimeSpan? seen = null;
        ParseStatus status = ParseStatus.Done;
        while (_requests.Count > 0 && !rest.IsEmpty && status == ParseStatus.Done)
        {
            status = _requests.Read(ref rest, ref seen, out TimeSpan now);
            if (status == ParseStatus.Done)
            {
                Complete(now);
            }
            else if (status == ParseStatus.Rejected)
            {
                Fail(Cause.Parse, Cause.Unanswered);
            }
        }

        input.AdvanceTo(rest.Start, rest.End);
        if (read.IsCompleted)
        {
            OnInputEnd(connection);
        }
        else if (_requests.Count == 0 && !rest.IsEmpty && !_isOver)
        {
            worker.Record.BooksOf(worker.Now).Unasked++;
            (_isOver, _hasFailed) = (true, true);
        }

        if (!_isOver)
        {
            worker.Fill(this);
        }
    }

    private void OnInputEnd(Connection connection)
    {
        bool isOrderly = connection.CloseReason == CloseReason.PeerClosed;
        if (_requests.Count > 0 && isOrderly && _requests.ReadEnd())
        {
            Complete(worker.Now); // a body that ends with the stream
        }
        else if (_requests.Count > 0)
        {
            Cause others = isOrderly ? Cause.EofBeforeResponse : Cause.Reset;
            Fail(isOrderly && !_requests.IsBetween ? Cause.TruncatedResponse : others, others);
        }

        // A peer that closes between two responses does no wrong; one that closes without any
        // response is not asked again at once.
        _hasFailed |= _requests.Answered == 0;
        _isOver = true;
    }

    private void Complete(TimeSpan now)
    {
        _requests.Complete(now);
        _pause = s_pauseMin;
        bool isLast = _taken == _requestsMax && _requests.Count == 0;
        if (!_requests.KeepAlive || isLast)
        {
            _isOver = true;
            _requests.FailAll(Cause.Unanswered);
        }
    }

    /// <summary>
    /// Ends the requests of an unusable connection: the oldest, and the others.
    /// </summary>
    private void Fail(Cause oldest, Cause others)
    {
        (_isOver, _hasFailed) = (true, true);
        if (_requests.Count > 0)
        {
            _requests.FailOldest(oldest);
        }

        _requests.FailAll(others);
    }

    /// <summary>Arms the timer for the deadline of the oldest request.</summary>
    private void Watch() => Set(_requests.OldestSent + _plan.Timeout);

    private static int RequestsMaxOf(LoadPlan plan) =>
        plan.Request.AsksToClose || !plan.KeepAlive
            ? 1
            : plan.RequestsPerConnection ?? int.MaxValue;
}
