using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>T13: rate × mean = connections × depth in each closed loop.</summary>
public class LittleLawTests
{
    // Times of exactly 1 us, one after the other on one connection, within a window of 0.1 s.
    [TestCase(100_000, 0, true)]
    [TestCase(102_000, 0.02, true)] // exactly the limit
    [TestCase(102_001, 0.02001, false)]
    [TestCase(98_000, -0.02, true)]
    [TestCase(97_999, -0.02001, false)]
    public void A_deviation_of_two_percent(int count, double deviation, bool isKept)
    {
        LittleLaw law = Of(count)!;

        Assert.That(law.Deviation, Is.EqualTo(deviation).Within(1e-12));
        Assert.That(law.IsKept, Is.EqualTo(isKept));
        Assert.That(law.MeanNanoseconds, Is.EqualTo(1000));
    }

    [Test]
    public void Requests_without_a_response_were_in_flight_too()
    {
        LoadResult result = Closed(50_000);
        SampleRun.Record(result.Times.Service.Unfinished, 1000, 50_000);

        Assert.That(LittleLaw.Of(result)!.InFlight, Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void The_example_of_a_tool_that_invents_samples_is_named()
    {
        // One connection, 88,683/s, a mean of 310 us: 27.5 requests in flight.
        var law = new LittleLaw(88_683, 310_000, 1);

        Assert.That(law.InFlight, Is.EqualTo(27.49).Within(0.01));
        Assert.That(law.IsKept, Is.False);
    }

    [Test]
    public void It_does_not_apply_to_an_open_loop_nor_to_changing_connections()
    {
        LoadResult result = Closed(10);

        Assert.That(
            LittleLaw.Of(result with { Run = result.Run with { Load = "1/s uniform" } }), Is.Null);
        Assert.That(
            LittleLaw.Of(result with { Run = result.Run with { HasConnectionStages = true } }),
            Is.Null);
        Assert.That(Of(0), Is.Null);
    }

    private static LittleLaw? Of(int count) => LittleLaw.Of(Closed(count));

    private static LoadResult Closed(int count)
    {
        LoadResult result = SampleRun.Closed(count) with
        {
            Elapsed = TimeSpan.FromSeconds(0.1),
            Times = new LoadTimes(),
        };
        SampleRun.Record(result.Times.Service.Finished, 1000, count);
        return result with { Run = result.Run with { Connections = 1 } };
    }
}
