using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>A connect of a replay, with the recorded outcome. Loop thread only.</summary>
internal sealed class ReplayConnect : DriverConnect, IReplayObject
{
    private readonly ReplayMatcher _replay;
    private readonly int _number;

    public ReplayConnect(ReplayMatcher replay, int number)
    {
        _replay = replay;
        _number = number;
        Begin();
    }

    /// <param name="outcome">Null: pending.</param>
    public void Start(SocketError? outcome)
    {
        if (outcome is { } error)
        {
            TakeSocket(error);
            CompleteAtOnce(error);
        }
    }

    /// <inheritdoc/>
    public override void Abandon() =>
        _replay.Effect(EntryKind.Abandon, _number, "the end of a connect");

    /// <inheritdoc/>
    public bool IsOver => !IsInFlight;

    /// <inheritdoc/>
    public void Deliver(in RecordedEntry entry)
    {
        TakeSocket(entry.Error);
        Complete(entry.Error);
    }

    protected override void Post(LoopWork waiter) => _replay.PostToLoop(waiter);

    private void TakeSocket(SocketError error)
    {
        if (error == SocketError.Success)
        {
            Socket = _replay.Add(new ReplaySocket(_replay, _replay.NextObject));
        }
    }
}
