using System.IO.Pipelines;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The staged close of RFC 9112 9.6: ends our stream, waits until the client has acknowledged every
/// byte, then for its end for a while, and closes.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// On Linux, closing with unread input sends a reset, as does later input, and a reset discards
/// undelivered output. So input is discarded while the client acknowledges in time
/// (<see cref="SendPace"/>). Only then the bounds of lingering begin, so that a client that still
/// sends can read the response. A client that exceeds them is reset by its own input.
/// </para>
/// </remarks>
internal sealed class LingeringClose(OpenConnection owner)
{
    private static readonly TimeSpan s_lookFirst = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan s_lookMax = TimeSpan.FromSeconds(1);

    private readonly Connection _connection = owner.Connection;
    private long _discardable = owner.Server.Options.Limits.LingerBytesMax;
    private int _turnBytes;

    private EventLoop Loop => owner.Loop;

    /// <summary>Sends the output and ends our stream; the caller closes.</summary>
    public static async Coroutine RunAsync(OpenConnection owner)
    {
        if (owner is { BrokenBehind: { } aheadBytes, Connection.IsClosed: false })
        {
            await new LingeringClose(owner).Deliver(aheadBytes);
            owner.NoteDelivery(Delivery.GaveUp);
            owner.Abort();
            return;
        }

        if (!owner.Connection.IsClosed)
        {
            owner.ClearDeadline(DeadlineKind.Phase);
            await owner.FlushAsync();
        }

        if (owner.Connection.IsClosed || owner.Connection.IsOutputBroken)
        {
            owner.NoteDelivery(Delivery.GaveUp);
            return;
        }

        if (TryEndAtOnce(owner))
        {
            return;
        }

        owner.Move(ConnectionEvent.Flushed);
        var close = new LingeringClose(owner);
        owner.Connection.ShutdownSend();
        bool isDelivered = await close.Deliver(owner.Connection.SentBytes);
        owner.NoteDelivery(isDelivered ? Delivery.Delivered : Delivery.GaveUp);
        if (isDelivered)
        {
            await close.WaitForEnd();
        }
    }

    /// <summary>
    /// True if the client has ended its stream and acknowledged every byte, as on most connections
    /// that clients end.
    /// </summary>
    private static bool TryEndAtOnce(OpenConnection owner)
    {
        Connection connection = owner.Connection;
        if (!connection.HasInputEnded || (connection.SentBytes > 0 && !connection.IsDelivered()))
        {
            return false;
        }

        if (owner.HasExchange)
        {
            owner.NoteDelivery(connection.CheckFailed() ? Delivery.GaveUp : Delivery.Delivered);
        }

        return true;
    }

    /// <summary>
    /// Waits until the client has acknowledged so many bytes; false if it never will. The deadline
    /// of sending resets a slow client.
    /// </summary>
    private async Coroutine<bool> Deliver(long bytes)
    {
        await EventLoop.Yield(); // a near peer has acknowledged by then, or ended its own stream
        if (IsDelivered(bytes))
        {
            return !_connection.CheckFailed();
        }

        TimeSpan pause = s_lookFirst;
        owner.BeginSend();
        try
        {
            do
            {
                owner.WaitForSend();
                await DiscardUntil(Loop.MomentAfter(pause));
                pause = pause + pause < s_lookMax ? pause + pause : s_lookMax;
                if (_connection.CheckFailed())
                {
                    return false;
                }
            }
            while (!IsDelivered(bytes));
        }
        finally
        {
            owner.EndSend();
        }

        return true;
    }

    /// <summary>
    /// Discards input until the client ends its stream, or time or amount is up. Input that arrives
    /// exactly at the end is in time.
    /// </summary>
    private async Coroutine WaitForEnd()
    {
        HttpServerOptions options = owner.Server.Options;
        TimeSpan end = Loop.MomentAfter(options.Times.LingerTimeout);
        TimeSpan idle = Loop.MomentAfter(options.Times.LingerIdleTimeout);
        while (MayDiscard)
        {
            TimeSpan due = idle < end ? idle : end;
            bool isDiscarded = TryDiscard();
            if (Loop.Time is var now && (isDiscarded ? now > end : now >= due))
            {
                owner.Move(ConnectionEvent.LingerTimeout);
                return;
            }

            if (isDiscarded)
            {
                idle = Loop.MomentAfter(options.Times.LingerIdleTimeout);
                await ShareTurn();
            }
            else
            {
                owner.SetDeadline(DeadlineKind.Phase, due);
                await _connection.WaitReadableAsync();
            }
        }
    }

    /// <summary>Discards input until a moment, or until the client ends its stream.</summary>
    private async Coroutine DiscardUntil(TimeSpan moment)
    {
        if (!MayDiscard)
        {
            // Readiness would be reported repeatedly.
            await EventLoop.Wait([_connection.WaitClosedAsync()], timeout: moment - Loop.Time);
            return;
        }

        while (MayDiscard && Loop.Time < moment)
        {
            if (TryDiscard())
            {
                await ShareTurn();
            }
            else
            {
                owner.SetDeadline(DeadlineKind.Phase, moment);
                await _connection.WaitReadableAsync();
            }
        }
    }

    private bool IsDelivered(long bytes) => _connection.GetAcknowledgedBytes() >= bytes;

    private bool MayDiscard =>
        _discardable > 0 && !_connection.IsClosed && !_connection.HasInputEnded;

    private bool TryDiscard()
    {
        if (!_connection.Input.TryRead(out ReadResult read))
        {
            return false;
        }

        _discardable -= read.Buffer.Length;
        _turnBytes += (int)read.Buffer.Length;
        _connection.Input.AdvanceTo(read.Buffer.End);
        return true;
    }

    /// <summary>A client that sends without pause must not delay others.</summary>
    private async Coroutine ShareTurn()
    {
        if (_turnBytes >= owner.Server.Options.Limits.StreamBytesPerTurn)
        {
            _turnBytes = 0;
            await EventLoop.Yield();
        }
    }
}
