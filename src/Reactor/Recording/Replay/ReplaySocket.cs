using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// A socket of a replay: receives what was recorded, and checks that the same bytes are sent. Loop
/// thread only.
/// </summary>
internal sealed class ReplaySocket(ReplayMatcher replay, int number) : DriverSocket, IReplayObject
{
    private readonly ReplayOperation _readable = new(replay);
    private ReplayOperation? _send;
    private DescriptorView? _descriptor;
    private EndPoint? _local;
    private EndPoint? _remote;
    private bool _isClosed;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => _local is not null && !_isClosed
        ? _local
        : _local = Address(EntryKind.LocalAddress, "the local address");

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint =>
        _remote ??= Address(EntryKind.RemoteAddress, "the address of the peer");

    /// <inheritdoc/>
    public override SafeHandle? Descriptor
    {
        get
        {
            int descriptor = (int)Answer(EntryKind.Descriptor, "the descriptor");
            return descriptor < 0 ? null : _descriptor ??= new DescriptorView(descriptor);
        }
    }

    /// <inheritdoc/>
    public override OperationAwaitable WaitReadableAsync() =>
        _readable.WaitAsync(number, "a wait for bytes");

    /// <inheritdoc/>
    public override IoResult Receive(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(replay.IsClosed, this);
        ref readonly RecordedEntry entry = ref replay.Entry;
        bool hasFailed = entry.Kind == EntryKind.ReceiveFailed;
        if ((!hasFailed && entry.Kind != EntryKind.Receive) || entry.Object != number
            || entry.Length != buffer.Length || replay.IsOver)
        {
            throw replay.Differ($"a receive of socket {number} into {buffer.Length} bytes");
        }

        replay.Data.CopyTo(buffer);
        IoResult result = hasFailed
            ? new IoResult(0, entry.Error)
            : new IoResult(entry.DataLength, SocketError.Success);
        replay.Next();
        return result;
    }

    /// <inheritdoc/>
    public override IoResult Send(ReadOnlySpan<byte> data)
    {
        bool isWhole = replay.Entry.Kind != EntryKind.SendPart;
        CheckSent(isWhole ? EntryKind.Send : EntryKind.SendPart, data);
        var result = new IoResult(
            (int)replay.Entry.Value, isWhole ? SocketError.Success : replay.Entry.Error);
        replay.Next();
        return result;
    }

    /// <inheritdoc/>
    public override OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data)
    {
        bool isDone = replay.Entry.Kind == EntryKind.SendAllDone;
        CheckSent(isDone ? EntryKind.SendAllDone : EntryKind.SendAll, data.Span);
        _send ??= new ReplayOperation(replay);
        if (isDone)
        {
            _send.CompleteAtOnce(replay.Entry.Error);
        }
        else
        {
            _send.Begin();
        }

        replay.Next();
        return new OperationAwaitable(_send);
    }

    /// <inheritdoc/>
    public override long? GetAcknowledgedBytes() =>
        OrNull(Answer(EntryKind.Acknowledged, "the number of acknowledged bytes"));

    /// <inheritdoc/>
    public override long? GetUnacknowledgedBytes() =>
        OrNull(Answer(EntryKind.Unacknowledged, "the number of unacknowledged bytes"));

    /// <inheritdoc/>
    public override SocketError GetFailure()
    {
        if (replay.IsClosed)
        {
            return SocketError.Success;
        }

        SocketError failure =
            replay.Take(EntryKind.Failure, number, "the failure of a socket").Error;
        replay.Next();
        return failure;
    }

    /// <inheritdoc/>
    public override void ShutdownSend() =>
        replay.Effect(EntryKind.EndSend, number, "the end of the stream");

    /// <inheritdoc/>
    public override void Close(bool reset)
    {
        _isClosed = true;
        replay.Effect(
            EntryKind.Close, number, reset ? "a close with a reset" : "a close", reset ? 1 : 0);
    }

    /// <inheritdoc/>
    public bool IsOver => _isClosed && !_readable.IsInFlight && _send is not { IsInFlight: true };

    /// <inheritdoc/>
    public void Deliver(in RecordedEntry entry) =>
        (entry.Kind == EntryKind.SendCompleted ? _send! : _readable).Deliver(entry.Error);

    private static long? OrNull(long answer) => answer < 0 ? null : answer;

    private EndPoint? Address(EntryKind kind, string requested)
    {
        if (replay.IsClosed)
        {
            return null;
        }

        EndPoint? address = replay.Take(kind, number, requested).Address;
        replay.Next();
        return address;
    }

    private long Answer(EntryKind kind, string requested)
    {
        if (replay.IsClosed)
        {
            return -1;
        }

        long answer = replay.Take(kind, number, requested).Value;
        replay.Next();
        return answer;
    }

    private void CheckSent(EntryKind kind, ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(replay.IsClosed, this);
        ref readonly RecordedEntry entry = ref replay.Entry;
        if (entry.Kind != kind || entry.Object != number || entry.Length != data.Length
            || entry.Sum != Checksum.Of(data) || replay.IsOver)
        {
            throw replay.Differ(
                $"a send of {data.Length} bytes of socket {number}: {EntryText.OfBytes(data)}");
        }
    }
}
