using System.Text;
using Reactor.Tools.Loadgen;
using static Loadgen.Tests.PlanWords;

namespace Loadgen.Tests;

/// <summary>What a user may write, and the sentence for what may not be written.</summary>
public class PlanOptionsTests
{
    private const string Url = "http://127.0.0.1:8080/plaintext";

    [TestCase("10s", 10_000)]
    [TestCase("15", 15_000)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    [TestCase("500ms", 500)]
    [TestCase("1.5s", 1500)]
    [TestCase("24h", 86_400_000)]
    public void Durations_are_written_as_for_wrk(string text, int milliseconds)
    {
        Assert.That(DurationText.TryParse(text, out TimeSpan duration));
        Assert.That(duration, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("")]
    [TestCase("s")]
    [TestCase("-1s")]
    [TestCase("10 s")]
    [TestCase("10S")]
    [TestCase("1e3")]
    [TestCase("1,5s")]
    [TestCase("25h")]
    [TestCase("99999999999999999999999999999999")]
    [TestCase("{\"a\":1}")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.That(DurationText.TryParse(text, out _), Is.False);

    [TestCase("15", "15s")]
    [TestCase("90s", "90s")]
    [TestCase("120s", "2m")]
    [TestCase("1500ms", "1500ms")]
    [TestCase("0.5", "500ms")]
    public void A_duration_is_shown_exactly(string text, string shown)
    {
        Assert.That(DurationText.TryParse(text, out TimeSpan duration));
        Assert.That(DurationText.Format(duration), Is.EqualTo(shown));
    }

    [TestCase("http://localhost", "localhost", 80, "localhost", "/")]
    [TestCase("http://localhost:80/", "localhost", 80, "localhost", "/")]
    [TestCase("HTTP://a.example:8080?q=1", "a.example", 8080, "a.example:8080", "/?q=1")]
    [TestCase("http://127.0.0.1:1/a/../b%2f?x#y", "127.0.0.1", 1, "127.0.0.1:1", "/a/../b%2f?x")]
    [TestCase("http://[::1]:8000/x", "::1", 8000, "[::1]:8000", "/x")]
    public void A_url_is_taken_apart_and_its_target_left_as_it_is(
        string text, string host, int port, string authority, string target)
    {
        Assert.That(TargetUrl.TryParse(text, out TargetUrl? url, out _));
        Assert.That(url, Is.EqualTo(new TargetUrl(text, host, port, authority, target)));
    }

    [TestCase("https://localhost/", "https")]
    [TestCase("localhost:8080", "must be http://")]
    [TestCase("http://", "must be http://")]
    [TestCase("http://user@host/", "must be http://")]
    [TestCase("http://host:0/", "must be http://")]
    [TestCase("http://host:99999/", "must be http://")]
    [TestCase("http://host/a b", "percent-encoded")]
    [TestCase("http://host/ü", "percent-encoded")]
    public void What_is_no_url_is_refused_with_what_to_write(string text, string hint)
    {
        Assert.That(TargetUrl.TryParse(text, out _, out string? error), Is.False);
        Assert.That(error, Does.Contain(hint));
    }

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
    [TestCase("Content-Length: 5", "body")]
    [TestCase("transfer-encoding: chunked", "body")]
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

    [Test]
    public void More_than_one_thread_is_refused_with_a_way_out()
    {
        Assert.That(
            Refuse(Url, "-t", "2"), Does.StartWith("-t must be 1").And.Contain("more processes"));
        Assert.That(Read(Url, "-t", "1"), Is.Not.Null);
    }

    [Test]
    public void A_body_given_to_d_is_answered_with_a_hint() =>
        Assert.That(Refuse(Url, "-d", "{\"a\":1}"), Does.Contain("body"));

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
    [TestCase("--threads", "x", "1 (start more processes for more load)")]
    [TestCase("-m", "", "a method such as GET, HEAD or POST")]
    [TestCase("-X", "CONNECT", "a method such as GET, HEAD or POST")]
    [TestCase("--method", "A B", "a method such as GET, HEAD or POST")]
    public void A_wrong_value_is_answered_with_the_option_as_typed_and_what_is_valid(
        string option, string value, string valid)
    {
        string? refusal = Refuse(option, value, Url);

        Assert.That(refusal, Does.StartWith($"{option} must be {valid}"));
        Assert.That(refusal, Does.EndWith($", not '{value}'."));
    }

    [TestCase("-c needs a value: N.", Url, "-c")]
    [TestCase("--timeout needs a value: TIME.", Url, "--timeout")]
    [TestCase("-H needs a value: 'NAME: VALUE'.", Url, "-H")]
    [TestCase("-c may be given only once.", "-c", "1", "-c", "2", Url)]
    [TestCase("There is no option '--nope'.", "--nope", Url)]
    [TestCase("There is no option '-k'.", Url, "-k")]
    [TestCase("There is no argument 'x'.", Url, "x")]
    [TestCase("URL is missing.", "-c", "3")]
    [TestCase("URL must be http://HOST:PORT/PATH, not 'maybe'; for example "
        + "http://127.0.0.1:8000/plaintext.", "--quiet=maybe", Url)]
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

    [Test]
    public void Pipelining_and_closing_exclude_each_other() =>
        Assert.That(
            Refuse(Url, "--pipeline", "2", "-H", "Connection: close"),
            Is.EqualTo("--pipeline 2 and -H 'Connection: close' exclude each other."));
}
