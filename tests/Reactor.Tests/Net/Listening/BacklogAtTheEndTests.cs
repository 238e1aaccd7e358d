using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// The end of a listener: no further client is let in, and each that the kernel has let in is
/// served.
/// </summary>
[Platform("Linux")]
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
[Parallelizable(ParallelScope.Children)] // each waits a second for the kernel
public sealed class BacklogAtTheEndTests(string driverName)
{
    private const int Clients = 100;

    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    public static IEnumerable<EndPoint> Addresses =>
    [
        new IPEndPoint(IPAddress.Loopback, 0),
        new IPEndPoint(IPAddress.IPv6Loopback, 0),
        new UnixDomainSocketEndPoint(
            Path.Combine(Path.GetTempPath(), $"reactor-{Guid.NewGuid():N}.sock")),
        new UnixDomainSocketEndPoint($"\0reactor-{Guid.NewGuid():N}"),
    ];

    [TestCaseSource(nameof(Addresses))]
    public void Everybody_who_was_let_in_is_served_and_nobody_else(EndPoint address)
    {
        Skip.Unless(
            address.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6,
            "this machine has no IPv6");
        bool isUnix = address.AddressFamily == AddressFamily.Unix;
        using var loop = new EventLoop(
            new EventLoopOptions { Driver = LoopDrivers.Create(driverName) });
        LoopServer server = loop.CreateServer(new Echo(), [address]);
        EndPoint target = server.EndPoints[0];
        Socket[] clients = [.. Enumerable.Range(0, Clients).Select(_ => Connect(target))];

        Assert.That(server.StopAdmitting(), Is.EqualTo(!isUnix));
        using Socket late = NewSocket(target);
        Task connecting = late.ConnectAsync(target);
        loop.RunUntilComplete(Drain(server));
        Assert.That(server.Accepted, Is.EqualTo(Clients));
        server.Close();

        // Over TCP the request to connect was dropped; its repeat, a second later, is refused.
        Assert.That(
            () => connecting.WaitAsync(s_hung).GetAwaiter().GetResult(),
            Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode")
                .EqualTo(SocketError.ConnectionRefused));
        foreach (Socket client in clients)
        {
            client.Send("x"u8);
            client.Shutdown(SocketShutdown.Send);
        }

        loop.RunUntilComplete(server.WaitClosedAsync().WaitAsync(s_hung));
        byte[] buffer = new byte[2];
        foreach (Socket client in clients)
        {
            Assert.That(client.Receive(buffer), Is.EqualTo(1));
            Assert.That(client.Receive(buffer), Is.Zero, "the end, and no reset");
            client.Dispose();
        }
    }

    [TestCaseSource(nameof(Addresses))]
    public void A_socket_that_was_handed_over_goes_on_listening_for_others(EndPoint address)
    {
        Skip.Unless(
            address.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6,
            "this machine has no IPv6");
        using var loop = new EventLoop(
            new EventLoopOptions { Driver = LoopDrivers.Create(driverName) });
        Socket given = NewSocket(address);
        given.Bind(address);
        given.Listen();
        EndPoint target = given.LocalEndPoint!;
        int copy = Duplicate((int)given.SafeHandle.DangerousGetHandle()); // the service manager's
        using var other = new Socket(new SafeSocketHandle(copy, ownsHandle: true));
        LoopServer server = loop.CreateServer(new Echo(), given);

        Assert.That(server.StopAdmitting(), Is.False);
        server.Close();
        if (address.AddressFamily != AddressFamily.Unix) // of which the runtime removes the path
        {
            using Socket client = Connect(target);
            using Socket accepted = other.Accept();
            Assert.That(accepted.RemoteEndPoint, Is.EqualTo(client.LocalEndPoint));
        }
        else
        {
            Assert.That(other.Poll(0, SelectMode.SelectRead), Is.False, "shut down for reading");
        }
    }

    [Test]
    public void A_client_that_waits_for_room_is_served_also_if_another_one_comes_meanwhile()
    {
        using var loop = new EventLoop(
            new EventLoopOptions { Driver = LoopDrivers.Create(driverName) });
        LoopServer server = loop.CreateServer(
            new Echo(),
            [new IPEndPoint(IPAddress.Loopback, 0)],
            new ServerOptions { ConnectionsMax = 1 });
        loop.RunBriefly(); // the acceptor waits for a client
        Socket[] clients = [.. Enumerable.Range(0, 3).Select(_ => Connect(server.EndPoints[0]))];
        Assert.That(server.AcceptWaiting(), Is.EqualTo(1));
        Assert.That(server.HasWaiting, "no room for the second");

        foreach (Socket client in clients)
        {
            client.Send("x"u8);
            client.Shutdown(SocketShutdown.Send);
        }

        loop.RunUntilComplete(WaitAccepted(server, clients.Length).WaitAsync(s_hung));
        server.Close();
        loop.RunUntilComplete(server.WaitClosedAsync().WaitAsync(s_hung));
        byte[] buffer = new byte[2];
        foreach (Socket client in clients)
        {
            Assert.That(client.Receive(buffer), Is.EqualTo(1));
            client.Dispose();
        }
    }

    [DllImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);

    private static async Coroutine Drain(LoopServer server)
    {
        while (server.Accepted < Clients)
        {
            server.AcceptWaiting();
            await EventLoop.Yield();
        }

        server.AcceptWaiting();
    }

    private static async Coroutine WaitAccepted(LoopServer server, int count)
    {
        while (server.Accepted < count)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    private static Socket Connect(EndPoint target)
    {
        Socket client = NewSocket(target);
        client.Connect(target);
        client.ReceiveTimeout = (int)s_hung.TotalMilliseconds;
        return client;
    }

    private static Socket NewSocket(EndPoint target) => new(
        target.AddressFamily,
        SocketType.Stream,
        target.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);

    private sealed class Echo : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => ServedLoop.Echo(connection);
    }
}
