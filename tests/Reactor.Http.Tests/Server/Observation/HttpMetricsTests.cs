using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Reactor.Http.Protocol;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What the meter <c>Reactor.Http</c> tells a listener: each refusal by its stable id, each request
/// once, and how many connections are open.
/// </summary>
/// <remarks>The meter is the process's, so nothing else may be served meanwhile.</remarks>
[NonParallelizable]
public class HttpMetricsTests
{
    private MetricCollector<long> _rejections = null!;
    private MetricCollector<long> _active = null!;
    private MetricCollector<long> _responseBytes = null!;
    private MetricCollector<long> _requestBytes = null!;
    private MetricCollector<double> _loopTimes = null!;
    private MetricCollector<long> _connections = null!;
    private MetricCollector<double> _durations = null!;

    [SetUp]
    public void Listen()
    {
        _rejections = Collect<long>("reactor.http.server.rejected_requests");
        _connections = Collect<long>("reactor.http.server.active_connections");
        _loopTimes = Collect<double>("reactor.http.server.request.loop_time");
        _active = Collect<long>("http.server.active_requests");
        _requestBytes = Collect<long>("http.server.request.body.size");
        _responseBytes = Collect<long>("http.server.response.body.size");
        _durations = Collect<double>("http.server.request.duration");
    }

    [TearDown]
    public void Stop()
    {
        _rejections.Dispose();
        _active.Dispose();
        _requestBytes.Dispose();
        _responseBytes.Dispose();
        _loopTimes.Dispose();
        _connections.Dispose();
        _durations.Dispose();
    }

    [TestCase("GET / HTTP/1.1\r\nHost : test\r\n\r\n", "HDR-SPACE-BEFORE-COLON")]
    [TestCase("GET / HTTP/1.1\r\n\r\n", "HOST-MISSING")]
    [TestCase("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 9999999\r\n\r\n", "BODY-LARGE")]
    [TestCase("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "CHUNK-SIZE")]
    [TestCase("POST /catch HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "CHUNK-SIZE")]
    [TestCase("POST /ignore HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "CHUNK-SIZE")]
    public void A_refusal_counts_once_by_its_id_whatever_the_handler_does(
        string request, string id)
    {
        using var server = new ServerFixture(AddRoutes);
        server.Ask(request);

        Assert.That(Of(_rejections), Is.EqualTo(new (long, object?)[] { (1, id) }));
        Assert.That(server.Logged(), Has.Exactly(1).Contains(id), "and in the log");
    }

    [Test]
    public void A_refused_body_is_logged_with_the_offset_in_it()
    {
        using var server = new ServerFixture(AddRoutes);
        server.Ask("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nabX");

        Assert.That(server.Logged(), Has.Some.Contains("CHUNK-DATA-END").And.Contains("byte 5"));
    }

    [Test]
    public void Each_request_counts_once_with_its_status_and_duration()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait"));
        server.RunFor(2);
        peer.Take();
        peer.Ask(Get("/none"));
        peer.Send("GET / HTTP");
        server.Settle();
        peer.Reset();
        server.Settle();

        (double Value, object? Status, object? Error)[] durations =
            [.. Tags(_durations, one => (one.Value, Tag(one, "http.response.status_code"),
                Tag(one, "error.type")))];
        Assert.That(
            durations.Select(one => (one.Status, one.Error)),
            Is.EqualTo(new (object?, object?)[]
            {
                (200, null), (404, null), (null, "aborted_by_client"),
            }));
        Assert.That(durations[0].Value, Is.EqualTo(1).Within(0.01));
    }

    /// <summary>
    /// OpenTelemetry semantic conventions, HTTP metrics, http.server.request.duration: required are
    /// method and scheme; route and status if there are; error.type for an error; the version is
    /// recommended. A method that is not of RFC 9110 or PATCH is _OTHER.
    /// </summary>
    [TestCase("GET /wait HTTP/1.1", "GET", "/wait", 200, "1.1", null)]
    [TestCase("HEAD /wait HTTP/1.0", "HEAD", "/wait", 200, "1.0", null)]
    [TestCase("GET /none HTTP/1.1", "GET", null, 404, "1.1", null)]
    [TestCase("PROPFIND /wait HTTP/1.1", "_OTHER", null, 501, "1.1", "501")]
    [TestCase("GET /fails HTTP/1.1", "GET", "/fails", 500, "1.1",
        "System.InvalidOperationException")]
    [TestCase("GET /refuses HTTP/1.1", "GET", "/refuses", 404, "1.1", null)]
    public void A_request_has_the_attributes_of_the_conventions(
        string line, string method, string? route, int status, string version, string? error)
    {
        using var server = new ServerFixture(AddRoutes);
        server.Connect().Send($"{line}\r\nHost: test\r\n\r\n");
        server.RunFor(2);

        var expected = new Dictionary<string, object?>
        {
            ["http.request.method"] = method,
            ["url.scheme"] = "http",
            ["http.response.status_code"] = status,
            ["network.protocol.version"] = version,
        };
        AddIf("http.route", route);
        AddIf("error.type", error);
        Assert.That(
            Tags(_durations, one => one.Tags).Single(), Is.EquivalentTo(expected));

        void AddIf(string name, string? value)
        {
            if (value is not null)
            {
                expected.Add(name, value);
            }
        }
    }

    [Test]
    public void The_loop_time_of_a_request_is_measured_by_method_and_route()
    {
        ServerFixture? server = null;
        using ServerFixture made = server = new ServerFixture(app => app.OnGet("/slow", _ =>
        {
            server!.Driver.Advance(TimeSpan.FromMilliseconds(30));
            return Response.Text("slow");
        }));
        server.Ask(Get("/slow"));

        CollectedMeasurement<double> one = _loopTimes.GetMeasurementSnapshot().Single();
        Assert.That(one.Value, Is.EqualTo(0.03).Within(1e-6));
        Assert.That(one.Tags.Keys, Is.EquivalentTo(
            new[] { "http.request.method", "url.scheme", "http.route" }));
    }

    [Test]
    public void Active_requests_are_counted_up_and_down_and_bodies_by_their_content()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait"));
        server.Settle();
        Assert.That(Active(), Is.EqualTo(1));
        server.RunFor(2);
        Assert.That(Active(), Is.Zero);

        server.Ask(PostChunked("/echo", "bo", "dy!"));
        Assert.That(
            Tags(_requestBytes, one => one.Value), Is.EqualTo(new[] { 0L, 5 }), "no framing");
        Assert.That(Tags(_responseBytes, one => one.Value), Is.EqualTo(new[] { 6L, 5 }));
        Assert.That(
            Tags(_active, one => one.Tags.Count), Is.All.EqualTo(2), "method and scheme");

        long Active() => Tags(_active, one => one.Value).Sum();
    }

    [Test]
    public void The_buckets_are_those_of_the_conventions()
    {
        Assert.That(
            ((Histogram<double>)_durations.Instrument!).Advice?.HistogramBucketBoundaries,
            Is.EqualTo(new[]
            {
                0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
            }));
    }

    [Test]
    public void Open_connections_are_counted_up_and_down()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer one = server.ConnectNow();
        HttpPeer two = server.ConnectNow();
        Assert.That(Open(), Is.EqualTo(2));

        one.Close();
        two.Reset();
        server.Settle();
        Assert.That(Open(), Is.Zero);
    }

    [Test]
    public void Every_request_refusal_has_an_id_of_its_own()
    {
        string[] ids = [.. RejectionTable.All.ToArray().Select(row => row.Id)];

        Assert.That(ids, Is.Unique.And.All.Match("^[A-Z0-9-]+$"));
    }

    private long Open() => Of(_connections).Sum(change => change.Value);

    private static MetricCollector<T> Collect<T>(string name)
        where T : struct => new(null, HttpMetrics.MeterName, name);

    private static IEnumerable<TResult> Tags<T, TResult>(
        MetricCollector<T> collector, Func<CollectedMeasurement<T>, TResult> read)
        where T : struct => collector.GetMeasurementSnapshot().Select(read);

    private static object? Tag<T>(CollectedMeasurement<T> one, string name)
        where T : struct => one.Tags.GetValueOrDefault(name);

    private static (T Value, object? Tag)[] Of<T>(MetricCollector<T> collector)
        where T : struct =>
        [
            .. collector.GetMeasurementSnapshot()
                .Select(one => (one.Value, one.Tags.Values.FirstOrDefault())),
        ];

    private static void AddRoutes(Application app)
    {
        app.OnEcho();
        app.On("POST", "/ignore", _ => Response.Text("ignored"));
        app.Post("/catch", async request =>
        {
            try
            {
                await request.ReadAsync();
            }
            catch (RequestBodyException)
            {
            }

            return Response.Text("never mind");
        });
        app.OnGet("/fails", _ => throw new InvalidOperationException("It fails."));
        app.OnGet("/refuses", _ => throw HttpException.NotFound());
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("waited");
        });
    }
}
