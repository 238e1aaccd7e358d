using System.Diagnostics;
using System.Net;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>The six routes of the demo application, over real HTTP.</summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public class DemoRoutesTests(string driver)
{
    private const int Mib = 1024 * 1024;

    private ServerProcess _server = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = ServerProcess.Start("--driver", driver);
        _client = new HttpClient { BaseAddress = _server.Address };
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [TestCase("/", "<h1>Index</h1>")]
    [TestCase("/hello/world", "<h1>hello, world!</h1>")]
    [TestCase("/hello/%3Cb%3E", "<h1>hello, &lt;b&gt;!</h1>")]
    public async Task Html_comes_after_half_a_second(string path, string expected)
    {
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response =
            await _client.GetAsync(new Uri(path, UriKind.Relative));
        TimeSpan time = Stopwatch.GetElapsedTime(start);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            response.Content.Headers.ContentType!.ToString(),
            Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(expected));
        Assert.That(time, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.5)));
    }

    [TestCase("/plaintext", "text/plain", "Hello, World!")]
    [TestCase("/json", "application/json", "{\"message\":\"Hello, World!\"}")]
    public async Task The_measured_routes_answer_what_they_always_answer(
        string path, string type, string expected)
    {
        using HttpResponseMessage response =
            await _client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo(type));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(expected));
        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(expected.Length));
        Assert.That(response.Headers.Date, Is.Not.Null);
    }

    [Test]
    public async Task Items_are_a_list_of_1024_bytes()
    {
        string text = await _client.GetStringAsync(new Uri("/items", UriKind.Relative));

        Assert.That(text, Has.Length.EqualTo(1024));
        Assert.That(text, Does.StartWith("""[{"id":10,"name":"cup","ok":true},{"id":11,"""));
        Assert.That(text, Does.EndWith("""{"id":40,"name":"cup","ok":true}]"""));
    }

    [TestCase("text/x-mine")]
    [TestCase(null)]
    public async Task Echo_answers_with_the_body_and_its_type(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("étwas"));
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using HttpResponseMessage response =
            await _client.PostAsync(new Uri("/echo", UriKind.Relative), content);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("étwas"));
        Assert.That(
            response.Content.Headers.ContentType!.ToString(),
            Is.EqualTo(type ?? "application/octet-stream"));
    }

    [TestCase("0", 0)]
    [TestCase("1", 1)]
    [TestCase("16385", 16385)]
    [TestCase("67108864", 64 * Mib)]
    public async Task Bytes_come_as_many_as_were_asked_for(string asked, int expected)
    {
        using HttpResponseMessage response = await _client.GetAsync(
            new Uri($"/bytes/{asked}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[256 * 1024];
        int bytes = 0;
        for (int count; (count = await body.ReadAsync(buffer)) > 0; bytes += count)
        {
        }

        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(expected));
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [TestCase("67108865")]
    [TestCase("99999999999999999999")]
    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase("0x10")]
    [TestCase("many")]
    public async Task What_is_no_number_of_bytes_or_too_many_is_400(string asked)
    {
        using HttpResponseMessage response =
            await _client.GetAsync(new Uri($"/bytes/{asked}", UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    [Category("Measured")]
    public async Task Memory_stays_bounded_while_64_mib_are_sent()
    {
        await Bytes_come_as_many_as_were_asked_for("1", 1);
        long before = _server.StatusKib("VmHWM");
        for (int i = 0; i < 4; i++)
        {
            await Bytes_come_as_many_as_were_asked_for("67108864", 64 * Mib);
        }

        Assert.That(_server.StatusKib("VmHWM") - before, Is.LessThan(32 * 1024), "KiB at the peak");
    }

    [Test]
    [Category("Measured")]
    public void A_client_that_does_not_read_64_mib_costs_next_to_nothing()
    {
        string request = "GET /bytes/67108864 HTTP/1.1\r\nHost: x\r\n\r\n";
        long before = _server.StatusKib("VmHWM");
        var clients = Enumerable.Range(0, 20).Select(_ => _server.Connect()).ToList();
        clients.ForEach(client => client.Send(Encoding.ASCII.GetBytes(request)));
        _server.Ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        clients.ForEach(client => client.Dispose());

        Assert.That(_server.StatusKib("VmHWM") - before, Is.LessThan(32 * 1024), "KiB at the peak");
    }

    [Test]
    public void Raw_bytes_are_what_the_rfc_says()
    {
        string answer = _server.Ask(
            "GET /plaintext HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.That(answer, Does.Match(
            "^HTTP/1\\.1 200 OK\r\nServer: reactor\r\n"
            + "Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n"
            + "Content-Type: text/plain\r\nContent-Length: 13\r\nConnection: close\r\n\r\n"
            + "Hello, World!$"));
    }

    [Test]
    [Category("External")]
    public void Curl_sees_the_head_and_the_page_after_half_a_second()
    {
        string curl = ExternalTool.Require("curl", "curl");
        long start = Stopwatch.GetTimestamp();
        (int exitCode, string output, _) = ChildProcess.Run(
            curl, "-si", $"{_server.Address}hello/curl");

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.StartWith("HTTP/1.1 200 OK\r\n"));
        Assert.That(output, Does.EndWith("\r\n\r\n<h1>hello, curl!</h1>"));
        Assert.That(
            Stopwatch.GetElapsedTime(start), Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(0.5)));
    }

    [Test]
    [Category("External")]
    public void Curl_can_upload_with_an_expectation_and_in_chunks()
    {
        string curl = ExternalTool.Require("curl", "curl");
        string body = new('x', 1_000_000);
        foreach (string header in new[] { "Expect: 100-continue", "Transfer-Encoding: chunked" })
        {
            using ChildProcess upload = ChildProcess.Start(
                new ProcessStartInfo(
                    curl,
                    ["-s", "--data-binary", "@-", "-H", header, $"{_server.Address}echo"]),
                body);
            (int exitCode, string output, _) = upload.Finish();

            Assert.That((exitCode, output.Length), Is.EqualTo((0, body.Length)), header);
        }
    }

    // It offers h2c with the POST; the offer is ignored, as RFC 9110 7.8 lets a server do.
    [Test]
    [Category("External")]
    public void Curl_can_post_although_it_offers_HTTP_2()
    {
        string curl = ExternalTool.Require("curl", "curl");
        (int exitCode, string output, _) = ChildProcess.Run(
            curl, "-s", "--http2", "-d", "hello", "-w", " %{http_code} %{http_version}",
            $"{_server.Address}echo");

        Assert.That((exitCode, output), Is.EqualTo((0, "hello 200 1.1")));
    }

    [Test]
    [Category("External")]
    public void Wrk_finds_no_error()
    {
        string wrk = ExternalTool.Require("wrk", "wrk");
        (int exitCode, string output, _) = ChildProcess.Run(
            wrk, "-t1", "-c64", "-d2s", $"{_server.Address}plaintext");
        TestContext.Out.WriteLine(output);

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Match("[1-9][0-9]* requests in "));
        Assert.That(output, Does.Not.Contain("Socket errors").And.Not.Contain("Non-2xx"));
    }
}
