// Hazards of a run of loadgen beside a trace: a wrong origin of the common clock, times before it,
// a file that is none. Loadgen.Tests checks that loadgen's own files are read.

using System.Text;
using Reactor.Inspector;
using Reactor.Recording;
using static Inspector.Tests.Export.ExportedTrace;

namespace Inspector.Tests.Export;

[TestFixture]
public sealed class LoadgenRunTests
{
    // The window opens a second after the trace of the script, which begins at 12:00:00.
    private const string Json = """
        {
          "version": 1, "startedAt": "2026-11-30T12:00:01+00:00", "elapsedSeconds": 2.0,
          "run": { "url": "http://127.0.0.1:8000/", "warmUpSeconds": 0.5 },
          "rates": [100, 200.5],
          "intervals": [
            { "startSeconds": 0, "lengthSeconds": 1, "scheduled": 10, "failed": 1, "arrived": 9,
              "response": { "max": 5000000 } },
            { "startSeconds": 1, "lengthSeconds": 1.5, "scheduled": 10, "failed": 0, "arrived": 10,
              "response": { "max": 7000 } }
          ],
          "examples": [ { "cause": 1220, "name": "reset", "atSeconds": 0.75, "text": "by peer" } ],
          "longestSilence": { "beginSeconds": 0.25, "lengthSeconds": 0.5 }
        }
        """;

    private static LoopTrace Trace => SampleTraces.TwoTurns().Build();

    [Test]
    public void Both_stand_on_the_clock_of_the_trace()
    {
        var trace = Write(Trace, Parse(Json));
        Assert.That(TimeOf(trace, "turn"), Is.EqualTo(0m));
        Assert.That(TimeOf(trace, "warm-up"), Is.EqualTo(500_000m));
        Assert.That(TimeOf(trace, "window"), Is.EqualTo(1_000_000m));
        Assert.That(TimeOf(trace, "no response"), Is.EqualTo(1_250_000m));
        Assert.That(TimeOf(trace, "reset: by peer"), Is.EqualTo(1_250_000m), "from the warm-up");
    }

    [Test]
    public void A_run_that_began_before_the_trace_moves_the_trace_and_no_time_is_negative()
    {
        string early = Json.Replace("12:00:01", "11:59:59", StringComparison.Ordinal);
        var trace = Write(Trace, Parse(early));
        Assert.That(TimeOf(trace, "warm-up"), Is.EqualTo(0m));
        Assert.That(TimeOf(trace, "window"), Is.EqualTo(500_000m));
        Assert.That(TimeOf(trace, "turn"), Is.EqualTo(1_500_000m));
    }

    [Test]
    public void Intervals_are_in_the_window_and_carry_their_numbers()
    {
        var intervals = Write(Trace, Parse(Json)).Of("X")
            .Where(one => Text(one, "name") == "interval").ToArray();
        Assert.That(intervals.Select(Time), Is.EqualTo(new[] { 1_000_000m, 2_000_000m }));
        Assert.That(
            intervals.Select(one => one.GetProperty("dur").GetDecimal()),
            Is.EqualTo(new[] { 1_000_000m, 1_000_000m }), "the last ends with the window");
        Assert.That(
            intervals[0].GetProperty("args").GetProperty("slowest_ns").GetInt64(),
            Is.EqualTo(5_000_000));
    }

    [Test]
    public void Rates_are_a_counter_with_a_sample_each_100_ms()
    {
        var rates = Write(Trace, Parse(Json)).Of("C")
            .Where(one => Text(one, "name") == "responses/s").ToArray();
        Assert.That(rates.Select(Time), Is.EqualTo(new[] { 1_000_000m, 1_100_000m }));
        Assert.That(
            rates.Select(one => one.GetProperty("args").GetProperty("value").GetDouble()),
            Is.EqualTo(new[] { 100, 200.5 }));
    }

    [TestCase("", "it is no run saved by loadgen, or damaged")]
    [TestCase("{}", "it is no run saved by loadgen")]
    [TestCase("[1]", "it is no run saved by loadgen")]
    [TestCase("""{"version": 2}""", "it has version 2, not 1")]
    [TestCase("""{"version": "1"}""", "it is no run saved by loadgen, or damaged")]
    [TestCase("""{"version": 1}""", "it is no run saved by loadgen, or damaged")]
    [TestCase("""{"version": 1, "startedAt": 5}""", "it is no run saved by loadgen, or damaged")]
    public void A_file_that_is_none_is_a_sentence(string json, string message) => Assert.That(
        () => Parse(json), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(message));

    private static LoadgenRun Parse(string json) => LoadgenRun.Parse(Encoding.UTF8.GetBytes(json));

    private static decimal TimeOf(ExportedTrace trace, string name) =>
        Time(trace.Events.First(one => Text(one, "name") == name));
}
