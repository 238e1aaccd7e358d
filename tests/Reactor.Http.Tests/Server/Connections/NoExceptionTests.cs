using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Nothing that a client does is an exception inside: not one is thrown, caught or not, while
/// ordinary and hostile clients come and go. An exception costs thousands of times what a request
/// does, so each of them would be a lever for an attack.
/// </summary>
/// <remarks>
/// The one exception to it is <see cref="RequestBodyException"/>, which a handler asked for by
/// reading a body that is malformed or cut off; it is counted apart.
/// </remarks>
[NonParallelizable]
public class NoExceptionTests
{
    private static readonly string[] s_sane =
    [
        Get("/hello"),
        string.Concat(Enumerable.Repeat(Get("/hello"), 16)),
        Get("/stream"),
        Get("/wait"),
        Post("/echo", "body"),
        PostChunked("/echo", "bo", "dy"),
        Post("/ignore", new string('x', 300_000)),
        "POST /ignore HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
        "GET /hello HTTP/1.0\r\n\r\n",
        "HEAD /hello HTTP/1.1\r\nHost: test\r\n\r\n",
    ];

    private static readonly string[] s_hostile =
    [
        "BAD\r\n\r\n",
        "\u0016\u0003\u0001\u0000",
        "GET /%zz HTTP/1.1\r\nHost: test\r\n\r\n",
        Get("/none"),
        Post("/hello", "x"),
        "BREW /hello HTTP/1.1\r\nHost: test\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET /" + new string('x', 9000) + " HTTP/1.1\r\nHost: test\r\n\r\n",
        "POST /ignore HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST /ignore HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf",
        "POST /ignore HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999\r\n\r\n",
        "GET /hello HT",
        "",
    ];

    private enum Ending
    {
        HalfClose,
        Close,
        Reset,
        DeafReset,
        ResetAtOnce,
    }

    [Test]
    public void No_client_in_memory_causes_one()
    {
        using var server = new ServerFixture(AddRoutes);
        AskAll();
        Assert.That(ThrownWhile(AskAll), Is.Empty);

        void AskAll()
        {
            foreach ((string words, Ending ending) in AllWays())
            {
                HttpPeer peer = server.Connect();
                peer.IsReading = ending != Ending.DeafReset;
                peer.Send(words);
                if (ending != Ending.ResetAtOnce)
                {
                    server.RunFor(0.1);
                }

                End(peer, ending);
                server.RunFor(0.1);
            }

            server.RunFor(60);
            Assert.That(server.ConnectionTasks, Is.Zero);
        }
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void No_client_on_sockets_causes_one(string driver)
    {
        using var server = new RealServer(driver, AddRoutes);
        AskAll();
        Assert.That(ThrownWhile(AskAll), Is.Empty);

        void AskAll()
        {
            foreach ((string words, Ending ending) in AllWays())
            {
                Socket client = server.Connect();
                RealServer.Send(client, words);
                if (ending == Ending.HalfClose)
                {
                    client.Shutdown(SocketShutdown.Send);
                    RealServer.Receive(client, int.MaxValue);
                }
                else if (ending != Ending.ResetAtOnce)
                {
                    server.OnLoop(() => 0); // the loop has had a turn
                }

                if (ending is Ending.Reset or Ending.DeafReset or Ending.ResetAtOnce)
                {
                    client.LingerState = new LingerOption(true, 0);
                }

                client.Dispose();
            }

            server.WaitUntilQuiet();
        }
    }

    [Test]
    public void A_body_that_a_handler_reads_and_that_is_cut_off_throws_what_it_asked_for_only()
    {
        using var server = new ServerFixture(AddRoutes);
        List<Exception> thrown = ThrownWhile(() =>
        {
            HttpPeer peer = server.Connect();
            peer.Send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
            server.Settle();
            peer.Reset();
            server.Settle();
        });

        Assert.That(thrown, Is.Not.Empty.And.All.InstanceOf<RequestBodyException>());
        Assert.That(thrown.Distinct(), Has.Exactly(1).Items, "one, however often it is rethrown");
    }

    private static IEnumerable<(string Words, Ending Ending)> AllWays() =>
        from words in s_sane.Concat(s_hostile)
        from ending in Enum.GetValues<Ending>()
        select (words, ending);

    private static void End(HttpPeer peer, Ending ending)
    {
        switch (ending)
        {
            case Ending.HalfClose:
                peer.End();
                break;
            case Ending.Close:
                peer.Close();
                break;
            default:
                peer.Reset();
                break;
        }
    }

    private static List<Exception> ThrownWhile(Action act)
    {
        var thrown = new List<Exception>();
        void Note(object? sender, FirstChanceExceptionEventArgs e)
        {
            lock (thrown)
            {
                thrown.Add(e.Exception);
            }
        }

        AppDomain.CurrentDomain.FirstChanceException += Note;
        try
        {
            act();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }

        return thrown;
    }

    private static void AddRoutes(Application app)
    {
        app.OnGet("/hello", "hello");
        app.On("POST", "/ignore", _ => Response.Text("ignored"));
        app.OnEcho();
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(0.02));
            return Response.Text("waited");
        });
        app.Get("/stream", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            for (int i = 0; i < 30 && !response.IsClientGone; i++)
            {
                await response.WriteAsync(new byte[100_000]);
            }

            return response;
        });
    }
}
