using System.Text;
using Reactor.Tools.Loadgen;
using static Loadgen.Tests.PlanWords;

namespace Loadgen.Tests;

/// <summary>What a user may write, and the sentence for what may not be written.</summary>
public class RunOptionsTests
{
    private const string Url = "http://127.0.0.1:8080/plaintext";

    [Test]
    public void The_defaults_are_what_the_page_says()
    {
        LoadPlan plan = Read(Url);

        Assert.That(plan.Connections, Is.EqualTo(64));
        Assert.That(plan.PipelineDepth, Is.EqualTo(1));
        Assert.That(plan.Duration, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(plan.WarmUp, Is.EqualTo(TimeSpan.FromMilliseconds(500)));
        Assert.That(plan.Drain, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(plan.Timeout, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(plan.ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(plan.Interval, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(plan.Threads, Is.EqualTo(1));
        Assert.That(plan.Schedule, Is.Null);
        Assert.That(plan.Count, Is.Null);
        Assert.That(plan.StartAt, Is.Null);
        Assert.That(plan.KeepAlive);
        Assert.That(plan.Description.IsOpenLoop, Is.False);
        Assert.That(
            plan.Description.Driver, Is.EqualTo(OperatingSystem.IsLinux() ? "epoll" : "sockets"));
        Assert.That(
            Encoding.ASCII.GetString(plan.Request.Bytes.Span),
            Is.EqualTo("GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"));
    }

    [Test]
    public void Fields_follow_in_their_order_and_a_host_of_the_user_replaces_ours()
    {
        LoadPlan plan = Read(
            "-X", "POST", "-H", "Accept: a, b", "--header", "Host: other", "-H", "X-Empty:", Url);

        Assert.That(
            Encoding.ASCII.GetString(plan.Request.Bytes.Span),
            Is.EqualTo("POST /plaintext HTTP/1.1\r\nAccept: a, b\r\nHost: other\r\nX-Empty: \r\n"
                + "Content-Length: 0\r\n\r\n"));
    }

    [TestCase("Connection: close", true)]
    [TestCase("connection: x , CLOSE", true)]
    [TestCase("Connection: keep-alive", false)]
    public void A_request_that_asks_to_close_is_known_as_such(string field, bool closes) =>
        Assert.That(Read(Url, "-H", field).Request.AsksToClose, Is.EqualTo(closes));

    [TestCase("NoColon", "with a colon")]
    [TestCase("", "with a colon")]
    [TestCase("Bad Name: x", "valid field name")]
    [TestCase(": x", "valid field name")]
    [TestCase("X: a\rb", "not allowed in a field")]
    [TestCase("Content-Length: 5", "that of the body, -b")]
    [TestCase("transfer-encoding: chunked", "that of the body, -b")]
    [TestCase("Upgrade: h2c", "HTTP/1.1")]
    public void A_field_that_cannot_be_sent_is_refused(string field, string hint)
    {
        Assert.That(Refuse(Url, "-H", field), Does.StartWith("-H must ").And.Contain(hint));
        Assert.That(Refuse(Url, "--header", field), Does.StartWith("--header must "));
    }

    [Test]
    public void Two_hosts_are_refused() =>
        Assert.That(
            Refuse(Url, "-H", "Host: a", "-H", "host: b"), Does.Contain("one Host"));

    [TestCase("{\"a\":1}")]
    [TestCase("a=b")]
    [TestCase("@file")]
    public void A_body_given_to_d_is_answered_with_a_hint(string body) => Assert.That(
        Refuse(Url, "-d", body),
        Is.EqualTo(
            "-d must be a time greater than 0 and at most 24h, such as 10s, 2m, 500ms or 15 "
            + $"(seconds), not '{body}'. -d is the duration, as in wrk; the body is -b."));

    [Test]
    public void A_time_given_to_t_is_answered_with_a_hint() =>
        Assert.That(Refuse(Url, "-t", "2s"), Does.EndWith(" The time limit is -T."));

    /// <summary>An option is named as it was typed, its range is in the sentence.</summary>
    [TestCase("-c", "0", "a whole number from 1 to 65535")]
    [TestCase("-c", "-1", "a whole number from 1 to 65535")]
    [TestCase("--connections", "65536", "a whole number from 1 to 65535")]
    [TestCase("--connections", "x", "a whole number from 1 to 65535")]
    [TestCase("-p", "0", "a whole number from 1 to 1024")]
    [TestCase("--pipeline", "1025", "a whole number from 1 to 1024")]
    [TestCase("-d", "0s", "a time greater than 0 and at most 24h, such as 10s")]
    [TestCase("-z", "25h", "a time greater than 0 and at most 24h, such as 10s")]
    [TestCase("--duration", "soon", "a time greater than 0 and at most 24h, such as 10s")]
    [TestCase("-w", "", "a time from 0 to 24h, such as 10s")]
    [TestCase("--warmup", "1e3", "a time from 0 to 24h, such as 10s")]
    [TestCase("--drain", "-1s", "a time from 0 to 24h, such as 10s")]
    [TestCase("-T", "0", "a time greater than 0 and at most 24h, such as 10s")]
    [TestCase("--timeout", "never", "a time greater than 0 and at most 24h, such as 10s")]
    [TestCase("-t", "0", "a whole number from 1 to 64")]
    [TestCase("--threads", "65", "a whole number from 1 to 64")]
    [TestCase("-n", "0", "a whole number from 1 to 1000000000000")]
    [TestCase("-n", "1000000000001", "a whole number from 1 to 1000000000000")]
    [TestCase("-n", "1.5", "a whole number from 1 to 1000000000000")]
    [TestCase("--requests", "1,5k", "a whole number from 1 to 1000000000000")]
    [TestCase("-R", "0", "a rate above 0 and at most 100000000/s, such as 500")]
    [TestCase("--qps", "100000001", "a rate above 0 and at most 100000000/s, such as 500")]
    [TestCase("-q", "10/h", "a rate above 0 and at most 100000000/s, such as 500")]
    [TestCase("--rate", "1e3", "a rate above 0 and at most 100000000/s, such as 500")]
    [TestCase("--arrivals", "random", "uniform, poisson or burst:K with K from 1 to 100000")]
    [TestCase("--arrivals", "burst:0", "uniform, poisson or burst:K with K from 1 to 100000")]
    [TestCase("--arrivals", "burst:100001", "uniform, poisson or burst:K with K from 1 to 100000")]
    [TestCase("--on-full", "wait", "one of 'queue', 'open', 'drop'")]
    [TestCase("--idle", "nap", "one of 'hybrid', 'spin', 'sleep'")]
    [TestCase("-k", "yes", "one of 'on', 'off'")]
    [TestCase("--requests-per-conn", "0", "a whole number from 1 to 2147483647")]
    [TestCase("--requests-per-conn", "2147483648", "a whole number from 1 to 2147483647")]
    [TestCase("--unix-socket", "", "a path of 1 to 107 bytes")]
    [TestCase("--connect-timeout", "0s", "a time greater than 0 and at most 24h, such as 10s")]
    [TestCase("--interval", "9ms", "a time from 10ms to 24h, such as 10s")]
    [TestCase("--percentiles", "0", "1 to 20 percentages above 0 and at most 100, such as 50")]
    [TestCase("--percentiles", "50,", "1 to 20 percentages above 0 and at most 100, such as 50")]
    [TestCase("--percentiles", "100.1", "1 to 20 percentages above 0 and at most 100, such as 50")]
    [TestCase("--expect-status", "199", "one or more statuses from 200 to 999, such as 200,304")]
    [TestCase("--expect-status", "1000", "one or more statuses from 200 to 999, such as 200,304")]
    [TestCase("--expect-status", "", "one or more statuses from 200 to 999, such as 200,304")]
    [TestCase("--expect-body", "contains:", "sha256: with 64 hexadecimal digits, or contains:")]
    [TestCase("--expect-body", "sha256:ab", "sha256: with 64 hexadecimal digits, or contains:")]
    [TestCase("--expect-body", "hello", "sha256: with 64 hexadecimal digits, or contains:")]
    [TestCase("--server-pid", "0", "a whole number from 1 to 4194304")]
    [TestCase("--server-pid", "4194305", "a whole number from 1 to 4194304")]
    [TestCase("--format", "html", "one of 'text', 'wrk', 'wrk2', 'json', 'quiet'")]
    [TestCase("--seed", "-1", "a whole number from 0 to 18446744073709551615")]
    [TestCase("--seed", "18446744073709551616", "a whole number from 0 to 18446744073709551615")]
    [TestCase("--driver", "pigeon", "one of 'sockets'")]
    [TestCase("-m", "", "a method such as GET, HEAD or POST")]
    [TestCase("-X", "CONNECT", "a method such as GET, HEAD or POST")]
    [TestCase("--method", "A B", "a method such as GET, HEAD or POST")]
    public void A_wrong_value_is_answered_with_the_option_as_typed_and_what_is_valid(
        string option, string value, string valid)
    {
        string? refusal = Refuse(option, value, Url);

        Assert.That(refusal, Does.StartWith($"{option} must be {valid}"));
        Assert.That(refusal, Does.EndWith($", not '{value}'."));
        Assert.That(refusal, Does.Not.Contain("\n"));
    }

    [TestCase("-c needs a value: N.", Url, "-c")]
    [TestCase("--timeout needs a value: TIME.", Url, "--timeout")]
    [TestCase("-H needs a value: 'NAME: VALUE'.", Url, "-H")]
    [TestCase("There is no option '--nope'.", "--nope", Url)]
    [TestCase("There is no option '-Z'.", Url, "-Z")]
    [TestCase("-k needs a value: on|off.", Url, "-k")]
    [TestCase("-b needs a value: TEXT|@FILE.", Url, "-b")]
    [TestCase("There is no argument 'x'.", Url, "x")]
    [TestCase("URL is missing.", "-c", "3")]
    [TestCase("URL must be http://HOST:PORT/PATH, not 'maybe'; for example "
        + "http://127.0.0.1:8000/plaintext. The commands are serve, doctor, report, merge.",
        "--quiet=maybe", Url)]
    [TestCase("URL must be http://HOST:PORT/PATH, not ''; for example "
        + "http://127.0.0.1:8000/plaintext.", "")]
    public void Other_mistakes_have_sentences_of_the_same_form(
        string sentence, params string[] arguments) =>
        Assert.That(Refuse(arguments), Is.EqualTo(sentence));

    [Test]
    public void A_run_of_no_length_is_refused_but_no_warm_up_is_fine()
    {
        Assert.That(Refuse(Url, "-d", "0s"), Does.Contain("-d"));
        Assert.That(Read(Url, "-w", "0").WarmUp, Is.EqualTo(TimeSpan.Zero));
    }
}
