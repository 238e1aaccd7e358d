using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Reactor.Http;

/// <summary>
/// A stream of the pieces that it is given, for decoders that pull: a read without a piece waits
/// for the next one, because a read of no bytes would be the end to a decoder.
/// </summary>
/// <remarks>
/// Loop thread only. <see cref="Give"/> runs the continuation of a waiting read before it returns.
/// The decoders of .NET await with <c>ConfigureAwait(false)</c> and nothing but this stream, so no
/// scheduler is asked and all of their code runs in the calls of this thread.
/// </remarks>
internal sealed class PiecewiseStream : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _wait;
    private ReadOnlyMemory<byte> _input;
    private Memory<byte> _target;

    /// <summary>True while a read waits for a piece.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Bytes of the last piece that were not read.</summary>
    public int UnreadBytes => _input.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Replaces the piece; an empty one leaves a read waiting.</summary>
    public void Give(ReadOnlyMemory<byte> piece)
    {
        _input = piece;
        if (IsWaiting && !piece.IsEmpty)
        {
            Release(Take(_target));
        }
    }

    /// <summary>Ends a waiting read, so that the decoder gives its buffer back.</summary>
    public void End()
    {
        if (IsWaiting)
        {
            Release(0);
        }
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Debug.Assert(!IsWaiting, "a decoder reads once at a time");
        if (!_input.IsEmpty)
        {
            return new ValueTask<int>(Take(buffer));
        }

        _target = buffer;
        IsWaiting = true;
        _wait.Reset();
        return new ValueTask<int>(this, _wait.Version);
    }

    int IValueTaskSource<int>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    private int Take(Memory<byte> target)
    {
        int bytes = Math.Min(target.Length, _input.Length);
        _input[..bytes].CopyTo(target);
        _input = _input[bytes..];
        return bytes;
    }

    private void Release(int bytes)
    {
        IsWaiting = false;
        _target = default;
        _wait.SetResult(bytes);
    }
}
