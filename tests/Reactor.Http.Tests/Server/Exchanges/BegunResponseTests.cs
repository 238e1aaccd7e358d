using Reactor.Simulation;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A handler that fails after its response has begun: what was promised and written arrives, what
/// was not sent is replaced, and no reset takes the responses ahead of it.
/// </summary>
public class BegunResponseTests
{
    private const int FourMebibytes = 4 * 1024 * 1024;

    /// <summary>The kernel takes more than the window, and half a second passes each way.</summary>
    private static readonly InMemoryOptions s_far = new()
    {
        SendBufferBytes = 1_000_000,
        Faults = new FaultPlan
        {
            DelayMin = TimeSpan.FromSeconds(0.5),
            DelayMax = TimeSpan.FromSeconds(0.5),
        },
    };

    [Test]
    public void A_response_whose_write_still_waits_when_its_handler_returns_is_cut_off()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: FourMebibytes);
            response.Prepare(request);
            _ = request.Loop.CreateTask(Write(response), "write");
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return response; // the task waits for the client
        }));
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.RunFor(3);

        Assert.That(peer.IsReset, "what is short must not look whole");
        Assert.That(server.Logged(), Has.Some.Contains("after less than it announced"));

        static async Coroutine Write(StreamResponse response)
        {
            try
            {
                await response.WriteAsync(new byte[FourMebibytes]);
            }
            catch (InvalidOperationException)
            {
                // The response has ended.
            }
        }
    }

    [TestCase("throws", 500)]
    [TestCase("returns", 500)]
    [TestCase("is late", 503)]
    public void A_prepared_response_of_which_nothing_was_sent_is_replaced(string how, int status)
    {
        using var server = new ServerFixture(
            app =>
            {
                app.OnGet("/ok", "ok");
                app.Get("/", async request =>
                {
                    var response = new StreamResponse(contentLength: 10);
                    response.Headers.Add("X-Begun", "1");
                    response.Prepare(request);
                    if (how == "is late")
                    {
                        await EventLoop.Delay(TimeSpan.FromSeconds(10));
                    }

                    return how == "returns" ? response : throw new InvalidOperationException("x");
                });
            },
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(2) } });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/ok") + Get("/"));
        server.RunFor(3);
        List<RawAnswer> answers = peer.Take();

        Assert.That(answers.Select(answer => answer.Status), Is.EqualTo(new[] { 200, status }));
        Assert.That((answers[1]["X-Begun"], peer.IsReset), Is.EqualTo(((string?)null, false)));
        if (how != "is late")
        {
            Assert.That(peer.Ask(Get("/ok")).Text, Is.EqualTo("ok"), "the connection is kept");
        }
    }

    [TestCase("length")]
    [TestCase("chunks and WriteEof")]
    public void A_response_that_was_written_whole_arrives_although_its_handler_throws(string kind)
    {
        using var server = new ServerFixture(
            app =>
            {
                app.OnGet("/ok", "ok");
                app.Get("/", async request =>
                {
                    var response = new StreamResponse(
                        contentLength: kind == "length" ? FourMebibytes : null);
                    response.Prepare(request);
                    await response.WriteAsync(new byte[FourMebibytes]);
                    if (kind != "length")
                    {
                        await response.WriteEofAsync();
                    }

                    throw new InvalidOperationException("afterwards");
                });
            },
            network: s_far);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/ok") + Get("/"));
        server.RunFor(120);
        List<RawAnswer> answers = peer.Take();

        Assert.That(answers.Select(answer => answer.Status), Is.EqualTo(new[] { 200, 200 }));
        Assert.That(answers[1].Body, Has.Length.EqualTo(FourMebibytes));
        Assert.That(server.Logged(), Has.One.Contains("its response is 200"));
        Assert.That(peer.IsReset, Is.False);
    }

    [Test]
    public void A_response_to_HEAD_is_whole_with_its_head()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: 10);
            response.Prepare(request);
            await response.WriteAsync(new byte[5]);
            throw new InvalidOperationException("afterwards");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
        server.Settle();

        Assert.That((peer.TakeOne("HEAD").Status, peer.IsReset), Is.EqualTo((200, false)));
    }

    [Test]
    public void The_responses_ahead_of_a_broken_one_arrive_before_the_reset(
        [Values("length", "chunks", "until the end")] string kind)
    {
        using var server = new ServerFixture(
            app =>
            {
                app.OnGet("/ahead", _ => Response.Bytes(new byte[300_000]));
                app.Get("/", async request =>
                {
                    var response = new StreamResponse(
                        contentLength: kind == "length" ? 100_000 : null);
                    response.Prepare(request);
                    await response.WriteAsync(new byte[10_000]);
                    throw new InvalidOperationException("in the middle");
                });
            },
            network: s_far);
        HttpPeer peer = server.Connect();
        string version = kind == "until the end" ? "HTTP/1.0" : "HTTP/1.1";
        peer.Send(Get("/ahead") + $"GET / {version}\r\nHost: test\r\n\r\n");
        server.RunFor(30);

        Assert.That(peer.IsReset, "what is broken must not look whole");
        Assert.That(peer.Take()[0].Body, Has.Length.EqualTo(300_000));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void A_client_that_does_not_take_the_responses_ahead_is_reset_by_the_usual_rules()
    {
        using var server = new ServerFixture(
            app =>
            {
                app.OnGet("/ahead", _ => Response.Bytes(new byte[300_000]));
                app.Get("/", async request =>
                {
                    var response = new StreamResponse();
                    response.Prepare(request);
                    await response.WriteAsync(new byte[10_000]);
                    throw new InvalidOperationException("in the middle");
                });
            },
            network: s_far);
        HttpPeer peer = server.Connect();
        peer.IsReading = false;
        peer.Send(Get("/ahead") + Get("/"));
        server.RunFor(100);
        Assert.That(peer.IsReset, Is.False);
        server.RunFor(200);

        Assert.That((peer.IsReset, server.ConnectionTasks), Is.EqualTo((true, 0)));
        Assert.That(server.Logged(), Has.One.Contains("takes nothing"));
    }

    [Test]
    public void A_response_that_is_given_up_takes_no_more_writes()
    {
        StreamResponse? given = null;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            given = new StreamResponse();
            given.Prepare(request);
            await EventLoop.Yield();
            throw new InvalidOperationException("x");
        }));
        Assert.That(server.Ask(Get("/")).Status, Is.EqualTo(500));

        Assert.That(
            () => server.Run(async () => await given!.WriteAsync(new byte[1])),
            Throws.InvalidOperationException);
    }
}
