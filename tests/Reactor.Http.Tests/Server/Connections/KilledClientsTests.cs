using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Clients that vanish in the middle of a request, in every way there is: nothing of theirs may
/// stay. The fixture's end checks tasks, sockets and buffers once more.
/// </summary>
public class KilledClientsTests
{
    private const int Clients = 1000;

    // What a client had sent when it died.
    private static readonly string[] s_lastWords =
    [
        "",
        "GET / HT",
        Get("/hello"),
        Get("/wait"),
        Get("/stream"),
        Get("/hello") + "GET /he",
        Get("/wait") + Get("/hello"),
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf",
        "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
        "POST /ignore HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf",
        "BAD\r\n\r\n",
    ];

    [TestCase(true, false)]
    [TestCase(true, true)]
    [TestCase(false, false)]
    [TestCase(false, true)]
    public void A_thousand_killed_clients_leave_nothing(bool isReset, bool isDeaf)
    {
        using var server = new ServerFixture(AddRoutes);
        var peers = new List<HttpPeer>();
        for (int i = 0; i < Clients; i++)
        {
            HttpPeer peer = server.Connect();
            peer.IsReading = !isDeaf;
            peer.Send(s_lastWords[i % s_lastWords.Length]);
            peers.Add(peer);
        }

        server.RunFor(0.5);
        Assert.That(server.ConnectionTasks, Is.EqualTo(Clients));

        peers.ForEach(peer => Kill(peer, isReset));
        server.RunFor(100);
        AssertNothingIsLeft(server);
    }

    [Test]
    public void A_client_killed_after_any_number_of_bytes_leaves_nothing()
    {
        using var server = new ServerFixture(AddRoutes);
        foreach (string words in s_lastWords)
        {
            for (int cut = 0; cut <= words.Length; cut++)
            {
                HttpPeer peer = server.Connect();
                peer.Send(words[..cut]);
                server.Settle();
                Kill(peer, isReset: cut % 2 == 0);
            }
        }

        server.RunFor(100);
        AssertNothingIsLeft(server);
    }

    [Test]
    public void Clients_killed_before_they_are_accepted_leave_nothing()
    {
        using var server = new ServerFixture(AddRoutes);
        for (int i = 0; i < Clients; i++)
        {
            HttpPeer peer = server.Connect();
            peer.Send(Get("/hello"));
            Kill(peer, isReset: i % 2 == 0);
        }

        server.RunFor(100);
        AssertNothingIsLeft(server);
    }

    [Test]
    public void A_stream_without_end_to_a_client_that_is_gone_does_not_stop_the_loop()
    {
        bool isGone = false;
        using var server = new ServerFixture(app =>
        {
            AddRoutes(app);
            app.Get("/endless", async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                while (!isGone)
                {
                    await response.WriteAsync(new byte[1000]);
                    isGone = response.IsClientGone;
                }

                return response;
            });
        });
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/endless"));
        server.Settle();
        peer.Reset();
        server.RunFor(1);

        Assert.That(isGone);
        AssertNothingIsLeft(server);
    }

    [Test]
    public void A_write_to_a_client_that_is_gone_lets_others_have_their_turn()
    {
        int writes = 0;
        using var server = new ServerFixture(app =>
        {
            AddRoutes(app);
            app.Get("/stubborn", async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                for (int i = 0; i < 10_000; i++)
                {
                    await response.WriteAsync(new byte[1000]);
                    writes++;
                }

                return response;
            });
        });
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/stubborn"));
        server.Settle();
        peer.Reset();
        int before = writes;
        for (int turn = 0; turn < 10; turn++)
        {
            server.Loop.RunBriefly();
        }

        Assert.That(writes - before, Is.LessThan(30), "a write or two for each turn");
    }

    [Test]
    public void The_others_are_served_while_clients_die()
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer healthy = server.Connect();
        for (int i = 0; i < 200; i++)
        {
            HttpPeer peer = server.Connect();
            peer.Send(s_lastWords[i % s_lastWords.Length]);
            server.Settle();
            Kill(peer, isReset: i % 2 == 0);
            Assert.That(healthy.Ask(Get("/hello")).Text, Is.EqualTo("hello"));
        }
    }

    private static void Kill(HttpPeer peer, bool isReset)
    {
        if (isReset)
        {
            peer.Reset();
        }
        else
        {
            peer.Close();
        }
    }

    private static void AssertNothingIsLeft(ServerFixture server)
    {
        Assert.That(server.ConnectionTasks, Is.Zero, "tasks");
        Assert.That(server.RentedBlocks, Is.Zero, "blocks");
        Assert.That(server.Driver.OpenSockets, Is.Zero, "sockets");
        Assert.That(server.Http.ConnectionCount, Is.Zero, "connections");
        server.Logged();
        Assert.That(server.Log.Exceptions, Is.Empty, "a client that dies is no error of ours");
    }

    private static void AddRoutes(Application app)
    {
        app.OnGet("/hello", "hello");
        app.OnEcho();
        app.On("POST", "/ignore", _ => Response.Text("ignored"));
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("waited");
        });
        app.Get("/stream", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            for (int i = 0; i < 20; i++)
            {
                await response.WriteAsync(new byte[10_000]);
                await EventLoop.Delay(TimeSpan.FromSeconds(0.1));
            }

            return response;
        });
    }
}
