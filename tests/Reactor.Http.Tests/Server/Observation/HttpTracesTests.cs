using System.Diagnostics;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The spans of requests: names, attributes and status by OpenTelemetry's conventions for HTTP
/// servers, and how they flow through handlers.
/// </summary>
/// <remarks>The source is the process's, so nothing else may be served meanwhile.</remarks>
[NonParallelizable]
public class HttpTracesTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    private readonly List<Activity> _spans = [];
    private ActivityListener _listener = null!;
    private ActivitySamplingResult _sampling;

    [SetUp]
    public void Listen()
    {
        _spans.Clear();
        _sampling = ActivitySamplingResult.AllDataAndRecorded;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == HttpTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => _sampling,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void Stop() => _listener.Dispose();

    [Test]
    public void A_request_has_a_server_span_with_the_attributes_of_the_conventions()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send("GET /hello/x?secret=1 HTTP/1.1\r\nHost: example.org:8080\r\n"
            + "User-Agent: test/1\r\n\r\n");
        server.Settle();

        Activity span = _spans.Single();
        Assert.That(
            (span.OperationName, span.Kind, span.Status, span.ParentId),
            Is.EqualTo((
                "GET /hello/{name}", ActivityKind.Server, ActivityStatusCode.Unset,
                (string?)null)));
        var client = (System.Net.IPEndPoint)peer.LocalEndPoint!;
        Assert.That(span.TagObjects, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["http.request.method"] = "GET",
            ["http.route"] = "/hello/{name}",
            ["url.scheme"] = "http",
            ["url.path"] = "/hello/x",
            ["http.response.status_code"] = 200,
            ["network.protocol.version"] = "1.1",
            ["server.address"] = "example.org",
            ["server.port"] = 8080,
            ["client.address"] = $"{client.Address}",
            ["network.peer.address"] = $"{client.Address}",
            ["network.peer.port"] = client.Port,
            ["user_agent.original"] = "test/1",
        }));
    }

    /// <summary>
    /// Conventions, "HTTP server span", name and status: a method that is not known is HTTP in the
    /// name; 5xx is an error, 4xx is not; error.type is the exception or the status.
    /// </summary>
    [TestCase("GET /none", "GET", 404, null, ActivityStatusCode.Unset)]
    [TestCase("BREW /hello/x", "HTTP", 501, "501", ActivityStatusCode.Error)]
    [TestCase("GET /fails", "GET /fails", 500, "System.InvalidOperationException",
        ActivityStatusCode.Error)]
    [TestCase("GET /refuses", "GET /refuses", 404, null, ActivityStatusCode.Unset)]
    [TestCase("GET /answers-503", "GET /answers-503", 503, "503", ActivityStatusCode.Error)]
    [TestCase("POST /echo", "POST /echo", 413, null, ActivityStatusCode.Unset)]
    public void Name_status_and_error_are_those_of_the_conventions(
        string line, string name, int status, string? error, ActivityStatusCode code)
    {
        using var server = new ServerFixture(AddRoutes);
        string length = line.StartsWith("POST", StringComparison.Ordinal)
            ? "Content-Length: 99999999\r\n" : "";
        server.Connect().Send($"{line} HTTP/1.1\r\nHost: test\r\n{length}\r\n");
        server.Settle();

        Activity span = _spans.Single();
        Assert.That(
            (span.DisplayName, span.GetTagItem("http.response.status_code"),
                span.GetTagItem("error.type"), span.Status),
            Is.EqualTo((name, status, error, code)));
        Assert.That(
            span.GetTagItem("http.request.method_original"),
            Is.EqualTo(line.StartsWith("BREW", StringComparison.Ordinal) ? "BREW" : null));
        Assert.That(
            span.Events.Select(one => one.Name),
            Is.EqualTo(error?.StartsWith("System", StringComparison.Ordinal) == true
                ? new[] { "exception" } : []));
    }

    [Test]
    public void A_span_continues_the_callers_trace_or_begins_one()
    {
        using var server = new ServerFixture(AddRoutes);
        string head = "GET /hello/x HTTP/1.1\r\nHost: test\r\n";
        server.Ask($"{head}traceparent: 00-{Trace}-{Parent}-01\r\ntracestate: a=1\r\n\r\n");
        server.Ask($"{head}traceparent: 00-{Trace}-{Parent}-0\r\n\r\n");
        using (Activity around = new Activity("around").Start())
        {
            server.Ask($"{head}\r\n");
        }

        Assert.That(
            ($"{_spans[0].TraceId}", $"{_spans[0].ParentSpanId}", _spans[0].TraceStateString,
                _spans[0].HasRemoteParent),
            Is.EqualTo((Trace, Parent, "a=1", true)));
        foreach (Activity span in _spans.Skip(1))
        {
            Assert.That(span.ParentId, Is.Null);
            Assert.That($"{span.TraceId}", Is.Not.EqualTo(Trace));
        }
    }

    [Test]
    public void The_span_is_current_in_the_handler_after_its_waits_and_in_its_tasks_only()
    {
        var seen = new List<(string Where, Activity? Span)>();
        using var server = new ServerFixture(app => app.Get("/{name}", async request =>
        {
            string name = request.MatchInfo["name"];
            seen.Add((name, Activity.Current));
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            seen.Add((name, Activity.Current));
            await EventLoop.Current.CreateTask(Child(name));
            return Response.Text("");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/a"));
        server.Connect().Send(Get("/b"));
        server.RunFor(2);
        peer.Send(Get("/c"));
        server.RunFor(2);

        Assert.That(_spans.Select(span => span.GetTagItem("url.path")).Order(),
            Is.EqualTo(new[] { "/a", "/b", "/c" }));
        Assert.That(seen, Has.Count.EqualTo(9));
        foreach ((string where, Activity? span) in seen)
        {
            Assert.That(span?.GetTagItem("url.path"), Is.EqualTo($"/{where}"));
        }

        Assert.That(Activity.Current, Is.Null);

        async Coroutine Child(string name)
        {
            await EventLoop.Yield();
            seen.Add((name, Activity.Current));
        }
    }

    [Test]
    public void HttpClient_in_a_handler_sends_the_trace_on()
    {
        string? sent = null;
        using var backend = new RealServer("sockets", app => app.OnGet("/", request =>
        {
            sent = request.Headers["traceparent"];
            return Response.Text("");
        }));
        using var client = new HttpClient();
        using var server = new RealServer("sockets", app => app.Get("/front", async _ =>
        {
            await client.GetStringAsync(new Uri($"http://{backend.EndPoint}/"));
            return Response.Text("");
        }));
        using var socket = server.Connect();
        RealServer.Send(
            socket, "GET /front HTTP/1.1\r\nHost: test\r\n"
            + $"traceparent: 00-{Trace}-{Parent}-01\r\n\r\n");
        Assert.That(RealServer.Receive(socket, 1).Single().Status, Is.EqualTo(200));

        Assert.That(sent, Does.Match($"^00-{Trace}-[0-9a-f]{{16}}-01$"));
        Assert.That(SpinWait.SpinUntil(() => _spans.Count == 2, TimeSpan.FromSeconds(10)));
        Activity front = _spans.Single(span => span.GetTagItem("http.route") is "/front");
        Activity back = _spans.Single(span => span.GetTagItem("http.route") is "/");
        Assert.That(
            ($"{front.ParentSpanId}", $"{back.TraceId}"), Is.EqualTo((Parent, Trace)));
    }

    [Test]
    public void A_request_that_is_cut_off_ends_its_span_as_an_error()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/cut"));
        server.RunFor(1);

        Assert.That(
            (_spans.Single().Status, _spans[0].GetTagItem("error.type")),
            Is.EqualTo((ActivityStatusCode.Error, "System.InvalidOperationException")));
    }

    [Test]
    public void A_request_without_a_response_has_no_status_of_the_request_before()
    {
        using var server = new ServerFixture(
            AddRoutes, new HttpServerOptions { CancelHandlerOnDisconnect = true });
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/hello/x"));
        peer.Send(Get("/waits"));
        server.RunFor(1);
        peer.Reset();
        server.RunFor(1);

        Assert.That(
            _spans.Select(span => (
                span.GetTagItem("http.route"), span.GetTagItem("http.response.status_code"),
                span.Status)),
            Is.EqualTo(new (object?, object?, ActivityStatusCode)[]
            {
                ("/hello/{name}", 200, ActivityStatusCode.Unset),
                ("/waits", null, ActivityStatusCode.Error),
            }));
    }

    [Test]
    public void A_malformed_head_has_no_span_and_an_unsampled_request_has_no_attributes()
    {
        using var server = new ServerFixture(AddRoutes);
        server.Ask("BAD\r\n\r\n");
        _sampling = ActivitySamplingResult.None;
        server.Ask(Get("/hello/x"));
        Assert.That(_spans, Is.Empty);

        _sampling = ActivitySamplingResult.PropagationData;
        server.Ask(Get("/hello/x"));
        Assert.That(_spans.Single().GetTagItem("http.response.status_code"), Is.Null);
    }

    private static void AddRoutes(Application app)
    {
        app.OnEcho();
        app.OnGet("/hello/{name}", "hi");
        app.OnGet("/fails", _ => throw new InvalidOperationException("It fails."));
        app.OnGet("/refuses", _ => throw HttpException.NotFound());
        app.OnGet("/answers-503", _ => Response.Text("busy", 503));
        app.Get("/waits", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromHours(1));
            return Response.Text("");
        });
        app.Get("/cut", async request =>
        {
            var response = new StreamResponse(contentLength: 100);
            response.Prepare(request);
            await response.WriteAsync("part"u8.ToArray());
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            throw new InvalidOperationException("It fails in the middle.");
        });
    }
}
