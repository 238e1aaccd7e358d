using System.Buffers;

namespace Reactor.Net;

/// <summary>
/// Writing in asyncio's manner: what was written is sent without another call. The writes of a turn
/// gather and leave in one send in the next; what the kernel does not take then is sent by a task
/// in the background, and <see cref="Drain"/> is how a writer keeps pace with it.
/// </summary>
/// <remarks>
/// <para>Loop thread only. This object is itself the work that is posted, so a write allocates
/// nothing but its blocks.</para>
/// <para>
/// Sending at once in each write, as asyncio does, was rejected: a response of ten small writes
/// would be ten system calls and ten segments. Above the high mark it is sent at once, because more
/// gathering could only cost memory.
/// </para>
/// </remarks>
internal sealed class StreamWrites(Connection connection, ConnectionWriter writer) : LoopWork
{
    private LoopTask? _rest;
    private bool _isPaused;

    /// <summary>True if there is something that a close would have to wait for.</summary>
    public bool HasUnsent => writer.UnflushedBytes > 0;

    public void Write(ReadOnlySpan<byte> data)
    {
        writer.ThrowIfShutdown(); // of nothing too, as in asyncio
        if (data.IsEmpty || writer.DropsBytes)
        {
            return;
        }

        writer.Write(data);
        if (writer.UnflushedBytes > connection.StreamOptions.WriteHighBytes)
        {
            SendNow();
        }
        else if (!IsQueued)
        {
            connection.Loop.Post(this);
        }
    }

    /// <inheritdoc/>
    public override void Run()
    {
        if (!connection.IsClosed)
        {
            SendNow();
        }
    }

    /// <summary>
    /// Sends what the kernel takes; the rest in the background. True if the writer has to wait.
    /// </summary>
    public bool SendNow()
    {
        // A flush of nothing would give back a block that somebody asked the writer for.
        if (HasUnsent && !writer.TryFlush() && _rest is not { IsDone: false })
        {
            _rest = connection.Loop.CreateTask(writer.FlushAll(), "send");
        }

        long unsent = writer.UnflushedBytes;
        if (unsent > connection.StreamOptions.WriteHighBytes)
        {
            _isPaused = true;
        }
        else if (unsent <= connection.StreamOptions.WriteLowBytes)
        {
            _isPaused = false;
        }

        return _isPaused;
    }

    public async Coroutine Drain()
    {
        ThrowIfBroken();
        while (SendNow())
        {
            await writer.FlushAll(connection.StreamOptions.WriteLowBytes);
        }

        ThrowIfBroken();
    }

    private void ThrowIfBroken()
    {
        if (connection.IsOutputBroken)
        {
            throw new ConnectionResetException(connection);
        }
    }
}
