using System.Text;
using Reactor.Tools.Loadgen;
using static Loadgen.Tests.PlanWords;

namespace Loadgen.Tests;

/// <summary>What each option makes of a valid value, at its limits, and repeated.</summary>
public class OptionValueTests
{
    private const string Url = "http://127.0.0.1:8080/plaintext";

    [TestCase("1", 1)]
    [TestCase("65535", 65_535)]
    [TestCase("1k", 1000)]
    [TestCase("1.5K", 1500)]
    public void Connections_may_have_a_factor(string text, int connections) =>
        Assert.That(Read(Url, "-c", text).Connections, Is.EqualTo(connections));

    [TestCase("1", 1)]
    [TestCase("64", 64)]
    public void Threads_go_to_their_limit(string text, int threads) =>
        Assert.That(Read(Url, "-t", text).Threads, Is.EqualTo(threads));

    [TestCase("1024", 1024)]
    [TestCase("16", 16)]
    public void A_pipeline_goes_to_its_limit(string text, int depth) =>
        Assert.That(Read(Url, "-p", text).PipelineDepth, Is.EqualTo(depth));

    [TestCase("-n", "1", 1)]
    [TestCase("--requests", "10k", 10_000)]
    [TestCase("-n", "1000000m", 1_000_000_000_000)]
    public void An_exact_number_ends_the_run_alone_and_has_no_warm_up(
        string option, string text, long count)
    {
        LoadPlan plan = Read(Url, option, text);

        Assert.That(plan.Count, Is.EqualTo(count));
        Assert.That(plan.Duration, Is.EqualTo(TimeSpan.FromHours(24)));
        Assert.That(plan.WarmUp, Is.EqualTo(TimeSpan.Zero));
        Assert.That(plan.Connections, Is.EqualTo(Math.Min(64, count)));
    }

    [Test]
    public void An_exact_number_with_a_duration_or_a_warm_up_keeps_both()
    {
        LoadPlan plan = Read(Url, "-n", "100", "-d", "3s");
        Assert.That(plan.Duration, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(plan.WarmUp, Is.EqualTo(TimeSpan.FromMilliseconds(500)));
        Assert.That(
            Read(Url, "-n", "100", "-w", "1s").WarmUp, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void The_default_of_connections_is_at_least_one_for_each_thread()
    {
        Assert.That(Read(Url, "-n", "3", "-t", "3").Connections, Is.EqualTo(3));
        Assert.That(Read(Url, "-t", "64").Connections, Is.EqualTo(64));
    }

    [TestCase("-R", "20k", 20_000)]
    [TestCase("--rate", "500/s", 500)]
    [TestCase("-q", "90/m", 1.5)]
    [TestCase("--qps", "0.25", 0.25)]
    [TestCase("-R", "100M", 1e8)]
    public void A_rate_is_overall_and_per_second(string option, string text, double rate)
    {
        LoadPlan plan = Read(Url, option, text, "-d", "4s", "-w", "0");

        Assert.That(plan.Schedule!.Total, Is.EqualTo(4 * rate));
        Assert.That(plan.Description.AskedRequests, Is.EqualTo(4 * rate));
        Assert.That(plan.Description.IsOpenLoop);
    }

    [TestCase("uniform", ArrivalKind.Uniform, 1)]
    [TestCase("poisson", ArrivalKind.Poisson, 1)]
    [TestCase("burst:1", ArrivalKind.Burst, 1)]
    [TestCase("burst:100k", ArrivalKind.Burst, 100_000)]
    public void Arrivals_have_a_kind(string text, object kind, int burst)
    {
        Schedule schedule = Read(Url, "-R", "10", "--arrivals", text).Schedule!;

        Assert.That(schedule.Arrivals, Is.EqualTo(kind));
        Assert.That(schedule.Burst, Is.EqualTo(burst));
    }

    [Test]
    public void Words_of_a_choice_may_be_in_any_case()
    {
        Assert.That(Read(Url, "-R", "1", "--on-full", "DROP").OnFull, Is.EqualTo(OnFull.Drop));
        Assert.That(Read(Url, "-R", "1", "--on-full", "open").OnFull, Is.EqualTo(OnFull.Open));
        Assert.That(Read(Url, "-R", "1", "--idle", "Spin").Idle, Is.EqualTo(IdleMode.Spin));
        Assert.That(Read(Url, "-R", "1", "--idle", "sleep").Idle, Is.EqualTo(IdleMode.Sleep));
        Assert.That(Read(Url, "--driver", "Sockets").Description.Driver, Is.EqualTo("sockets"));
    }

    [Test]
    public void Stages_are_the_duration_and_start_from_the_rate()
    {
        LoadPlan plan = Read(
            Url, "-R", "100", "--stage", "10s:300", "--stage", "5s:0/s", "--warmup", "1s");

        Assert.That(plan.Duration, Is.EqualTo(TimeSpan.FromSeconds(15)));
        // 1 s of 100/s, then trapezoids of 10 s at 200/s and 5 s at 150/s on the average.
        Assert.That(plan.Schedule!.Total, Is.EqualTo(100 + 2000 + 750));
        Assert.That(plan.Description.AskedRequests, Is.EqualTo(2750));
        Assert.That(
            plan.Description.Load,
            Is.EqualTo("100/s, to 300/s in 10s, to 0/s in 5s, uniform"));
    }

    [Test]
    public void Stages_in_connections_are_a_closed_loop()
    {
        LoadPlan plan = Read(Url, "--stage", "10s:100c", "--stage", "5s:20C");

        Assert.That(plan.Schedule, Is.Null);
        Assert.That(plan.Description.IsOpenLoop, Is.False);
        Assert.That(plan.Description.HasConnectionStages);
        Assert.That(plan.Connections, Is.EqualTo(1));
        Assert.That(plan.ConnectionsPeak, Is.EqualTo(100));
        Assert.That(
            plan.ConnectionStages,
            Is.EqualTo(new Stage[]
            {
                new(TimeSpan.FromSeconds(10), 100), new(TimeSpan.FromSeconds(5), 20),
            }));
        Assert.That(Read(Url, "-c", "7", "--stage", "1s:9c").Connections, Is.EqualTo(7));
    }

    [Test]
    public void A_body_has_its_length_and_makes_the_method_POST()
    {
        LoadPlan plan = Read(Url, "-b", "{\"a\":\"ü\"}", "-H", "Content-Type: application/json");

        Assert.That(plan.Description.Method, Is.EqualTo("POST"));
        Assert.That(
            Encoding.UTF8.GetString(plan.Request.Bytes.Span),
            Is.EqualTo("POST /plaintext HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"a\":\"ü\"}"));
        Assert.That(
            Read(Url, "-b", "x", "-X", "PUT").Description.Method, Is.EqualTo("PUT"));
    }

    [Test]
    public void A_body_from_a_file_is_its_bytes()
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] content = [0, 255, 13, 10, 64];
            File.WriteAllBytes(path, content);

            byte[] request = Read(Url, "--body", "@" + path).Request.Bytes.ToArray();

            Assert.That(request[^5..], Is.EqualTo(content));
            Assert.That(
                Encoding.Latin1.GetString(request), Does.Contain("\r\nContent-Length: 5\r\n\r\n"));

            using (FileStream file = File.OpenWrite(path))
            {
                file.SetLength(RequestOptions.BodyBytesMax);
            }

            Assert.That(Read(Url, "-b", "@" + path), Is.Not.Null);
            using (FileStream file = File.OpenWrite(path))
            {
                file.SetLength(RequestOptions.BodyBytesMax + 1);
            }

            Assert.That(
                Refuse(Url, "-b", "@" + path),
                Is.EqualTo($"-b: the file '{path}' is longer than 16 MiB."));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestCase("@/no/such/file")]
    [TestCase("@/tmp")]
    [TestCase("@")]
    public void A_body_that_cannot_be_read_is_refused(string body) => Assert.That(
        Refuse(Url, "-b", body),
        Does.StartWith($"-b: the file '{body[1..]}' could not be read: "));

    [Test]
    public void Connections_that_are_not_kept_ask_the_server_to_close()
    {
        LoadPlan plan = Read(Url, "-k", "off");

        Assert.That(plan.KeepAlive, Is.False);
        Assert.That(plan.Request.AsksToClose);
        Assert.That(
            Encoding.ASCII.GetString(plan.Request.Bytes.Span),
            Does.EndWith("\r\nConnection: close\r\n\r\n"));
        Assert.That(Read(Url, "-H", "Connection: close").KeepAlive, Is.False);
        Assert.That(Read(Url, "--keepalive", "on").KeepAlive);
    }

    [Test]
    public void The_limit_of_a_connect_is_that_of_a_response_unless_it_is_given()
    {
        Assert.That(
            Read(Url, "-T", "8").ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(8)));
        LoadPlan plan = Read(Url, "--timeout", "8", "--connect-timeout", "300ms");
        Assert.That(plan.ConnectTimeout, Is.EqualTo(TimeSpan.FromMilliseconds(300)));
        Assert.That(plan.Timeout, Is.EqualTo(TimeSpan.FromSeconds(8)));
    }

    [Test]
    public void A_socket_has_a_path_that_fits_into_an_address()
    {
        string longest = new('x', 107);

        Assert.That(Read(Url, "--unix-socket", longest).UnixSocket, Is.EqualTo(longest));
        Assert.That(
            Refuse(Url, "--unix-socket", longest + "x"), Does.Contain("a path of 1 to 107 bytes"));
    }

    [Test]
    public void An_expectation_has_statuses_and_a_body()
    {
        Expectation rule = Read(
            Url, "--expect-status", "200,999", "--expect-body", "contains:a=ü").Expectation;

        Assert.That(rule.Statuses, Is.EqualTo(new[] { 200, 999 }));
        Assert.That(rule.BodyPart!.Value.ToArray(), Is.EqualTo("a=ü"u8.ToArray()));
        string hash = new string('0', 62) + "fF";
        Assert.That(
            Read(Url, "--expect-body", "sha256:" + hash).Expectation.BodyHash!.Value.ToArray(),
            Is.EqualTo(Enumerable.Repeat((byte)0, 31).Append((byte)255)));
    }

    [Test]
    public void Judgement_and_output_are_read()
    {
        RunSettings settings = ReadAll(
            Url, "--strict", "--server-pid", "4194304", "-L", "--percentiles", "50,99.999,100",
            "--threshold", "http_req_duration:p(99)<20ms", "--threshold", "lateness:max<1ms",
            "-o", "json=a.json", "--out", "HLOG=b=c", "--format", "json");

        Assert.That(settings.Judge.IsStrict);
        Assert.That(settings.Judge.ServerPid, Is.EqualTo(4_194_304));
        Assert.That(settings.Judge.Thresholds, Has.Count.EqualTo(2));
        Assert.That(settings.Output.ShowsDistribution);
        Assert.That(settings.Output.Percentiles, Is.EqualTo(new[] { 50, 99.999m, 100 }));
        Assert.That(settings.Output.Format, Is.EqualTo(ReportFormat.Json));
        Assert.That(
            settings.Output.Files,
            Is.EqualTo(new OutputFile[]
            {
                new(OutputKind.Json, "a.json"), new(OutputKind.Hlog, "b=c"),
            }));
    }

    [Test]
    public void Tags_accumulate_and_the_command_is_kept()
    {
        string[] words = [Url, "--tag", "a=1", "--tag", "b=x=y", "--tag", "a=2"];

        RunDescription run = Read(words).Description;

        Assert.That(run.Tags, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["a"] = "2",
            ["b"] = "x=y",
        }));
        Assert.That(run.Command, Is.EqualTo(words.Prepend("loadgen")));
    }

    /// <summary>Users append to a command line; a later value replaces an earlier one.</summary>
    [Test]
    public void The_last_value_of_a_single_option_wins()
    {
        LoadPlan plan = Read(
            "-c", "1", "-d", "1s", "--latency", Url, "--connections", "2", "-z", "3s", "-R", "5",
            "--qps", "6", "-b", "a", "-b", "bc", "--latency", "-w", "0", "-X", "PUT", "-m", "POST");

        Assert.That(plan.Connections, Is.EqualTo(2));
        Assert.That(plan.Duration, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(plan.Schedule!.Total, Is.EqualTo(18));
        Assert.That(
            Encoding.ASCII.GetString(plan.Request.Bytes.Span),
            Does.StartWith("POST ").And.EndWith("Content-Length: 2\r\n\r\nbc"));
    }

    [Test]
    public void A_value_may_follow_a_short_option_at_once() =>
        Assert.That(
            Read(Url, "-t2", "-c16", "-d1s") is
            { Threads: 2, Connections: 16, Duration.TotalSeconds: 1 });

    /// <summary>TechEmpower's toolset/wrk/pipeline.sh and concurrency.sh, without the script.
    /// </summary>
    [Test]
    public void The_command_line_of_TechEmpower_is_accepted()
    {
        LoadPlan plan = Read(
            "-H", "Host: tfb-server", "-H",
            "Accept: text/plain,text/html;q=0.9,application/xhtml+xml;q=0.9,*/*;q=0.7",
            "-H", "Connection: keep-alive", "--latency", "-d", "15", "-c", "512",
            "--timeout", "8", "-t", "2", Url);

        Assert.That(plan, Has.Property("Connections").EqualTo(512));
        Assert.That(plan.Threads, Is.EqualTo(2));
        Assert.That(plan.Duration, Is.EqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(plan.Timeout, Is.EqualTo(TimeSpan.FromSeconds(8)));
        Assert.That(plan.KeepAlive);
    }

    [Test]
    public void A_seed_is_kept_and_otherwise_a_new_one()
    {
        LoadPlan plan = Read(Url, "-R", "1", "--seed", "18446744073709551615");
        Assert.That(plan.Description.Seed, Is.EqualTo(ulong.MaxValue));
        Assert.That(plan.Schedule!.Seed, Is.EqualTo(ulong.MaxValue));

        LoadPlan first = Read(Url, "-R", "1");
        Assert.That(first.Schedule!.Seed, Is.EqualTo(first.Description.Seed));
        Assert.That(first.Description.Seed, Is.Not.EqualTo(Read(Url).Description.Seed));
    }

    /// <summary>The same seed gives the same bytes and instants.</summary>
    [Test]
    public void The_same_command_gives_the_same_requests()
    {
        string[] words = [Url, "-R", "1k", "--arrivals", "poisson", "--seed", "7", "-b", "x"];
        LoadPlan first = Read(words);
        LoadPlan second = Read(words);

        Assert.That(
            first.Request.Bytes.ToArray(), Is.EqualTo(second.Request.Bytes.ToArray()));
        var one = new ArrivalSequence(first.Schedule!, 0, 1);
        var other = new ArrivalSequence(second.Schedule!, 0, 1);
        for (int i = 0; i < 1000; i++, one.Advance(), other.Advance())
        {
            Assert.That(one.Next, Is.EqualTo(other.Next));
        }
    }
}
