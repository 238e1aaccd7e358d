// One connection: sends the requests that it is given or, in a closed loop, the next one when a
// response is complete, and reads the responses. Reconnects when the connection ends.
//
// Every request is counted when it is scheduled and when it ends. Its send is stamped immediately
// before the bytes go to the kernel, once for requests that are sent together. A response is
// stamped when its last byte is parsed, each of a pipeline by itself.
//
// The timer, which is this object, is armed for the oldest request in flight and fires without a
// response. It costs nothing for a request that is answered in time: when it falls due, it is armed
// again for the request that is the oldest then.
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
    // A doubling pause after an error: immediate reconnects would measure their own load.
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMilliseconds(200);

    private readonly LoadPlan _plan = worker.Plan;
    private readonly WorkerRecord _record = worker.Record;
    private readonly ResponseReader _reader =
        new(worker.Plan.Request.Method, worker.Plan.Expectation);

    private readonly TicketRing _tickets = new(worker.Plan.PipelineDepth);
    private readonly int _requestsMax = RequestsMaxOf(worker.Plan);
    private Connection? _connection;
    private LoopTask? _flush;
    private TimeSpan _pause = s_pauseMin;
    private TimeSpan _firstByte;
    private int _unsent;
    private int _taken;
    private long _answered;
    private bool _hasConnected;
    private bool _isOver = true;
    private bool _hasFailed;

    /// <summary>The number in the run; a closed loop with stages uses the lowest.</summary>
    public int Number => number;

    /// <summary>True while a task runs it.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>True once it has tried to connect.</summary>
    public bool HasTried { get; private set; }

    /// <summary>For <see cref="IdleConnections"/>: it is in its list.</summary>
    public bool IsListed { get; set; }

    /// <summary>How many further requests it can take now.</summary>
    public int Room => _isOver
        ? 0
        : Math.Min(_plan.PipelineDepth - _tickets.Count, _requestsMax - _taken);

    /// <summary>True if it has requests that <see cref="Send"/> must stamp.</summary>
    public bool HasUnsent => _unsent > 0;

    /// <summary>Sends requests until the worker needs it no more.</summary>
    public async Coroutine Drive()
    {
        IsRunning = true;
        try
        {
            while (worker.Needs(this))
            {
                bool wentWell = await TryConnect() && await Exchange();
                if (!wentWell && worker.Needs(this))
                {
                    await EventLoop.Delay(_pause);
                    _pause = _pause * 2 < s_pauseMax ? _pause * 2 : s_pauseMax;
                }
            }
        }
        finally
        {
            IsRunning = false;
            Stop();
            Disarm();
            _reader.Release();
        }
    }

    /// <summary>
    /// Ends everything at the end of the drain: requests without an outcome are in flight. False
    /// if its task must be cancelled.
    /// </summary>
    public bool Stop()
    {
        TimeSpan now = worker.Now;
        while (_tickets.Count > 0)
        {
            _record.OnInFlight(_tickets.TakeOldest(), TakeFirstByte(), now, isSent: true);
        }

        _isOver = true;
        _connection?.Abort();
        return !IsRunning || _connection is not null;
    }

    /// <summary>Takes a request of the schedule; there must be room. Then call Send.</summary>
    public void Take(in Ticket ticket)
    {
        _connection!.Output.Write(_plan.Request.Bytes.Span);
        _tickets.Add(ticket);
        _taken++;
        _unsent++;
    }

    /// <summary>Stamps and sends what was taken.</summary>
    public void Send(TimeSpan now)
    {
        for (int place = _tickets.Count - _unsent; place < _tickets.Count; place++)
        {
            ref Ticket ticket = ref _tickets[place];
            ticket.Sent = now;
            _record.OnSent(ticket);
        }

        _unsent = 0;
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
        }
    }

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        if (_tickets.Count == 0)
        {
            return; // the next send sets it again
        }

        TimeSpan sentLatest = worker.Now - _plan.Timeout;
        if (_tickets.Oldest.Sent > sentLatest)
        {
            Watch(); // that one was answered long ago, and another is the oldest now
            return;
        }

        while (_tickets.Count > 1 && _tickets.Oldest.Sent <= sentLatest)
        {
            EndOldest(Cause.Timeout);
        }

        Fail(
            _tickets.Oldest.Sent <= sentLatest ? Cause.Timeout : Cause.Unanswered,
            Cause.Unanswered);
        _connection!.Abort();
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
        (_isOver, _hasFailed, _answered, _taken) = (false, false, 0, 0);
        _reader.Reset();
        worker.Fill(this);
        while (!_isOver && (_tickets.Count > 0 || worker.KeepsOpen))
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
        while (_tickets.Count > 0 && !rest.IsEmpty && status == ParseStatus.Done)
        {
            ReadOnlySequence<byte> before = rest;
            bool begins = _reader.IsIdle;
            status = _reader.Read(ref rest);
            TimeSpan now = worker.Now;
            seen ??= now; // what is in the buffer arrived by then
            _firstByte = begins ? seen.Value : _firstByte;
            if (status == ParseStatus.Done)
            {
                Complete(now);
            }
            else if (status == ParseStatus.Rejected)
            {
                KeepParseExample(before, now);
                Fail(Cause.Parse, Cause.Unanswered);
            }
        }

        input.AdvanceTo(rest.Start, rest.End);
        if (read.IsCompleted)
        {
            OnInputEnd(connection);
        }
        else if (_tickets.Count == 0 && !rest.IsEmpty && !_isOver)
        {
            _record.BooksOf(worker.Now).Unasked++;
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
        if (_tickets.Count > 0 && isOrderly && _reader.ReadEnd() == ParseStatus.Done)
        {
            Complete(worker.Now); // a body that ends with the stream
        }
        else if (_tickets.Count > 0)
        {
            Cause others = isOrderly ? Cause.EofBeforeResponse : Cause.Reset;
            Fail(isOrderly && !_reader.IsIdle ? Cause.TruncatedResponse : others, others);
        }

        // A peer that closes between two responses does no wrong; one that closes without any
        // response is not asked again at once.
        _hasFailed |= _answered == 0;
        _isOver = true;
    }

    private void Complete(TimeSpan now)
    {
        Ticket ticket = _tickets.TakeOldest();
        if (_reader.Outcome != Cause.None)
        {
            worker.KeepStatusExample(_reader.Outcome, _reader.Status, now);
        }

        _record.OnResponse(ticket, _firstByte, now, _reader);
        _pause = s_pauseMin;
        _answered++;
        if (!_reader.KeepAlive || _taken == _requestsMax)
        {
            EndReuse();
        }

        _reader.Next();
        worker.OnEnded();
    }

    /// <summary>The connection takes no further request, and none behind this is answered.</summary>
    private void EndReuse()
    {
        if (_reader.KeepAlive && _tickets.Count > 0)
        {
            return; // requests of the limited number are still in flight
        }

        _isOver = true;
        TimeSpan now = worker.Now;
        while (_tickets.Count > 0)
        {
            EndOldest(Cause.Unanswered, now, firstByte: null);
        }
    }

    /// <summary>
    /// Ends the requests of an unusable connection: the oldest, and the others.
    /// </summary>
    private void Fail(Cause oldest, Cause others)
    {
        (_isOver, _hasFailed) = (true, true);
        if (_tickets.Count > 0)
        {
            EndOldest(oldest);
        }

        TimeSpan now = worker.Now;
        while (_tickets.Count > 0)
        {
            EndOldest(others, now, firstByte: null);
        }
    }

    private void EndOldest(Cause cause)
    {
        TimeSpan now = worker.Now;
        if (_record.NeedsExample(cause))
        {
            worker.KeepExample(cause, now, _reader.Bytes, _answered);
        }

        _record.BooksOf(_tickets.Oldest.Scheduled).Bytes += _reader.Bytes;
        EndOldest(cause, now, TakeFirstByte());
    }

    private void EndOldest(Cause cause, TimeSpan now, TimeSpan? firstByte)
    {
        _record.OnFailure(_tickets.TakeOldest(), cause, firstByte, now);
        worker.OnEnded();
    }

    /// <summary>When the response of the oldest request began; null if it did not.</summary>
    private TimeSpan? TakeFirstByte()
    {
        TimeSpan? begun = _reader.IsIdle ? null : _firstByte;
        _reader.Next();
        return begun;
    }

    private void KeepParseExample(in ReadOnlySequence<byte> bytes, TimeSpan now)
    {
        if (_record.NeedsExample(Cause.Parse))
        {
            _record.KeepExample(
                Cause.Parse, now, ErrorText.Parse(_reader.Rejection.ToString(), bytes));
        }
    }

    /// <summary>Arms the timer for the deadline of the oldest request.</summary>
    private void Watch() => Set(_tickets.Oldest.Sent + _plan.Timeout);

    private static int RequestsMaxOf(LoadPlan plan) =>
        plan.Request.AsksToClose || !plan.KeepAlive ? 1 : plan.RequestsPerConnection ?? int.MaxValue;
}
