using System.Buffers;
using System.IO.Pipelines;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Frames the pieces of a body that is sent, and makes its writer wait while the peer does not take
/// them. Reusable.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class BodyOutput(ChannelLoan loan, ChannelLimits limits)
{
    /// <summary>A small write counts as this: its cost is the system call.</summary>
    private const int WriteBytesMin = 4096;

    /// <summary>A piece with its chunk line fits into one block.</summary>
    private const int WriteBytesMax = BlockPool.BlockBytes - 64;

    private bool _isChunked;
    private int _turnBytes;

    /// <summary>Bytes that one <see cref="Write"/> takes at most.</summary>
    public int PieceBytesMax => Math.Min(limits.StreamHighBytes / 2, WriteBytesMax);

    public void Begin(bool isChunked)
    {
        _isChunked = isChunked;
        _turnBytes = 0;
    }

    /// <summary>True if <see cref="MakeRoomAsync"/> is due before so many bytes.</summary>
    public bool MustWait(int length) =>
        loan.Channel.Output.UnflushedBytes > limits.StreamHighBytes - length
        || _turnBytes >= limits.StreamBytesPerTurn
        || loan.Channel.Connection.IsOutputBroken;

    public async Coroutine MakeRoomAsync(int length)
    {
        MessageChannel channel = loan.Channel;
        int unsentMax = limits.StreamHighBytes - length;
        if (channel.Output.UnflushedBytes > unsentMax)
        {
            channel.FlushSoon();
            if (channel.Output.UnflushedBytes > unsentMax)
            {
                _turnBytes = 0;
                await channel.Connection.FlushAsync(limits.StreamHighBytes / 2);
            }
        }

        if (_turnBytes >= limits.StreamBytesPerTurn || channel.Connection.IsOutputBroken)
        {
            // A peer that keeps up, or is gone, never makes the writer wait.
            channel.FlushSoon();
            _turnBytes = 0;
            await EventLoop.Yield();
        }
    }

    /// <summary>Counts a piece towards the turn, also one that is not sent.</summary>
    public void Count(int bytes) => _turnBytes += Math.Max(bytes, WriteBytesMin);

    public void Write(ReadOnlySpan<byte> piece)
    {
        PipeWriter output = loan.Channel.Output;
        if (!_isChunked)
        {
            output.Write(piece);
            return;
        }

        Span<byte> line = stackalloc byte[ChunkFraming.LineBytesMax];
        output.Write(line[..ChunkFraming.WriteLine(piece.Length, line)]);
        output.Write(piece);
        output.Write(ChunkFraming.DataEnd);
    }

    /// <summary>Ends the framing, with an empty trailer section.</summary>
    public void End()
    {
        if (_isChunked)
        {
            loan.Channel.Output.Write(ChunkFraming.LastChunk);
        }
    }
}
