using System.Net.Sockets;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// As <see cref="KilledClientsTests"/>, on the real kernel, where descriptors can leak.
/// </summary>
[NonParallelizable]
public class KilledClientsOnSocketsTests
{
    private const int Clients = 1000;

    private static readonly string[] s_lastWords =
    [
        "",
        "GET / HT",
        Get("/hello"),
        Get("/wait"),
        Get("/stream"),
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf",
        "BAD\r\n\r\n",
    ];

    [Test]
    public void A_thousand_killed_clients_leave_no_descriptor_task_or_buffer(
        [Values] bool isReset,
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        using var server = new RealServer(driver, AddRoutes);
        KillAll(server, 20, isReset); // what is made once for the process is made now
        int before = RealServer.Sockets;
        KillAll(server, Clients, isReset);

        // A descriptor is given back when the last thread that uses it lets go.
        Assert.That(
            SpinWait.SpinUntil(
                () => RealServer.Sockets <= before, TimeSpan.FromSeconds(30)),
            () => $"{RealServer.Sockets} sockets, {before} before");
        using Socket healthy = server.Connect();
        RealServer.Send(healthy, Get("/hello"));
        Assert.That(RealServer.Receive(healthy, 1)[0].Text, Is.EqualTo("hello"));
        LogQueue.Flush(TimeSpan.FromSeconds(10));
        Assert.That(server.Log.Exceptions, Is.Empty);
    }

    private static void KillAll(RealServer server, int clients, bool isReset)
    {
        var sockets = new List<Socket>();
        for (int i = 0; i < clients; i++)
        {
            sockets.Add(server.Connect());
            RealServer.Send(sockets[^1], s_lastWords[i % s_lastWords.Length]);
        }

        // Until all that ask are being served, or were.
        Assert.That(SpinWait.SpinUntil(
            () => server.OnLoop(() => server.Http.ConnectionCount) >= clients / 2,
            TimeSpan.FromSeconds(30)));
        foreach (Socket socket in sockets)
        {
            if (isReset)
            {
                socket.LingerState = new LingerOption(true, 0);
            }

            socket.Dispose();
        }

        server.WaitUntilQuiet();
    }

    private static void AddRoutes(Application app)
    {
        app.OnGet("/hello", "hello");
        app.OnEcho();
        app.Get("/wait", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(0.2));
            return Response.Text("waited");
        });
        app.Get("/stream", async request =>
        {
            // More than the kernel's buffers: most of these clients die while we wait for them.
            var response = new StreamResponse();
            response.Prepare(request);
            byte[] piece = new byte[100_000];
            for (int i = 0; i < 100 && !response.IsClientGone; i++)
            {
                await response.WriteAsync(piece);
            }

            return response;
        });
    }
}
