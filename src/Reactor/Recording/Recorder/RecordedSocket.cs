using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Records the calls of a connected socket: received bytes whole, sent bytes as their number and
/// check sum. Loop thread only.
/// </summary>
internal sealed class RecordedSocket(LoopRecording recording, DriverSocket inner, int number)
    : DriverSocket
{
    private readonly RecordedOperation _readable = new(recording, EntryKind.Completed, number);
    private RecordedOperation? _send;
    private EndPoint? _local;
    private EndPoint? _remote;
    private bool _isClosed;

    private EntryBuffer Log => recording.Log;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => _local is not null && !_isClosed
        ? _local
        : _local = recording.Address(EntryKind.LocalAddress, number, inner.LocalEndPoint);

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => _remote
        ??= recording.Address(EntryKind.RemoteAddress, number, inner.RemoteEndPoint);

    /// <inheritdoc/>
    public override SafeHandle? Descriptor
    {
        get
        {
            SafeHandle? handle = inner.Descriptor;
            recording.Answer(
                EntryKind.Descriptor, number, handle?.DangerousGetHandle().ToInt64() ?? -1);
            return handle;
        }
    }

    /// <inheritdoc/>
    public override OperationAwaitable WaitReadableAsync() => recording.WaitAsync(
        _readable, number, inner, static socket => socket.WaitReadableAsync());

    /// <inheritdoc/>
    public override IoResult Receive(Span<byte> buffer)
    {
        IoResult result = inner.Receive(buffer);
        if (recording.IsOn)
        {
            if (!result.IsSuccess)
            {
                Log.Begin(EntryKind.ReceiveFailed, number);
                Log.Number((ulong)buffer.Length);
                Log.Error(result.Error);
            }
            else
            {
                bool isMasked = recording.IsMasked;
                Log.Begin(isMasked ? EntryKind.ReceiveMasked : EntryKind.Receive, number);
                Log.Number((ulong)buffer.Length);
                if (isMasked)
                {
                    Log.Number((ulong)result.Bytes);
                }
                else
                {
                    Log.Data(buffer[..result.Bytes]);
                }
            }

            Log.Commit();
        }

        return result;
    }

    /// <inheritdoc/>
    public override IoResult Send(ReadOnlySpan<byte> data)
    {
        IoResult result = inner.Send(data);
        if (recording.IsOn)
        {
            bool isWhole = result.IsSuccess && result.Bytes == data.Length;
            Log.Begin(isWhole ? EntryKind.Send : EntryKind.SendPart, number);
            Log.Number((ulong)data.Length);
            Log.Fixed32(SumOf(data));
            if (!isWhole)
            {
                Log.Number((ulong)result.Bytes);
                Log.Error(result.Error);
            }

            Log.Commit();
        }

        return result;
    }

    /// <inheritdoc/>
    public override OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data)
    {
        OperationAwaitable sent = inner.SendAllAsync(data);
        _send ??= new RecordedOperation(recording, EntryKind.SendCompleted, number);
        if (recording.IsOn)
        {
            Log.Begin(sent.IsCompleted ? EntryKind.SendAllDone : EntryKind.SendAll, number);
            Log.Number((ulong)data.Length);
            Log.Fixed32(SumOf(data.Span));
            if (sent.IsCompleted)
            {
                Log.Number((ulong)data.Length);
                Log.Error(sent.Result);
            }

            Log.Commit();
        }

        if (sent.IsCompleted)
        {
            _send.CompleteAtOnce(sent.Result);
        }
        else
        {
            _send.Follow(sent);
        }

        return new OperationAwaitable(_send);
    }

    /// <inheritdoc/>
    public override long? GetAcknowledgedBytes() =>
        recording.AnswerOrNull(EntryKind.Acknowledged, number, inner.GetAcknowledgedBytes());

    /// <inheritdoc/>
    public override long? GetUnacknowledgedBytes() =>
        recording.AnswerOrNull(EntryKind.Unacknowledged, number, inner.GetUnacknowledgedBytes());

    /// <inheritdoc/>
    public override SocketError GetFailure()
    {
        SocketError failure = inner.GetFailure();
        if (recording.IsOn)
        {
            Log.Begin(EntryKind.Failure, number);
            Log.Error(failure);
            Log.Commit();
        }

        return failure;
    }

    /// <inheritdoc/>
    public override void ShutdownSend()
    {
        recording.Effect(EntryKind.EndSend, number);
        inner.ShutdownSend();
    }

    // The sum of a short secret would tell it.
    private uint SumOf(ReadOnlySpan<byte> data) => recording.IsMasked ? 0 : Checksum.Of(data);

    /// <inheritdoc/>
    public override void Close(bool reset)
    {
        recording.Effect(EntryKind.Close, number, reset ? 1 : 0);
        _isClosed = true;
        inner.Close(reset);
    }
}
