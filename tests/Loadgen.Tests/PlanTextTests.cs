using System.Text;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>What a user may write, and the sentence for what may not be written.</summary>
public class PlanTextTests
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
        LoadPlan plan = Read(new PlanText(Url));

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
        LoadPlan plan = Read(new PlanText(Url)
        {
            Method = "POST",
            Fields = ["Accept: a, b", "Host: other", "X-Empty:"],
        });

        Assert.That(
            Encoding.ASCII.GetString(plan.Request.Bytes.Span),
            Is.EqualTo("POST /plaintext HTTP/1.1\r\nAccept: a, b\r\nHost: other\r\nX-Empty: \r\n"
                + "Content-Length: 0\r\n\r\n"));
    }

    [TestCase("Connection: close", true)]
    [TestCase("connection: x , CLOSE", true)]
    [TestCase("Connection: keep-alive", false)]
    public void A_request_that_asks_to_close_is_known_as_such(string field, bool closes) =>
        Assert.That(
            Read(new PlanText(Url) { Fields = [field] }).Request.AsksToClose, Is.EqualTo(closes));

    [TestCase("NoColon", "with a colon")]
    [TestCase("Bad Name: x", "valid field name")]
    [TestCase(": x", "valid field name")]
    [TestCase("X: a\rb", "not allowed in a field")]
    [TestCase("Content-Length: 5", "body")]
    [TestCase("transfer-encoding: chunked", "body")]
    [TestCase("Upgrade: h2c", "HTTP/1.1")]
    public void A_field_that_cannot_be_sent_is_refused(string field, string hint) =>
        Assert.That(Refuse(new PlanText(Url) { Fields = [field] }), Does.Contain(hint));

    [Test]
    public void Two_hosts_are_refused() =>
        Assert.That(
            Refuse(new PlanText(Url) { Fields = ["Host: a", "host: b"] }),
            Does.Contain("one Host"));

    [Test]
    public void More_than_one_thread_is_refused_with_a_way_out()
    {
        Assert.That(Refuse(new PlanText(Url) { Threads = "2" }), Does.Contain("-t must be 1"));
        Assert.That(Read(new PlanText(Url) { Threads = "1" }), Is.Not.Null);
    }

    [Test]
    public void A_body_given_to_d_is_answered_with_a_hint() =>
        Assert.That(Refuse(new PlanText(Url) { Duration = "{\"a\":1}" }), Does.Contain("body"));

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("65536")]
    [TestCase("x")]
    public void A_count_has_its_range(string text) =>
        Assert.That(
            Refuse(new PlanText(Url) { Connections = text }), Does.Contain("from 1 to 65535"));

    [Test]
    public void A_run_of_no_length_is_refused_but_no_warm_up_is_fine()
    {
        Assert.That(Refuse(new PlanText(Url) { Duration = "0s" }), Does.Contain("-d"));
        Assert.That(Read(new PlanText(Url) { WarmUp = "0" }).WarmUp, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Pipelining_and_closing_exclude_each_other() =>
        Assert.That(
            Refuse(new PlanText(Url) { Pipeline = "2", Fields = ["Connection: close"] }),
            Does.Contain("exclude"));

    private static LoadPlan Read(PlanText text)
    {
        (LoadPlan? plan, string? error) = text.Read();
        Assert.That(error, Is.Null);
        return plan!;
    }

    private static string? Refuse(PlanText text)
    {
        (LoadPlan? plan, string? error) = text.Read();
        Assert.That(plan, Is.Null);
        return error;
    }
}
