using Reactor.Drivers;
using Reactor.Recording;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// The last seconds of a running loop, copied while it runs and after it has closed.
/// </summary>
public sealed class RecentTraceTests : LoopFixture
{
    [Test]
    public void A_copy_has_all_events_until_now()
    {
        using RecentTrace recent = RecentTrace.Follow(
            Loop, new TraceInfo { Program = "p" }, TimeSpan.FromMinutes(1), 1 << 20);
        RunTurns(3);
        LoopTrace first = recent.Copy();
        RunTurns(2);
        LoopTrace second = recent.Copy();

        Assert.That(first.StateAt(first.Count).Turn, Is.EqualTo(3));
        Assert.That(second.StateAt(second.Count).Turn, Is.EqualTo(5));
        Assert.That(second.Info.Program, Is.EqualTo("p"));
        recent.Detach();
        RunTurns(1);
        LoopTrace last = recent.Copy();
        Assert.That(last.StateAt(last.Count).Turn, Is.EqualTo(5), "no longer observed");
    }

    [Test]
    public void It_outlives_its_loop_and_ends_twice_like_once()
    {
        using RecentTrace recent = RecentTrace.Follow(
            Loop, new TraceInfo(), TimeSpan.FromMinutes(1), 1 << 20);
        RunTurns(1);
        Loop.Close();
        recent.Dispose();
        LoopTrace trace = recent.Copy();

        Assert.That(trace.StateAt(trace.Count).Turn, Is.EqualTo(1));
    }

    [Test]
    public void A_driver_may_add_an_instrument_while_the_loop_is_made()
    {
        var driver = new ObservingDriver();
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        loop.RunBriefly();
        var events = new List<TraceEvent>();
        driver.Trace!.DrainTo(events);

        Assert.That(events[0].Kind, Is.EqualTo(TraceEventKind.TurnBegan));
    }

    private sealed class ObservingDriver() : DelegatingLoopDriver(new ManualDriver())
    {
        public TraceInstrument? Trace { get; private set; }

        protected internal override void Attach(CoroutineScheduler scheduler)
        {
            base.Attach(scheduler);
            Trace = TraceInstrument.Attach((EventLoop)scheduler);
        }
    }
}
