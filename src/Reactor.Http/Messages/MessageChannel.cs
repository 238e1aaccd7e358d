using System.IO.Pipelines;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// What a connection lends to the bodies and writers of a message: reading, sending, the state of
/// the peer, and deadlines. They know neither server nor client.
/// </summary>
/// <remarks>
/// Loop thread only. The connection derives from it: an idle one pays for each object.
/// </remarks>
internal abstract class MessageChannel(Connection connection) : Deadlines(connection.Loop)
{
    public Connection Connection { get; } = connection;

    public EventLoop Loop => Connection.Loop;

    public PipeWriter Output => Connection.Output;

    public long WrittenBytes => Connection.SentBytes + Connection.Output.UnflushedBytes;

    public abstract ChannelLimits Limits { get; }

    /// <summary>Whether the peer is there, as far as is known.</summary>
    public PeerState Peer
    {
        get
        {
            bool isLeft = Connection.IsPeerGone || (Limits.HalfCloseIsDisconnect
                && Connection.CloseReason == CloseReason.PeerClosed);
            return isLeft ? PeerState.Left
                : Connection.IsOutputBroken ? PeerState.CutOff
                : PeerState.Present;
        }
    }

    /// <summary>Cancelled when the peer leaves during the present message.</summary>
    public abstract CancellationToken Aborted { get; }

    /// <summary>
    /// True if output is made while input is read: its peer may read only as fast as it is read.
    /// </summary>
    protected virtual bool IsDuplex => false;

    /// <summary>Made on first use.</summary>
    protected abstract SendPace Pace { get; }

    /// <summary>True if bytes, or the end, were received without a reader.</summary>
    protected virtual bool HasReadAhead => false;

    /// <summary>Asks the kernel for the state of the peer; may cost some system calls.</summary>
    public abstract PeerState AskPeer();

    public abstract void Report(Rejection reason, long offset);

    public bool TryRead(out ReadResult read)
    {
        OnReading();
        return Connection.Input.TryRead(out read);
    }

    /// <summary>Consumes what was read up to a position.</summary>
    public void Advance(SequencePosition consumed)
    {
        Connection.Input.AdvanceTo(consumed);
        OnConsumed();
    }

    /// <summary>Finds so many bytes if they are there in one piece.</summary>
    public bool TryPeek(int bytes, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (Connection.UnreadBytes < bytes
            || !Connection.TryReadPiece(out ReadOnlySpan<byte> piece) || piece.Length < bytes)
        {
            return false;
        }

        content = piece[..bytes];
        return true;
    }

    /// <summary>Consumes bytes found by <see cref="TryPeek"/>.</summary>
    public void Consume(int bytes)
    {
        OnReading();
        Connection.Consume(bytes);
        OnConsumed();
    }

    public OperationAwaitable WaitReadableAsync() =>
        HasReadAhead ? OperationAwaitable.Done : Connection.WaitReadableAsync();

    /// <summary>Sends what the kernel takes now; true if that is all.</summary>
    public bool TryFlush()
    {
        bool isFlushed = Connection.TryFlush();
        OnFlushed();
        return isFlushed;
    }

    /// <summary>
    /// Sends all output within the deadlines. Returns when it is sent, or cannot be.
    /// </summary>
    public Coroutine FlushAsync() => FlushAsync(mayWait: true);

    /// <summary>
    /// Sends output before a wait for input; a duplex channel does not wait until it is sent.
    /// </summary>
    public Coroutine FlushForReadAsync() => FlushAsync(mayWait: !IsDuplex);

    /// <summary>Sends what the kernel takes now, and the rest in a background task.</summary>
    public void FlushSoon()
    {
        if (!TryFlush() && Pace.Rest is not { IsDone: false })
        {
            Pace.Rest = Loop.CreateTask(FlushAsync(), "send");
        }
    }

    public void BeginSend() => Pace.Begin(Loop.Time, Connection.GetAcknowledgedBytes());

    public void WaitForSend()
    {
        TimeSpan left = Pace.TimeLeft(Loop.Time, Connection.GetAcknowledgedBytes());
        SetDeadline(DeadlineKind.Send, Loop.MomentAfter(left));
    }

    public void EndSend()
    {
        Pace.End();
        if (!Pace.IsWaiting)
        {
            ClearDeadline(DeadlineKind.Send);
        }
    }

    public abstract void OnLate(DeadlineKind kind);

    protected override void OnLate(DeadlineKind kind, TimeSpan due)
    {
        TimeSpan left = kind == DeadlineKind.Send
            ? Pace.TimeLeft(due, Connection.GetAcknowledgedBytes())
            : TimeSpan.Zero;
        if (left > TimeSpan.Zero)
        {
            SetDeadline(kind, due + left);
        }
        else
        {
            OnLate(kind);
        }
    }

    /// <summary>A read begins: a reader knows what was read ahead.</summary>
    protected virtual void OnReading()
    {
    }

    protected virtual void OnConsumed()
    {
    }

    /// <summary>The kernel may have taken bytes, or the connection may have failed.</summary>
    protected virtual void OnFlushed()
    {
    }

    private async Coroutine FlushAsync(bool mayWait)
    {
        if (TryFlush())
        {
            return;
        }

        if (!mayWait)
        {
            FlushSoon();
            return;
        }

        BeginSend();
        try
        {
            do
            {
                WaitForSend();
                await Connection.FlushAsync((int)Connection.Output.UnflushedBytes - 1);
            }
            while (!TryFlush());
        }
        finally
        {
            EndSend();
        }
    }
}
