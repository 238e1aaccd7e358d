using Reactor.Drivers;

namespace Reactor.Tests.Recording;

/// <summary>Lets a thread wait until a loop, which works now, has nothing to do.</summary>
internal sealed class PollWatch
{
    private long _waits;

    public LoopDriver Watch(LoopDriver driver) => new Watched(this, driver);

    public Action UntilIdle()
    {
        long before = _waits;
        return () => SpinWait.SpinUntil(() => Volatile.Read(ref _waits) > before);
    }

    private sealed class Watched(PollWatch polls, LoopDriver inner)
        : DelegatingLoopDriver(inner)
    {
        public override void Poll(TimeSpan? deadline)
        {
            if (deadline != TimeSpan.Zero)
            {
                Interlocked.Increment(ref polls._waits);
            }

            base.Poll(deadline);
        }
    }
}
