using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// An accept that fails: a transient error pauses or is skipped and the next client is served; a
/// listener that is gone fails its server, which then ends.
/// </summary>
public sealed class AcceptErrorTests
{
    /// <summary>
    /// The errnos that accept(2) lists, and those that "various Linux kernels" return besides.
    /// Without EAGAIN, which is no error, and EINTR, for which the call is made again; and without
    /// EBADF, EFAULT and ENOTSOCK, which are final where no system can be asked.
    /// </summary>
    public static IEnumerable<int> Errnos =>
        [1, 5, 12, 22, 23, 24, 63, 64, 71, 92, 93, 94, 95, 100, 101, 103, 105, 110, 112, 113];

    [Test]
    public void After_a_transient_error_the_next_client_is_served(
        [ValueSource(nameof(Errnos))] int errno)
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        served.World.Driver.FailNextAccepts(Errno.ToSocketError(errno));
        served.World.Settle();
        InMemoryPeer peer = served.Connect();
        peer.Send("x"u8);
        served.World.RunFor(TimeSpan.FromMilliseconds(150)); // a pause is not longer

        Assert.That(served.Server.IsServing, "it still listens");
        Assert.That(peer.Received.Length, Is.EqualTo(1));
        Assert.That(served.Server.Failure, Is.Null);
    }

    [Test]
    public void An_error_of_clients_that_never_ends_pauses_instead_of_spinning()
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        TimeSpan start = served.World.Loop.Time;
        served.World.Driver.FailNextAccepts(SocketError.HostUnreachable, count: 63);
        served.Connect();
        Assert.That(served.Server.Accepted, Is.EqualTo(1), "63 in a row are skipped at once");

        served.World.Driver.FailNextAccepts(SocketError.HostUnreachable, count: 64);
        served.Connect();
        Assert.That(served.Server.Accepted, Is.EqualTo(1), "64 are a pause");
        Assert.That(served.Reports, Has.One.Contains("accepting pauses"));
        served.World.RunFor(TimeSpan.FromMilliseconds(150));
        Assert.That(served.Server.Accepted, Is.EqualTo(2));
        Assert.That(served.World.Loop.Time - start, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void A_shortage_that_lasts_is_reported_every_ten_seconds()
    {
        using var served = new ServedLoop(
            ServedLoop.Echo,
            serverOptions: new ServerOptions { AcceptPause = TimeSpan.FromSeconds(1) })
        {
            MayReport = true,
        };
        served.World.Driver.FailNextAccepts(SocketError.NoBufferSpaceAvailable, count: 100);
        served.World.Settle();
        Assert.That(served.Reports.Count(), Is.EqualTo(1));
        served.World.RunFor(TimeSpan.FromSeconds(9.9));
        Assert.That(served.Reports.Count(), Is.EqualTo(1));
        served.World.RunFor(TimeSpan.FromSeconds(1.6)); // a pause is 1.5 s at most
        Assert.That(served.Reports.Count(), Is.EqualTo(2));
    }

    [TestCase(SocketError.OperationAborted)]
    [TestCase(SocketError.NotSocket)]
    [TestCase(SocketError.Fault)]
    public void Serving_for_ever_ends_with_the_error_of_a_listener_that_is_gone(SocketError error)
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        LoopTask forever = served.World.Loop.CreateTask(served.Server.ServeForeverAsync());
        InMemoryPeer peer = served.Connect();
        EndPoint address = served.Server.EndPoints[0];
        Future<Unit> failed = served.Server.WaitFailedAsync();
        served.World.Driver.FailNextAccepts(error);

        ListenerException? failure = Assert.Throws<ListenerException>(
            () => served.World.Loop.RunUntilComplete(forever));
        Assert.That(failure!.EndPoint, Is.EqualTo(address));
        Assert.That(failure.SocketErrorCode, Is.EqualTo(error));
        Assert.That(failure.Message, Does.StartWith($"The listener on {address} failed"));
        Assert.That(served.Server.Failure, Is.SameAs(failure));
        Assert.That(failed.IsDone);
        Assert.That(peer.IsEnded, "its client was closed, as when it is cancelled");
    }

    [Test]
    public void Serving_for_ever_on_a_server_that_has_failed_already_ends_at_once()
    {
        using var served = new ServedLoop(ServedLoop.Echo) { MayReport = true };
        served.World.Driver.FailNextAccepts(SocketError.NotSocket);
        served.World.Settle();

        Assert.Throws<ListenerException>(
            () => served.World.Loop.RunUntilComplete(served.Server.ServeForeverAsync()));
        Assert.That(served.Server.WaitFailedAsync().IsDone);
    }

    [Test]
    public void A_listener_that_listens_no_more_fails_its_server(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        Skip.Unless(OperatingSystem.IsLinux(), "it needs Linux");
        var reports = new List<string>();
        using var loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Create(driver) })
        {
            ExceptionHandler = (_, error) => reports.Add(error.Message),
        };
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(SimulatedLoop.AnyPort);
        LoopServer server = loop.CreateServer(new Echo(), socket);
        LoopTask forever = loop.CreateTask(server.ServeForeverAsync());
        loop.RunBriefly();
        socket.Shutdown(SocketShutdown.Both); // on a listener: it listens no more

        ListenerException? failure = Assert.Throws<ListenerException>(() => loop.RunUntilComplete(
            forever.WaitAsync(TimeSpan.FromSeconds(30))));
        Assert.That(failure!.SocketErrorCode, Is.EqualTo(SocketError.InvalidArgument));
        Assert.That(reports, Has.One.Contains("failed and is closed"));
    }

    private sealed class Echo : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => ServedLoop.Echo(connection);
    }
}
