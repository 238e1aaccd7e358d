using Reactor.Simulation;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// When a record ends: when the kernel has taken the last byte of the response, and on a connection
/// that ends with it, when the client's system has acknowledged it or the close gave up.
/// </summary>
public class RecordEndTests
{
    private const string Last =
        "GET /large HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";

    /// <summary>A kernel that takes far more than the client has room for.</summary>
    private static readonly InMemoryOptions s_deepBuffers = new()
    {
        SendBufferBytes = 4 * 1024 * 1024,
    };

    private readonly List<AccessRecord> _records = [];

    [SetUp]
    public void Clear() => _records.Clear();

    [Test]
    public void A_response_that_its_client_never_reads_is_not_complete()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = Unread(server, Get("/large"));
        server.RunFor(1);
        Assert.That(_records, Is.Empty, "it is written, and not sent");
        peer.Reset();
        server.RunFor(1);

        AccessRecord one = _records.Single();
        Assert.That(
            (one.Path, one.Status, one.Outcome),
            Is.EqualTo(("/large", 200, RequestOutcome.AbortedByClient)));
        Assert.That(one.BytesOut, Is.LessThan(one.BodyBytes));
        Assert.That(one.Duration.TotalSeconds, Is.EqualTo(1).Within(0.1));
    }

    [Test]
    public void A_response_that_its_client_reads_slowly_ends_when_the_last_byte_is_sent()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = Unread(server, Get("/large"));
        for (int second = 0; _records.Count == 0; second++)
        {
            Assert.That(second, Is.LessThan(60));
            peer.Read(100_000);
            server.RunFor(1);
        }

        AccessRecord one = _records.Single();
        Assert.That(one.Outcome, Is.EqualTo(RequestOutcome.Complete));
        Assert.That(one.Duration.TotalSeconds, Is.GreaterThan(5), "a MiB, less a window");
        Assert.That(one.BytesOut, Is.GreaterThan(one.BodyBytes));
    }

    [Test]
    public void Pipelined_responses_that_are_not_sent_are_not_complete()
    {
        using ServerFixture server = Serve();
        HttpPeer peer = server.ConnectNow();
        peer.ReceiveBytesMax = 0;
        peer.Send(string.Concat(Enumerable.Repeat(Get("/ok"), 10)));
        server.RunFor(1);
        Assert.That(_records, Is.Empty);
        peer.Reset();
        server.RunFor(1);

        Assert.That(
            _records.Select(one => one.Outcome),
            Is.EqualTo(Enumerable.Repeat(RequestOutcome.AbortedByClient, 10)));
    }

    [Test]
    public void Of_pipelined_responses_those_are_complete_that_were_sent_whole()
    {
        using ServerFixture server = Serve();
        int bytes = server.ConnectNow() is var first && first.Ask(Get("/ok")).Status == 200
            ? (int)_records.Single().BytesOut
            : 0;
        for (int cut = 0; cut <= 3 * bytes; cut++)
        {
            _records.Clear();
            HttpPeer peer = server.ConnectNow();
            peer.ReceiveBytesMax = cut;
            peer.Send(string.Concat(Enumerable.Repeat(Get("/ok"), 3)));
            server.RunFor(1);
            peer.Reset();
            server.RunFor(1);
            Assert.That(
                _records.Select(one => one.Outcome == RequestOutcome.Complete),
                Is.EqualTo(Enumerable.Range(1, 3).Select(i => cut >= i * bytes)),
                $"cut at {cut}");
        }
    }

    [Test]
    public void A_response_on_a_connection_that_goes_on_ends_when_the_kernel_has_taken_it()
    {
        using ServerFixture server = Serve(s_deepBuffers);
        HttpPeer peer = Unread(server, Get("/large"));
        server.Settle();

        AccessRecord one = _records.Single();
        Assert.That(one.Outcome, Is.EqualTo(RequestOutcome.Complete));
        Assert.That(one.BytesOut, Is.GreaterThan(one.BodyBytes));
        peer.Reset();
        server.Settle();
        Assert.That(_records, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_response_that_ends_its_connection_ends_when_it_is_acknowledged()
    {
        using ServerFixture server = Serve(s_deepBuffers);
        HttpPeer peer = Unread(server, Last);
        server.RunFor(3);
        Assert.That(_records, Is.Empty, "the kernel has it, and the client has not");
        peer.IsReading = true;
        server.RunFor(3);

        AccessRecord one = _records.Single();
        Assert.That(one.Outcome, Is.EqualTo(RequestOutcome.Complete));
        Assert.That(one.Duration.TotalSeconds, Is.InRange(3, 4.1), "looked at each second");
    }

    [Test]
    public void A_response_that_ends_its_connection_and_is_reset_before_it_arrived_is_aborted()
    {
        using ServerFixture server = Serve(s_deepBuffers);
        HttpPeer peer = Unread(server, Last);
        server.RunFor(3);
        peer.Reset();
        server.RunFor(3);

        Assert.That(
            _records.Select(one => (one.Status, one.Outcome)),
            Is.EqualTo(new[] { (200, RequestOutcome.AbortedByClient) }));
    }

    [Test]
    public void A_response_that_ends_its_connection_and_is_never_read_is_aborted_by_us()
    {
        using ServerFixture server = Serve(s_deepBuffers);
        HttpPeer peer = Unread(server, Last);
        server.RunFor(3600);

        Assert.That(
            _records.Select(one => (one.Status, one.Outcome)),
            Is.EqualTo(new[] { (200, RequestOutcome.AbortedByServer) }));
        Assert.That(peer.IsReset);
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void On_a_real_kernel_a_last_response_is_complete_only_if_its_client_took_it(
        string driver)
    {
        using var server = new RealServer(
            driver, AddRoutes, new HttpServerOptions { Log = new() { AccessLog = _records.Add } });
        foreach (bool takes in new[] { true, false })
        {
            using System.Net.Sockets.Socket socket = server.Connect();
            RealServer.Send(socket, Last);
            if (takes)
            {
                Assert.That(RealServer.Receive(socket, 1).Single().IsWhole);
            }
            else
            {
                byte[] some = new byte[100];
                socket.Receive(some); // the response is on its way
                socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
            }

            socket.Dispose();
            server.WaitUntilQuiet();
        }

        Assert.That(
            server.OnLoop(() => _records.Select(one => one.Outcome).ToArray()),
            Is.EqualTo(new[] { RequestOutcome.Complete, RequestOutcome.AbortedByClient }));
    }

    private ServerFixture Serve(InMemoryOptions? network = null) =>
        new(AddRoutes, new HttpServerOptions { Log = new() { AccessLog = _records.Add } }, network);

    /// <summary>A client that sends a request and does not read.</summary>
    private static HttpPeer Unread(ServerFixture server, string request)
    {
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(request);
        return peer;
    }

    private static void AddRoutes(Application app)
    {
        app.OnGet("/ok", "ok");
        app.OnGet("/large", _ => Response.Bytes(new byte[1024 * 1024]));
    }
}
