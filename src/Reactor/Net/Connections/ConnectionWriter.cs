using System.IO.Pipelines;

namespace Reactor.Net;

/// <summary>
/// The writing end of a connection: bytes gather in rented blocks until a flush. Only what the
/// kernel does not take at once becomes an asynchronous send.
/// </summary>
/// <remarks>
/// Loop thread only. What is written to a peer that is gone is dropped; after the end of our stream
/// writing throws.
/// </remarks>
internal sealed class ConnectionWriter(Connection connection) : OutgoingChain(connection)
{
    private const int DrainBytes = 4096;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => UnsentBytes;

    public bool DropsBytes => IsBroken || (Ends & OutputEnds.Closing) != 0;

    public bool IsShutdown => (Ends & OutputEnds.Shutdown) != 0;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        ThrowIfOver();
        return DropsBytes
            ? Drain(sizeHint)
            : Queue.TailWith(Connection.Pool, Math.Max(sizeHint, 1)).FreeSpan();
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfOver();
        return DropsBytes
            ? Drain(sizeHint)
            : Queue.TailWith(Connection.Pool, Math.Max(sizeHint, 1)).FreeMemory();
    }

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ThrowIfShutdown(); // the stream may have ended since GetMemory
        if (DropsBytes)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Queue.Tail?.FreeBytes ?? 0);
        Queue.Extend(bytes);
    }

    /// <summary>From now on, what is written is dropped.</summary>
    public void StopTaking() => Ends |= OutputEnds.Closing;

    /// <summary>From now on, writing throws.</summary>
    public void NoteEnd() => Ends |= OutputEnds.Shutdown;

    /// <summary>Ends our stream once all is sent; writing throws.</summary>
    public void SendEnd()
    {
        NoteEnd();
        if (TryFlush())
        {
            Connection.Socket.ShutdownSend();
        }
        else
        {
            Connection.Loop.CreateTask(FlushAndSendEnd(), "send and shut down");
        }
    }

    /// <exception cref="InvalidOperationException">This side has ended its stream.</exception>
    public void ThrowIfShutdown()
    {
        if (IsShutdown)
        {
            throw AfterShutdown();
        }
    }

    /// <summary>What each way of writing throws after <c>ShutdownSend</c>.</summary>
    public static InvalidOperationException AfterShutdown() =>
        new("Writing is not allowed after ShutdownSend(): this side has ended its stream.");

    /// <summary>Sends everything, then closes; closes too when it is cancelled.</summary>
    public async Coroutine FlushAndCloseAsync(CloseReason reason)
    {
        try
        {
            await FlushAllAsync();
        }
        finally
        {
            Connection.Close(reason);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Connection.Loop.ThrowIfCancelled(cancellationToken);
        return TryFlush() ? new ValueTask<FlushResult>(new FlushResult(false, IsBroken)) : Slow();

        async ValueTask<FlushResult> Slow()
        {
            await FlushAllAsync();
            return new FlushResult(false, IsBroken);
        }
    }

    /// <exception cref="NotSupportedException">Always.</exception>
    public override void CancelPendingFlush() =>
        throw new NotSupportedException(
            "A flush that has begun cannot be cancelled: abort instead.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => Ends |= OutputEnds.Completed;

    private async Coroutine FlushAndSendEnd()
    {
        await FlushAllAsync();
        if (!Connection.IsClosed)
        {
            Connection.Socket.ShutdownSend();
        }
    }

    private void ThrowIfOver()
    {
        ThrowIfShutdown();
        if ((Ends & OutputEnds.Completed) != 0)
        {
            throw new InvalidOperationException(
                "Writing is not allowed after the writer was completed.");
        }
    }

    private byte[] Drain(int sizeHint)
    {
        ConnectionExtras extras = Connection.Extras;
        if (extras.Drain.Length == 0 || extras.Drain.Length < sizeHint)
        {
            extras.Drain = new byte[Math.Max(sizeHint, DrainBytes)];
        }

        return extras.Drain;
    }
}
