using Reactor.Recording;
using Reactor.Testing;
using Reactor.Tests.Dangers;

namespace Reactor.Tests.Recording;

/// <summary>
/// What a traced loop allocates: nothing for an event, whether the reader follows or the ring is
/// full. Measured as in <see cref="AllocationTests"/>.
/// </summary>
[NonParallelizable]
[Category("Measured")]
public sealed class TraceAllocationTests : LoopFixture
{
    private const int Rounds = 1_000;

    [Test]
    public void A_traced_await_of_a_timer_allocates_nothing([Values(64, 65_536)] int eventsMax)
    {
        AllocationTests.AssumeOptimized();
        Driver.KeepsRecord = false;
        TraceInstrument trace = TraceInstrument.Attach(
            Loop, new TraceOptions { EventsMax = eventsMax });
        var events = new List<TraceEvent>(40_000);

        Assert.That(
            Loop.RunUntilComplete(AllocationTests.LeastBytes(RoundAsync, 0)), Is.Zero);

        async Coroutine<long> RoundAsync()
        {
            long before = AllocationTests.Counter;
            for (int i = 0; i < Rounds; i++)
            {
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            }

            long bytes = AllocationTests.Counter - before;
            if (eventsMax > 64)
            {
                events.Clear();
                trace.DrainTo(events);
                Assert.That(events, Has.Count.GreaterThan(Rounds * 9), "the trace saw them");
            }

            return bytes;
        }
    }
}
