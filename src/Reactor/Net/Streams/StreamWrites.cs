using System.Buffers;

namespace Reactor.Net;

/// <summary>
/// Writing as in asyncio, without a flush: the writes of a turn leave in one send in the next turn,
/// and a background task sends what the kernel does not take.
/// </summary>
/// <remarks>
/// Loop thread only. Rejected: sending in each write, as asyncio does: ten small writes would be
/// ten system calls. Above the high-water mark a write sends at once.
/// </remarks>
internal sealed class StreamWrites(Connection connection) : LoopWork
{
    private readonly ConnectionWriter _writer = connection.Writer;
    private LoopTask? _rest;

    public static StreamWrites Of(Connection connection) =>
        (StreamWrites)(connection.Extras.Writes ??= new StreamWrites(connection));

    public void Write(ReadOnlySpan<byte> data)
    {
        _writer.ThrowIfShutdown(); // also for no bytes, as in asyncio
        if (data.IsEmpty || _writer.DropsBytes)
        {
            return;
        }

        _writer.Write(data);
        if (_writer.UnsentBytes > connection.StreamOptions.WriteBufferHighBytes)
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
    /// Sends what the kernel takes, the rest in the background. True if the writer has to wait.
    /// </summary>
    public bool SendNow()
    {
        // Not if nothing is unsent: a flush would return a block that the writer was asked for.
        if (_writer.UnsentBytes > 0 && !_writer.TryFlush() && _rest is not { IsDone: false })
        {
            _rest = connection.Loop.CreateTask(_writer.FlushAllAsync(), "send");
        }

        StreamOptions options = connection.StreamOptions;
        _writer.UpdatePause(options.WriteBufferLowBytes, options.WriteBufferHighBytes);
        return _writer.IsPaused;
    }

    public async Coroutine DrainAsync()
    {
        ThrowIfBroken();
        while (SendNow())
        {
            await _writer.FlushAllAsync(connection.StreamOptions.WriteBufferLowBytes);
        }

        ThrowIfBroken();
    }

    private void ThrowIfBroken()
    {
        if (connection.IsOutputBroken)
        {
            throw connection.ResetException();
        }
    }
}
