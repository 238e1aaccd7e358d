using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Handlers that do not let others run, or that do not end when they should: they are named, and
/// what can be prevented is.
/// </summary>
public class BlockedHandlerTests
{
    private const int Endless = 100_000;
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [Test]
    public void A_handler_that_blocks_the_loop_is_named_with_request_and_route(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        using var log = new ListLoggerFactory();
        using var isNamed = new ManualResetEventSlim();
        log.OnMessage = message =>
        {
            if (message.Contains("is blocked"))
            {
                isNamed.Set();
            }
        };
        var application = new Application();
        application.OnGet("/slow/{id}", _ => Response.Text($"{isNamed.Wait(s_hung)}"));
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = LoopDrivers.Create(driver),
            LoggerFactory = log,
            BlockedAfter = TimeSpan.FromMilliseconds(50),
        });
        HttpServer http = application.MakeHandler(
            new HttpServerOptions { Log = new() { LoggerFactory = log } });
        LoopServer server = loop.CreateServer(http, [new IPEndPoint(IPAddress.Loopback, 0)]);
        EndPoint address = server.EndPoints[0];
        List<RawAnswer> answers = [];
        var client = new Thread(() =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(address);
            socket.Send(Encoding.Latin1.GetBytes(Get("/slow/7?x=1")));
            answers = RealServer.Receive(socket, 1, "GET");
            loop.CallSoonThreadSafe(loop.Stop);
        });
        client.Start();
        loop.RunForever();
        client.Join();
        loop.RunUntilComplete(http.ShutdownAsync(server));
        LogQueue.Flush(s_hung);

        Assert.That(answers.Single().Text, Is.EqualTo("True"), "no line came while it ran");
        Assert.That(
            log.Warnings,
            Has.Some.Contains("is blocked").And.Contains("GET /slow/7 (route /slow/{id})"));
    }

    [Test]
    public void A_handler_that_ignores_its_limit_is_named_at_exactly_the_grace_and_once()
    {
        using var server = new ServerFixture(
            app => app.Get("/deaf/{id}", Handlers.Outlive(TimeSpan.FromSeconds(60))),
            new HttpServerOptions
            {
                Times = new() { HandlerTimeout = TimeSpan.FromSeconds(20) },
                Shutdown = new() { CancelTimeout = TimeSpan.FromSeconds(5) },
            });
        HttpPeer peer = server.ConnectNow();
        for (int i = 0; i < 2; i++)
        {
            TimeSpan begun = server.Driver.Now;
            peer.Send(Get("/deaf/7"));
            server.RunTo(begun + TimeSpan.FromSeconds(25) - s_tick);
            Assert.That(Lines(server), Is.EqualTo(i));

            server.RunTo(begun + TimeSpan.FromSeconds(25) + (2 * s_tick));
            Assert.That(Lines(server), Is.EqualTo(i + 1));
            Assert.That(
                server.Logged(), Has.Some.Contains("GET /deaf/7 (route /deaf/{id}) still runs"));

            server.RunTo(begun + TimeSpan.FromSeconds(81));
            Assert.That(peer.TakeOne().Text, Is.EqualTo("late"));
            Assert.That(Lines(server), Is.EqualTo(i + 1));
        }
    }

    [Test]
    public void A_handler_that_ends_within_the_grace_is_not_named()
    {
        using var server = new ServerFixture(
            app => app.Get("/", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return Response.Text("never");
            }),
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(20) } });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.RunFor(60);

        Assert.That(peer.TakeOne().Status, Is.EqualTo(503));
        Assert.That(Lines(server), Is.Zero);
    }

    [TestCase("x", false)]
    [TestCase("", true)]
    public void A_handler_that_reads_its_body_without_progress_leaves_others_their_turn(
        string body, bool consumes)
    {
        int reads = 0;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            bool hadTurn = false;
            request.Loop.CallSoon(() => hadTurn = true);
            while (!hadTurn && reads < Endless)
            {
                ReadResult result = await request.Body.ReadAsync();
                reads++;
                request.Body.AdvanceTo(consumes ? result.Buffer.End : result.Buffer.Start);
            }

            return Response.Text("done");
        }));

        Assert.That(server.Ask(Post("/", body)).Text, Is.EqualTo("done"));
        Assert.That(reads, Is.EqualTo(64 + 1));
    }

    private static int Lines(ServerFixture server) =>
        server.Logged().Count(message => message.Contains("still runs"));
}
