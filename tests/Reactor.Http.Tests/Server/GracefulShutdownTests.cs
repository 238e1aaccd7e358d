using System.Net.Sockets;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Whoever was let in before the end is answered: in the backlog, in the kernel's buffer, half a
/// head; and the application's hooks run in their places.
/// </summary>
public class GracefulShutdownTests
{
    [TestCase(1)]
    [TestCase(64)]
    [TestCase(300)]
    public void Who_waits_in_the_backlog_is_answered(int clients)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        List<HttpPeer> peers = [.. Enumerable.Range(0, clients).Select(_ => server.Connect())];
        peers.ForEach(peer => peer.Send(Get("/")));
        LoopTask shutdown = server.BeginShutdown();
        server.Settle();

        Assert.That(peers.Select(peer => peer.TakeOne().SaysClose), Is.All.True);
        Assert.That(server.Driver.OpenListeners, Is.Zero);
        peers.ForEach(peer => peer.End());
        server.Settle();
        Assert.That(shutdown.IsDone);
    }

    [TestCase(SocketError.NoBufferSpaceAvailable, 1)]
    [TestCase(SocketError.NoBufferSpaceAvailable, 200)]
    [TestCase(SocketError.HostUnreachable, 1)]
    [TestCase(SocketError.HostUnreachable, 200)]
    [TestCase(SocketError.SocketError, 1)]
    public void Who_waits_in_the_backlog_is_answered_after_accepts_that_failed(
        SocketError error, int count)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        server.Loop.ExceptionHandler = static (_, _) => { }; // the acceptor reports its pause
        server.Settle();
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Driver.FailNextAccepts(error, count);
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(20);

        Assert.That(peer.IsReset, Is.False);
        Assert.That(peer.TakeOne().SaysClose);
        Assert.That(server.Driver.OpenListeners, Is.Zero);
        peer.End();
        server.Settle();
        Assert.That(shutdown.IsDone);
    }

    [Test]
    public void A_shortage_that_lasts_does_not_keep_the_end()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        server.Loop.ExceptionHandler = static (_, _) => { }; // the acceptor reports its pause
        server.Settle();
        server.Connect();
        server.Driver.FailNextAccepts(SocketError.NoBufferSpaceAvailable, 100_000);
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(24.9);
        Assert.That((shutdown.IsDone, server.Driver.OpenListeners), Is.EqualTo((false, 1)));
        server.RunFor(0.2);
        Assert.That((shutdown.IsDone, server.Driver.OpenListeners), Is.EqualTo((true, 0)));
    }

    [Test]
    public void Who_was_in_the_backlog_has_a_second_for_its_first_byte()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer silent = server.Connect();
        HttpPeer slow = server.Connect();
        TimeSpan begun = server.Driver.Now;
        LoopTask shutdown = server.BeginShutdown();
        server.RunTo(begun + TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(2));
        Assert.That(silent.IsEnded, Is.False);
        Assert.That(slow.Ask(Get("/")).SaysClose);
        slow.End();

        server.RunTo(begun + TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(1));
        Assert.That((silent.IsEnded, silent.IsReset), Is.EqualTo((true, false)));
        Assert.That(silent.Received, Is.Empty);
        Assert.That(shutdown.IsDone);
    }

    [Test]
    public void A_request_that_lies_in_the_kernel_is_answered()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer fresh = server.ConnectNow();
        HttpPeer used = server.Connect();
        used.Ask(Get("/"));
        HttpPeer idle = server.Connect();
        idle.Ask(Get("/"));

        // In one turn: the bytes are there, and nobody has polled yet.
        server.Loop.CallSoon(() =>
        {
            fresh.Send(Get("/"));
            used.Send(Get("/"));
        });
        server.BeginShutdown();
        server.Settle();

        Assert.That(fresh.TakeOne().SaysClose);
        Assert.That(used.TakeOne().SaysClose);
        Assert.That((idle.IsEnded, idle.Received), Is.EqualTo((true, "")));
    }

    [Test]
    public void The_hooks_run_in_their_places()
    {
        var order = new List<string>();
        Application? application = null;
        using var server = new ServerFixture(app =>
        {
            application = app;
            app.OnStartup.Add(one => Note("startup 1"));
            app.OnStartup.Add(one => Note("startup 2"));
            app.OnShutdown.Add(async one =>
            {
                Assert.That(one, Is.SameAs(app));
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                order.Add("shutdown");
            });
            app.OnCleanup.Add(one => Note("cleanup"));
            app.Get("/", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(5));
                order.Add("handler");
                return Response.Text("done");
            });
        });
        server.Run(async () =>
        {
            await server.Http.StartupAsync();
            await server.Http.StartupAsync();
            order.Add("served");
        });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.Settle();
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(6);
        peer.End();
        server.RunFor(1);

        Assert.That(shutdown.IsDone);
        Assert.That(order, Is.EqualTo(new[]
        {
            "startup 1", "startup 2", "served", "shutdown", "handler", "cleanup",
        }));

        async Coroutine Note(string what)
        {
            await EventLoop.Yield();
            order.Add(what);
        }
    }

    [Test]
    public void A_hook_that_hangs_does_not_keep_the_end_back()
    {
        bool isCleaned = false;
        using var server = new ServerFixture(app =>
        {
            app.OnShutdown.Add(async _ => await EventLoop.Delay(TimeSpan.FromHours(1)));
            app.OnCleanup.Add(async _ =>
            {
                await EventLoop.Yield();
                isCleaned = true;
            });
        });
        LoopTask shutdown = server.BeginShutdown();
        server.RunFor(24.9);
        Assert.That(shutdown.IsDone, Is.False);
        server.RunFor(0.2);
        Assert.That((shutdown.IsDone, isCleaned), Is.EqualTo((true, true)));
    }

    [Test]
    public void Handlers_that_are_cancelled_have_ended_before_the_cleanup()
    {
        var order = new List<string>();
        using var server = new ServerFixture(app =>
        {
            app.OnCleanup.Add(async _ =>
            {
                await EventLoop.Yield();
                order.Add("cleanup");
            });
            app.Get("/", async _ =>
            {
                try
                {
                    await EventLoop.Delay(TimeSpan.FromHours(1));
                }
                finally
                {
                    order.Add("handler");
                }

                return Response.Text("never");
            });
        });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.Settle();
        server.BeginShutdown();
        server.RunFor(26);
        peer.End();
        server.Settle();

        Assert.That(order, Is.EqualTo(new[] { "handler", "cleanup" }));
    }

    [Test]
    public void A_start_that_fails_says_so()
    {
        using var server = new ServerFixture(app => app.OnStartup.Add(
            _ => throw new InvalidOperationException("no database")));

        Assert.That(
            () => server.Run(() => server.Http.StartupAsync()),
            Throws.InvalidOperationException.With.Message.EqualTo("no database"));
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void Real_clients_that_have_connected_are_all_answered(string driver)
    {
        const int Clients = 200;
        using var server = new RealServer(driver, app => app.OnGet("/", "hi"));
        List<Socket> sockets = [];
        server.BeginShutdown(() =>
        {
            for (int i = 0; i < Clients; i++)
            {
                sockets.Add(server.Connect());
                RealServer.Send(sockets[^1], Get("/"));
            }
        });
        foreach (Socket socket in sockets)
        {
            Assert.That(RealServer.Receive(socket, 1)[0].Text, Is.EqualTo("hi"));
            socket.Dispose();
        }
    }
}
