// A server whose behaviour is known, to test load generators against it.
//
// Each request takes a token if there is a limit, then its delay, then it is answered with the same
// bytes. The requests of a connection are served in order, one at a time; those of different
// connections overlap. It uses the strict parser but nothing else of the HTTP server, so that an
// error of that server is not in the target of its own measurements.
//
// Loop thread only. Delays are exact to the loop's timers; without a delay or a limit no timer is
// involved.
using System.Buffers;
using System.IO.Pipelines;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>The test server of <c>loadgen serve</c>.</summary>
internal sealed class TargetServer(EventLoop loop, ServePlan plan) : IConnectionHandler
{
    private readonly DelaySequence _delays = new(plan.Delay, plan.Seed);
    private readonly TokenBucket? _bucket = plan.Limit is { } rate ? new TokenBucket(rate) : null;
    private readonly Dictionary<Connection, RequestReader> _readers = [];
    private readonly HashSet<Connection> _working = [];
    private bool _isStopping;

    private static ReadOnlySpan<byte> Head => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"u8;

    /// <summary>Complete requests.</summary>
    public long Requests { get; private set; }

    /// <summary>Accepted connections.</summary>
    public long Connections { get; private set; }

    /// <summary>Requests that were refused with a status of 400 or above.</summary>
    public long Rejected { get; private set; }

    /// <summary>The arrivals; null if they are not recorded.</summary>
    public ArrivalStamps? Stamps { get; } = plan.Stamps ? new ArrivalStamps() : null;

    /// <summary>Serves a connection to its end.</summary>
    public async Coroutine ServeAsync(Connection connection)
    {
        Connections++;
        var reader = new RequestReader();
        _readers.Add(connection, reader);
        try
        {
            bool goesOn = true;
            while (goesOn && !connection.IsClosed)
            {
                ParseStatus status = Read(connection.Input, reader, out bool hasEnded);
                if (status == ParseStatus.Done)
                {
                    TimeSpan due = Accept();
                    if (due > TimeSpan.Zero)
                    {
                        await Work(connection, due);
                    }

                    goesOn = Answer(connection, reader);
                }
                else if (status == ParseStatus.Rejected)
                {
                    Refuse(connection, reader.Rejection);
                    goesOn = false;
                }
                else if (hasEnded || (_isStopping && reader.IsIdle))
                {
                    goesOn = false;
                }
                else
                {
                    await WaitForInput(connection, reader);
                }
            }

            await connection.CloseAsync();
        }
        finally
        {
            _readers.Remove(connection);
            reader.Release();
        }
    }

    /// <summary>
    /// Ends idle connections at once and the others after their request. The caller closes the
    /// listener first. Waits at most <see cref="ServePlan.StopTimeout"/>, then resets the rest.
    /// </summary>
    public async Coroutine StopAsync(LoopServer server)
    {
        _isStopping = true;
        foreach ((Connection connection, RequestReader reader) in _readers)
        {
            if (reader.IsIdle && !_working.Contains(connection))
            {
                _ = loop.CreateTask(connection.CloseAsync(), "close");
            }
        }

        await EventLoop.Wait([server.WaitClosedAsync()], timeout: plan.StopTimeout);
        server.AbortClients();
        await EventLoop.Wait([server.WaitClosedAsync()]);
    }

    private static ParseStatus Read(PipeReader input, RequestReader reader, out bool hasEnded)
    {
        hasEnded = false;
        if (!input.TryRead(out ReadResult read))
        {
            return ParseStatus.NeedMore;
        }

        ReadOnlySequence<byte> rest = read.Buffer;
        ParseStatus status = reader.Read(ref rest);
        hasEnded = read.IsCompleted;
        // What follows a request was not examined: the next read gets it without a receive.
        input.AdvanceTo(rest.Start, status == ParseStatus.Done ? rest.Start : rest.End);
        return status;
    }

    // What was answered before must not wait for the work on this request.
    private async Coroutine Work(Connection connection, TimeSpan due)
    {
        _working.Add(connection);
        if (!connection.TryFlush())
        {
            await connection.FlushAsync();
        }

        await EventLoop.Delay(due - loop.Time);
        _working.Remove(connection);
    }

    private static async Coroutine WaitForInput(Connection connection, RequestReader reader)
    {
        if (reader.WantsContinue)
        {
            connection.Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
            reader.OnContinued();
        }

        // The responses to all requests that came together leave together.
        if (!connection.TryFlush())
        {
            await connection.FlushAsync();
        }

        OperationAwaitable readable = connection.WaitReadableAsync();
        if (readable.IsCompleted)
        {
            await EventLoop.Yield(); // the other connections have their turn first
        }
        else
        {
            await readable;
        }
    }

    /// <summary>Counts a request and returns when it is to be answered; 0 for at once.</summary>
    private TimeSpan Accept()
    {
        Requests++;
        TimeSpan delay = _delays.Next();
        if (Stamps is null && _bucket is null && delay == TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        TimeSpan now = loop.Time;
        Stamps?.Add(now);
        TimeSpan due = (_bucket?.Take(now) ?? now) + delay;
        return due > now ? due : TimeSpan.Zero;
    }

    private bool Answer(Connection connection, RequestReader reader)
    {
        bool goesOn = reader.KeepAlive && !_isStopping;
        connection.Output.Write(Head);
        connection.Output.Write(goesOn ? "\r\n"u8 : "Connection: close\r\n\r\n"u8);
        if (!reader.IsHead)
        {
            connection.Output.Write("ok"u8);
        }

        return goesOn;
    }

    private void Refuse(Connection connection, Rejection rejection)
    {
        Rejected++;
        var head = new ResponseHeadWriter(connection.Output);
        head.StatusLine(RejectionTable.Get(rejection).Status);
        head.ContentLength(0);
        head.ConnectionClose();
        head.End();
    }
}
