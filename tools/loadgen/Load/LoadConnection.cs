using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// One connection of the closed loop: keeps a fixed number of requests in flight, and sends the
/// next when a response is complete. Reconnects when the connection ends.
/// </summary>
/// <remarks>
/// <para>Loop thread only; one task.</para>
/// <para>
/// Every request is counted twice: when it is sent and when it ends. The clock is read immediately
/// before each send, once per batch, and after the last byte of each response is parsed.
/// </para>
/// <para>
/// One timer per connection enforces the response time-out, armed for the oldest request in flight.
/// It costs nothing for a request that is answered in time.
/// </para>
/// </remarks>
internal sealed class LoadConnection(
    EventLoop loop, LoadPlan plan, EndPoint target, Measurement measurement)
{
    // A doubling pause after an error: immediate reconnects would measure their own load.
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMilliseconds(200);

    private readonly ResponseReader _reader = new(plan.Request.Method);
    private readonly SendTimes _sent = new(plan.PipelineDepth);
    private Connection? _connection;
    private LoopTask? _flush;
    private TimerHandle? _watchdog;
    private TimeSpan _pause = s_pauseMin;
    private bool _hasConnected;
    private bool _isOver;
    private bool _hasFailed;

    /// <summary>Sends requests until the window closes and every request has ended.</summary>
    public async Coroutine Run()
    {
        try
        {
            while (measurement.IsSending)
            {
                bool wentWell = await TryConnect() && await Exchange();
                if (!wentWell && measurement.IsSending)
                {
                    await EventLoop.Delay(_pause);
                    _pause = _pause * 2 < s_pauseMax ? _pause * 2 : s_pauseMax;
                }
            }
        }
        finally
        {
            EndAllInFlight();
            _connection?.Abort();
            _watchdog?.Cancel();
            _reader.Release();
        }
    }

    private async Coroutine<bool> TryConnect()
    {
        TimeSpan begun = measurement.Now;
        try
        {
            _connection = await Connector.Open(target, plan.Timeout);
        }
        catch (SocketException)
        {
            measurement.BooksOf(begun).ConnectErrors++;
            return false;
        }

        measurement.Connects++;
        measurement.Reconnects += _hasConnected ? 1 : 0;
        _hasConnected = true;
        return true;
    }

    /// <summary>Uses the connection until it ends; true if it ended without an error.</summary>
    private async Coroutine<bool> Exchange()
    {
        Connection connection = _connection!;
        (_isOver, _hasFailed) = (false, false);
        _reader.Reset();
        Fill(connection);
        while (_sent.Count > 0)
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

        connection.Close();
        if (_flush is { IsDone: false } flush)
        {
            await EventLoop.Wait([flush]);
        }

        _flush = null;
        _connection = null;
        return !_hasFailed;
    }

    /// <summary>Sends until the pipeline has its full depth.</summary>
    private void Fill(Connection connection)
    {
        int count = plan.PipelineDepth - _sent.Count;
        if (!measurement.IsSending || count == 0)
        {
            return;
        }

        for (int i = 0; i < count; i++)
        {
            connection.Output.Write(plan.Request.Bytes.Span);
        }

        TimeSpan now = measurement.Now;
        for (int i = 0; i < count; i++)
        {
            _sent.Add(now);
        }

        Tally books = measurement.BooksOf(now);
        books.Scheduled += count;
        books.Sent += count;
        if (_watchdog is null)
        {
            Watch();
        }

        if (!connection.TryFlush() && _flush is null or { IsDone: true })
        {
            // In parallel with reading: a peer may send before it reads on.
            _flush = loop.CreateTask(connection.FlushAsync(), "flush");
        }

        if (connection.IsOutputBroken)
        {
            Fail(Cause.BrokenPipe, Cause.BrokenPipe);
        }
    }

    private void Receive(Connection connection)
    {
        PipeReader input = connection.Input;
        if (!input.TryRead(out ReadResult read))
        {
            return;
        }

        ReadOnlySequence<byte> rest = read.Buffer;
        ParseStatus status = ParseStatus.Done;
        while (_sent.Count > 0 && !rest.IsEmpty && status == ParseStatus.Done)
        {
            status = _reader.Read(ref rest);
            if (status == ParseStatus.Done)
            {
                Complete();
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
        else if (_sent.Count == 0 && !rest.IsEmpty && !_isOver)
        {
            measurement.BooksOf(measurement.Now).Unasked++;
            (_isOver, _hasFailed) = (true, true);
        }

        if (!_isOver)
        {
            Fill(connection);
        }
    }

    private void OnInputEnd(Connection connection)
    {
        bool isOrderly = connection.CloseReason == CloseReason.PeerClosed;
        if (_sent.Count > 0 && isOrderly && _reader.ReadEnd() == ParseStatus.Done)
        {
            Complete(); // a body that ends with the stream
        }
        else if (_sent.Count > 0)
        {
            Cause end = isOrderly ? Cause.EofBeforeResponse : Cause.Reset;
            Fail(end, end);
        }

        _isOver = true; // a peer that closes between two responses does no wrong
    }

    private void Complete()
    {
        measurement.OnResponse(_sent.TakeOldest(), _reader.Status, _reader.Bytes);
        _pause = s_pauseMin;
        if (!_reader.KeepAlive || plan.Request.AsksToClose)
        {
            _isOver = true;
            EndAll(Cause.Unanswered);
        }

        _reader.Next();
    }

    /// <summary>
    /// Ends the requests of an unusable connection: the oldest, and the others.
    /// </summary>
    private void Fail(Cause oldest, Cause others)
    {
        (_isOver, _hasFailed) = (true, true);
        if (_sent.Count > 0)
        {
            Tally books = measurement.BooksOf(_sent.TakeOldest());
            books.Fail(oldest);
            books.Bytes += _reader.Bytes;
        }

        EndAll(others);
    }

    private void EndAll(Cause end)
    {
        while (_sent.Count > 0)
        {
            measurement.BooksOf(_sent.TakeOldest()).Fail(end);
        }
    }

    private void EndAllInFlight()
    {
        while (_sent.Count > 0)
        {
            measurement.BooksOf(_sent.TakeOldest()).InFlight++;
        }
    }

    /// <summary>Arms the timer for the deadline of the oldest request.</summary>
    private void Watch() => _watchdog = loop.CallAt(
        _sent.Oldest + plan.Timeout, static connection => connection.OnWatchdog(), this);

    private void OnWatchdog()
    {
        _watchdog = null;
        if (_sent.Count == 0)
        {
            return; // the next send sets it again
        }

        TimeSpan sentLatest = measurement.Now - plan.Timeout;
        if (_sent.Oldest > sentLatest)
        {
            Watch(); // that one was answered long ago, and another is the oldest now
            return;
        }

        while (_sent.Count > 1 && _sent.Oldest <= sentLatest)
        {
            measurement.BooksOf(_sent.TakeOldest()).Fail(Cause.Timeout);
        }

        Fail(
            _sent.Oldest <= sentLatest ? Cause.Timeout : Cause.Unanswered,
            Cause.Unanswered);
        _connection!.Abort();
    }
}
