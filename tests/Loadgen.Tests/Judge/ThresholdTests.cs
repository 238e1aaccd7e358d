using FsCheck;
using FsCheck.Fluent;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Thresholds: k6's grammar, and what holds for certain.</summary>
public class ThresholdTests
{
    private const int Ms = SampleRun.Ms;

    [TestCase("http_req_duration:p(99)<20ms", "http_req_duration:p(99)<20ms")]
    [TestCase(" http_req_duration : p( 99.9 ) <= 20 ms ", "http_req_duration:p(99.9)<=20ms")]
    [TestCase("http_req_duration:p(95)<200", "http_req_duration:p(95)<200ms")] // k6: milliseconds
    [TestCase("lateness:max<1.5s", "lateness:max<1.5s")]
    [TestCase("http_req_waiting:med!=250us", "http_req_waiting:med!=250us")]
    [TestCase("http_req_failed:rate<0.01", "http_req_failed:rate<0.01")]
    [TestCase("http_req_failed:rate<1%", "http_req_failed:rate<1%")]
    [TestCase("http_reqs:count===1000", "http_reqs:count==1000")]
    [TestCase("server_cpu_us_per_req:value<25", "server_cpu_us_per_req:value<25us")]
    public void Valid(string text, string canonical)
    {
        Threshold? threshold = Threshold.Parse(text, out string? error);

        Assert.That(error, Is.Null);
        Assert.That(threshold!.ToString(), Is.EqualTo(canonical));
    }

    [TestCase("", "has no metric")]
    [TestCase("p(99)<20ms", "has no metric")]
    [TestCase("http_req:p(99)<20ms", "unknown metric 'http_req'; valid: http_req_duration,")]
    [TestCase("http_reqs{status:200}:rate>1", "unknown metric 'http_reqs{status'")]
    [TestCase("http_req_duration:", "no valid operator; valid: <, <=, >, >=, ==, !=.")]
    [TestCase("http_req_duration:p(99)=<20", "no valid operator")]
    [TestCase("http_req_duration:p99<20", "'p99'; valid for http_req_duration: avg, min, max, med")]
    [TestCase("http_req_duration:p(101)<20", "with N from 0 to 100")]
    [TestCase("http_req_duration:p(N)<20", "'p(N)'")]
    [TestCase("http_req_duration:rate<20", "'rate'; valid for")]
    [TestCase("http_req_failed:p(99)<1", "valid for http_req_failed: rate.")]
    [TestCase("http_reqs:avg<1", "valid for http_reqs: count, rate.")]
    [TestCase("http_req_duration:max<", "the limit ''; valid for http_req_duration: a number")]
    [TestCase("http_req_duration:max<fast", "the limit 'fast'")]
    [TestCase("http_req_duration:max<20%", "with the unit ms, us, s (none: ms).")]
    [TestCase("http_req_duration:max<-1", "the limit '-1'")]
    [TestCase("http_req_duration:max<1,5", "the limit '1,5'")]
    [TestCase("http_req_failed:rate<1s", "with the unit %.")]
    [TestCase("http_reqs:count<1ms", "a number.")]
    [TestCase("lateness:max<9999999999999999", "the limit")]
    public void Invalid(string text, string part)
    {
        Assert.That(Threshold.Parse(text, out string? error), Is.Null);
        Assert.That(error, Does.StartWith($"the threshold '{text}' has ").And.Contain(part));
    }

    [FsCheck.NUnit.Property]
    public Property What_is_written_is_read_again() => Prop.ForAll(
        Gen.Choose(0, 100_000).Four().ToArbitrary(),
        numbers =>
        {
            (int a, int b, int c, int d) = numbers;
            Metric metric = Metric.All[a % Metric.All.Count];
            string name = metric.Aggregations[b % metric.Aggregations.Count];
            var threshold = new Threshold(
                metric,
                name == "p(N)" ? "p" : name,
                name == "p(N)" ? c / 1000m : 0,
                Threshold.Operators[d % Threshold.Operators.Count],
                (a * 7m) + (b / 1000m),
                metric.Units[c % metric.Units.Count].Name);
            // A number without a unit has the first one.
            return Threshold.Parse(threshold.ToString(), out _) == threshold;
        });

    [FsCheck.NUnit.Property]
    public Property Any_text_gives_a_threshold_or_a_sentence() => Prop.ForAll(
        Gen.Elements("lateness", "http_reqs", ":", "p(", "9", ")", "<", "=", "!", ".", "-", " ",
            "ms", "s", "%", "rate", "max", "{", "é").ListOf().ToArbitrary(),
        words =>
        {
            Threshold? threshold = Threshold.Parse(string.Concat(words), out string? error);
            return (threshold is null) != (error is null);
        });

    // 100 values, ten times each: 1 ms to 100 ms.
    [TestCase("p(99)<99.1ms", true)]
    [TestCase("p(99)<98ms", false)]
    [TestCase("max<=100", true)] // the maximum is exact
    [TestCase("max<100", false)]
    [TestCase("max==100", true)]
    [TestCase("max!=100", false)]
    [TestCase("max>=100", true)]
    [TestCase("max>100", false)]
    [TestCase("min<1.1ms", true)]
    [TestCase("med<50.1", true)]
    [TestCase("med<50000us", false)] // the upper end of its counter is above
    [TestCase("avg<50.6ms", true)]
    [TestCase("avg<50.4ms", false)]
    public void Times(string condition, bool isMet)
    {
        LoadResult result = SampleRun.Closed(1000, times =>
        {
            for (int i = 1; i <= 100; i++)
            {
                SampleRun.Record(times.Service.Finished, i * Ms, 10);
            }
        });

        Assert.That(Evaluate("http_req_duration:" + condition, result).IsMet, Is.EqualTo(isMet));
    }

    [Test]
    public void The_duration_is_the_response_time_in_an_open_loop_and_the_service_time_in_a_closed()
    {
        // The samples have 400 us and 380 us.
        const string condition = ":max>=390us";

        Assert.That(Evaluate("http_req_duration" + condition, SampleRun.Open()).IsMet, Is.True);
        Assert.That(Evaluate("http_req_duration" + condition, SampleRun.Closed()).IsMet, Is.False);
        Assert.That(Evaluate("http_req_service" + condition, SampleRun.Open()).IsMet, Is.False);
    }

    // 100 of 100,000 failed; the window has 10 s.
    [TestCase("http_req_failed:rate<=0.1%", true)]
    [TestCase("http_req_failed:rate<0.001", false)]
    [TestCase("http_reqs:count==99900", true)]
    [TestCase("http_reqs:rate>=9990", true)]
    [TestCase("http_reqs:rate>9990", false)]
    [TestCase("dropped_iterations:count<1", true)]
    [TestCase("rate_achieved:value>=99.9%", true)]
    [TestCase("rate_achieved:value>0.999", false)]
    [TestCase("server_cpu_us_per_req:value<=20", true)] // 1.998 s for 99,900 responses
    [TestCase("server_cpu_us_per_req:value<0.02ms", false)]
    [TestCase("http_req_connecting:max<=61us", true)]
    [TestCase("lateness:p(99)<10us", false)]
    public void Counts(string text, bool isMet)
    {
        LoadResult result = SampleRun.Open().Lose(100, books => books.Fail(Cause.Reset, 100)) with
        {
            Server = new ServerCost
            {
                Source = "pid 1",
                UserTime = TimeSpan.FromSeconds(1),
                SystemTime = TimeSpan.FromSeconds(0.998),
            },
        };

        Assert.That(Evaluate(text, result).IsMet, Is.EqualTo(isMet));
    }

    // 500 of 1000 requests have no response: their ages, 2 s, are lower bounds of p(51) to max.
    [TestCase("p(50)<401us", true)]
    [TestCase("p(99)<3s", false)] // it may be more
    [TestCase("p(99)<=2s", false)]
    [TestCase("p(99)<1s", false)]
    [TestCase("p(99)>1.9s", true)] // at least 2 s in any case
    [TestCase("p(99)>=2s", true)]
    [TestCase("p(99)>2s", false)]
    [TestCase("p(99)==2s", false)]
    [TestCase("p(99)!=1s", true)]
    [TestCase("p(99)!=3s", false)]
    [TestCase("avg<9s", false)]
    [TestCase("avg>0.9s", true)]
    public void A_lower_bound_decides_only_what_it_can(string condition, bool isMet)
    {
        LoadResult result = SampleRun.Open(
            1000, times => SampleRun.Fill(times.Response.Unfinished, 2000L * Ms, 500));

        Assert.That(Evaluate("http_req_duration:" + condition, result).IsMet, Is.EqualTo(isMet));
    }

    [TestCase("http_req_duration:p(99)<1s", "there are no samples")]
    [TestCase("http_req_duration:p(99)!=1s", "there are no samples")]
    [TestCase("http_req_failed:rate<1", "no request has ended")]
    [TestCase("rate_achieved:value>0", "a closed loop asks for no rate; use -R")]
    [TestCase("server_cpu_us_per_req:value<1", "no server was named; use --server-pid")]
    public void What_is_not_known_is_not_met_and_says_why(string text, string reason)
    {
        ThresholdResult result = Evaluate(text, SampleRun.Closed(0));

        Assert.That(result.IsMet, Is.False);
        Assert.That(result.ValueText, Is.EqualTo(reason));
    }

    [TestCase("p(99.9)<1s", 10_000, "p(99.9)")]
    [TestCase("p(99)>0", 1000, "p(99)")]
    [TestCase("med<1s", 20, "med")]
    public void A_percentile_of_too_few_samples_is_not_met(
        string condition, int needed, string name)
    {
        string text = "http_req_duration:" + condition;
        ThresholdResult result = Evaluate(text, SampleRun.Open(needed - 1));

        Assert.That(result.IsMet, Is.False);
        Assert.That(result.ValueText, Is.EqualTo("too few samples for " + name));
        Assert.That(Evaluate(text, SampleRun.Open(needed)).IsMet, Is.True);
    }

    [Test]
    public void The_extremes_and_the_mean_need_one_sample() => Assert.That(
        new[] { "max", "min", "avg", "p(100)" }.Select(
            name => Evaluate($"http_req_duration:{name}<1s", SampleRun.Open(1)).IsMet),
        Is.All.True);

    [TestCase("http_req_duration:max<20ms", "0.40ms")]
    [TestCase("http_req_duration:max<20us", "400.00us")]
    [TestCase("http_reqs:rate<20", "10000")]
    [TestCase("rate_achieved:value<20%", "100%")]
    public void The_value_has_the_unit_of_the_limit(string text, string value) =>
        Assert.That(Evaluate(text, SampleRun.Open()).ValueText, Is.EqualTo(value));

    [Test]
    public void A_judgement_has_the_thresholds_in_their_order()
    {
        Judgement judgement = SampleRun.Open().Judge(
            Parse("http_req_duration:max<1ms"), Parse("http_reqs:count<1"));

        Assert.That(judgement.Thresholds.Select(one => one.IsMet), Is.EqualTo([true, false]));
        Assert.That(judgement.IsThresholdCrossed, Is.True);
    }

    private static Threshold Parse(string text) => Threshold.Parse(text, out _)!;

    private static ThresholdResult Evaluate(string text, LoadResult result) =>
        ThresholdResult.Of(Parse(text), result);
}
