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
    private MetricCollector<long> _requests = null!;
    private MetricCollector<long> _connections = null!;
    private MetricCollector<double> _durations = null!;

    [SetUp]
    public void Listen()
    {
        _rejections = Collect<long>("rejections");
        _requests = Collect<long>("requests");
        _connections = Collect<long>("connections.active");
        _durations = Collect<double>("request.duration");
    }

    [TearDown]
    public void Stop()
    {
        _rejections.Dispose();
        _requests.Dispose();
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

        Assert.That(Of(_requests), Is.EqualTo(
            new (long, object?)[] { (1, 200), (1, 404), (1, 0) }));
        (double Value, object? Tag)[] durations = Of(_durations);
        Assert.That(durations.Select(one => one.Tag), Is.EqualTo(new object[] { 200, 404, 0 }));
        Assert.That(durations[0].Value, Is.EqualTo(1).Within(0.01));
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
        where T : struct => new(null, HttpMetrics.MeterName, $"reactor.http.{name}");

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
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("waited");
        });
    }
}
