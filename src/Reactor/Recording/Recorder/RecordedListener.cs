using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// Records the calls of a listener; an accepted socket gets the next number. Loop thread only.
/// </summary>
internal sealed class RecordedListener(LoopRecording recording, DriverListener inner, int number)
    : DriverListener
{
    private readonly RecordedOperation _acceptable = new(recording, EntryKind.Completed, number);
    private EndPoint? _local;

    /// <inheritdoc/>
    public override EndPoint LocalEndPoint => _local
        ??= recording.Address(EntryKind.LocalAddress, number, inner.LocalEndPoint)!;

    /// <inheritdoc/>
    public override OperationAwaitable WaitAcceptableAsync() => recording.WaitAsync(
        _acceptable, number, inner, static listener => listener.WaitAcceptableAsync());

    /// <inheritdoc/>
    public override AcceptResult Accept() =>
        Record(inner.Accept(), EntryKind.Accept, EntryKind.AcceptFailed);

    /// <inheritdoc/>
    public override AcceptResult AcceptLast() =>
        Record(inner.AcceptLast(), EntryKind.AcceptLast, EntryKind.AcceptLastFailed);

    /// <inheritdoc/>
    public override bool StopAdmitting() =>
        recording.Flag(EntryKind.StopAdmitting, number, inner.StopAdmitting());

    /// <inheritdoc/>
    public override bool ShedOne() =>
        recording.Flag(EntryKind.ShedOne, number, inner.ShedOne());

    /// <inheritdoc/>
    public override bool IsBrokenBy(SocketError error)
    {
        bool isBroken = inner.IsBrokenBy(error);
        if (recording.IsOn)
        {
            recording.Log.Begin(EntryKind.IsBroken, number);
            recording.Log.Error(error);
            recording.Log.Number(isBroken ? 1u : 0);
            recording.Log.Commit();
        }

        return isBroken;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        recording.Effect(EntryKind.Close, number, 0);
        inner.Close();
    }

    private AcceptResult Record(AcceptResult result, EntryKind accepted, EntryKind failed)
    {
        if (recording.IsOn)
        {
            if (result.Socket is null)
            {
                recording.Log.Begin(failed, number);
                recording.Log.Error(result.Error);
            }
            else
            {
                recording.Log.Begin(accepted, number);
            }

            recording.Log.Commit();
        }

        return result.Socket is null ? result : result with
        {
            Socket = new RecordedSocket(recording, result.Socket, recording.NextObject()),
        };
    }
}
