using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>
/// An operation that the recording completes. Loop thread only.
/// </summary>
internal sealed class ReplayOperation(ReplayMatcher replay) : DriverOperation
{
    /// <summary>Begins or joins a wait, which the recording may have ended at once.</summary>
    public OperationAwaitable WaitAsync(int number, string requested)
    {
        if (!IsInFlight)
        {
            replay.ThrowIfThrew(EntryKind.Wait, number);
            if (replay.Entry.Kind == EntryKind.WaitDone)
            {
                CompleteAtOnce(replay.Take(EntryKind.WaitDone, number, requested).Error);
            }
            else
            {
                replay.Take(EntryKind.Wait, number, requested);
                Begin();
            }

            replay.Next();
        }

        return new OperationAwaitable(this);
    }

    public void Deliver(SocketError error) => Complete(error);

    protected override void Post(LoopWork waiter) => replay.PostToLoop(waiter);
}
