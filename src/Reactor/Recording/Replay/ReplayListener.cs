using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>A listener of a replay, which accepts the recorded sockets. Loop thread only.</summary>
internal sealed class ReplayListener(ReplayMatcher replay, int number)
    : DriverListener, IReplayObject
{
    private readonly ReplayOperation _acceptable = new(replay);
    private EndPoint? _local;
    private bool _isClosed;

    /// <inheritdoc/>
    public override EndPoint LocalEndPoint
    {
        get
        {
            if (replay.IsClosed)
            {
                return _local ?? new IPEndPoint(IPAddress.None, 0);
            }

            if (_local is null)
            {
                _local = replay.Take(
                    EntryKind.LocalAddress, number, "the address of a listener").Address!;
                replay.Next();
            }

            return _local;
        }
    }

    /// <inheritdoc/>
    public override OperationAwaitable WaitAcceptableAsync() =>
        _acceptable.WaitAsync(number, "a wait for a connection");

    /// <inheritdoc/>
    public override AcceptResult Accept() => Accept(EntryKind.Accept, EntryKind.AcceptFailed);

    /// <inheritdoc/>
    public override AcceptResult AcceptLast() =>
        Accept(EntryKind.AcceptLast, EntryKind.AcceptLastFailed);

    /// <inheritdoc/>
    public override bool StopAdmitting() =>
        Flag(EntryKind.StopAdmitting, "a stop of the admission");

    /// <inheritdoc/>
    public override bool ShedOne() => Flag(EntryKind.ShedOne, "the shedding of a connection");

    /// <inheritdoc/>
    public override bool IsBrokenBy(SocketError error)
    {
        const string Requested = "the state of a listener";
        replay.Check(
            replay.IsClosed || replay.Take(EntryKind.IsBroken, number, Requested).Error == error,
            Requested);
        return Flag(EntryKind.IsBroken, Requested);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _isClosed = true;
        replay.Effect(EntryKind.Close, number, "the close", 0);
    }

    /// <inheritdoc/>
    public bool IsOver => _isClosed && !_acceptable.IsInFlight;

    /// <inheritdoc/>
    public void Deliver(in RecordedEntry entry) => _acceptable.Deliver(entry.Error);

    private bool Flag(EntryKind kind, string requested)
    {
        if (replay.IsClosed)
        {
            return false;
        }

        bool answer = replay.Take(kind, number, requested).Value != 0;
        replay.Next();
        return answer;
    }

    private AcceptResult Accept(EntryKind accepted, EntryKind failed)
    {
        string requested = "an accept";
        if (replay.Entry.Kind == failed)
        {
            SocketError error = replay.Take(failed, number, requested).Error;
            replay.Next();
            return new AcceptResult(null, error);
        }

        replay.Take(accepted, number, requested);
        replay.Next();
        var socket = new ReplaySocket(replay, replay.NextObject);
        return new AcceptResult(replay.Add(socket), SocketError.Success);
    }
}
