using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Testing;
using static Reactor.Tests.Drivers.DriverSockets;

namespace Reactor.Tests.Drivers;

/// <summary>
/// What a listener of the drivers that ask the kernel sets on its sockets, and which addresses it
/// takes: ports that are shared on purpose and not by mistake, both families, Unix sockets.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class RealListenerTests(string driverName)
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private EventLoop _loop = null!;

    private LoopDriver Driver => _loop.Driver;

    [SetUp]
    public void MakeLoop() =>
        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Create(driverName) });

    [TearDown]
    public void CloseLoop() => _loop.Close();

    [Test]
    public void A_port_is_shared_by_those_who_ask_for_it()
    {
        var shared = new ListenOptions { ReusePort = true };
        DriverListener first = Driver.Listen(SimulatedLoop.AnyPort, shared);
        DriverListener second = Driver.Listen(first.LocalEndPoint, shared);

        Assert.That(second.LocalEndPoint, Is.EqualTo(first.LocalEndPoint));
        Assert.That(
            () => Driver.Listen(first.LocalEndPoint, new ListenOptions()),
            ThrowsInUse(), "who does not ask is refused");
        first.Close();
        second.Close();
    }

    [Test]
    public void A_port_is_not_shared_with_who_did_not_ask_for_it()
    {
        DriverListener first = Driver.Listen(SimulatedLoop.AnyPort, new ListenOptions());
        Assert.That(
            () => Driver.Listen(first.LocalEndPoint, new ListenOptions()), ThrowsInUse());
        Assert.That(
            () => Driver.Listen(first.LocalEndPoint, new ListenOptions { ReusePort = true }),
            ThrowsInUse());
        first.Close();
    }

    [Test]
    public void A_port_with_old_connections_in_time_wait_can_be_had_again() => Run(async () =>
    {
        DriverListener listener = Driver.Listen(SimulatedLoop.AnyPort, new ListenOptions());
        (DriverSocket client, DriverSocket server) = await Connect(listener);

        // Who closes first is in TIME_WAIT afterwards, and that is the port of the listener.
        server.Close(reset: false);
        await client.WaitReadableAsync();
        client.Close(reset: false);
        EndPoint address = listener.LocalEndPoint;
        listener.Close();

        Driver.Listen(address, new ListenOptions()).Close();
    });

    [Test]
    public void Connections_send_at_once_if_the_listener_says_so([Values] bool noDelay) =>
        Run(async () =>
        {
            DriverListener listener = Driver.Listen(
                SimulatedLoop.AnyPort, new ListenOptions { NoDelay = noDelay });
            (DriverSocket client, DriverSocket server) = await Connect(listener);

            Assert.That(HasNoDelay(server), Is.EqualTo(noDelay));
            Assert.That(HasNoDelay(client), Is.True);
            client.Close(reset: true);
            server.Close(reset: true);
            listener.Close();
        });

    [Test]
    public void Both_families_have_a_port_of_their_own() => Run(async () =>
    {
        Skip.Unless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        DriverListener six = Driver.Listen(
            new IPEndPoint(IPAddress.IPv6Any, 0), new ListenOptions());
        int port = ((IPEndPoint)six.LocalEndPoint).Port;
        DriverListener four = Driver.Listen(
            new IPEndPoint(IPAddress.Any, port), new ListenOptions());
        (DriverSocket client, DriverSocket server) = await Connect(
            six, new IPEndPoint(IPAddress.IPv6Loopback, port));

        Assert.That(server.RemoteEndPoint, Is.EqualTo(client.LocalEndPoint));
        Assert.That(
            server.LocalEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.IPv6Loopback, port)));
        client.Close(reset: true);
        server.Close(reset: true);
        four.Close();
        six.Close();
    });

    [Test]
    public void A_peers_address_can_be_asked_for_after_the_close() => Run(async () =>
    {
        DriverListener listener = Driver.Listen(SimulatedLoop.AnyPort, new ListenOptions());
        (DriverSocket client, DriverSocket server) = await Connect(listener);
        EndPoint? address = client.LocalEndPoint;
        client.Close(reset: true);
        server.Close(reset: true);

        Assert.That(server.RemoteEndPoint, Is.EqualTo(address));
        Assert.That((server.LocalEndPoint, client.LocalEndPoint), Is.EqualTo((address, address))
            .Or.EqualTo(((EndPoint?)null, (EndPoint?)null)));
        listener.Close();
    });

    [Test]
    public void A_unix_socket_has_a_file_while_it_listens() => Run(async () =>
    {
        string path = Path.Combine(Path.GetTempPath(), $"reactor-{Guid.NewGuid():N}.sock");
        DriverListener listener = Driver.Listen(
            new UnixDomainSocketEndPoint(path), new ListenOptions());
        Assert.That(File.Exists(path));
        Assert.That(
            () => Driver.Listen(new UnixDomainSocketEndPoint(path), new ListenOptions()),
            ThrowsInUse());
        await TalkOver(listener);
        listener.Close();
        Assert.That(File.Exists(path), Is.False);
    });

    [Test]
    public void A_unix_socket_may_have_a_name_instead_of_a_file() => Run(async () =>
    {
        Skip.Unless(OperatingSystem.IsLinux(), "it needs Linux");
        DriverListener listener = Driver.Listen(
            new UnixDomainSocketEndPoint($"\0reactor-{Guid.NewGuid():N}"), new ListenOptions());
        await TalkOver(listener);
        listener.Close();
    });

    // There are no acknowledgements: what counts is what the peer's program has read.
    [Test]
    public void Bytes_on_a_unix_socket_are_not_acknowledged_before_the_peer_reads_them() =>
        Run(async () =>
        {
            Skip.Unless(OperatingSystem.IsLinux(), "it needs Linux");
            DriverListener listener = Driver.Listen(
                new UnixDomainSocketEndPoint($"\0reactor-{Guid.NewGuid():N}"),
                new ListenOptions());
            (DriverSocket client, DriverSocket server) = await Connect(
                listener, listener.LocalEndPoint);
            Assert.That(
                (server.GetAcknowledgedBytes(), server.GetUnacknowledgedBytes()),
                Is.EqualTo(((long?)null, (long?)0)));
            server.Send(new byte[1000]);
            server.ShutdownSend();
            Assert.That(server.GetUnacknowledgedBytes(), Is.GreaterThanOrEqualTo(1000));
            await ReceiveAll(client, 1000);
            Assert.That(server.GetUnacknowledgedBytes(), Is.Zero, "the end counts for nothing");
            listener.Close();
            client.Close(reset: false);
            server.Close(reset: false);
        });

    [Test]
    public void A_connect_to_a_path_that_is_not_there_is_an_error_value() => Run(async () =>
    {
        DriverConnect connect = Driver.Connect(new UnixDomainSocketEndPoint("/nowhere/at.all"));
        Assert.That(
            await new OperationAwaitable(connect), Is.EqualTo(SocketError.AddressNotAvailable));
    });

    [Test]
    public void A_connect_comes_from_the_address_that_was_chosen() => Run(async () =>
    {
        DriverListener listener = Driver.Listen(SimulatedLoop.AnyPort, new ListenOptions());
        (DriverSocket client, DriverSocket server) = await Connect(
            listener, from: new IPEndPoint(IPAddress.Parse("127.0.0.7"), 0));
        Assert.That(
            ((IPEndPoint)server.RemoteEndPoint!).Address, Is.EqualTo(IPAddress.Parse("127.0.0.7")));
        client.Close(reset: true);
        server.Close(reset: true);

        DriverConnect strange = Driver.Connect(
            listener.LocalEndPoint, new IPEndPoint(IPAddress.Parse("203.0.113.1"), 0));
        Assert.That(
            await new OperationAwaitable(strange), Is.EqualTo(SocketError.AddressNotAvailable));
        listener.Close();
    });

    private static NUnit.Framework.Constraints.EqualConstraint<SocketError> ThrowsInUse() =>
        Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode")
            .EqualTo(SocketError.AddressAlreadyInUse);

    private static bool HasNoDelay(DriverSocket socket)
    {
        using var view = new Socket(
            new SafeSocketHandle(socket.Descriptor!.DangerousGetHandle(), ownsHandle: false));
        return view.NoDelay;
    }

    private void Run(Func<Coroutine> test)
    {
        TimerHandle guard = _loop.CallLater(
            s_hung, static () => throw new LoopAbortException("The test hangs."));
        _loop.RunUntilComplete(test());
        guard.Cancel();
    }

    private async Coroutine TalkOver(DriverListener listener)
    {
        (DriverSocket client, DriverSocket server) = await Connect(listener);
        Assert.That(client.RemoteEndPoint, Is.EqualTo(listener.LocalEndPoint));
        Assert.That(server.LocalEndPoint, Is.EqualTo(listener.LocalEndPoint));
        Assert.That($"{server.RemoteEndPoint}", Is.Empty, "a client without a name");
        byte[] data = new byte[8 * 1024 * 1024];
        new Random(1).NextBytes(data);
        LoopTask<SocketError> send = EventLoop.Spawn(SendAll(client, data));
        byte[] received = await ReceiveAll(server, data.Length);
        Assert.That(await send, Is.EqualTo(SocketError.Success));
        Assert.That(received.AsSpan().SequenceEqual(data));
        client.Close(reset: false);
        await server.WaitReadableAsync();
        Assert.That(server.Receive(new byte[1]), Is.EqualTo(default(IoResult)));
        server.Close(reset: false);
    }

    private async Coroutine<(DriverSocket Client, DriverSocket Server)> Connect(
        DriverListener listener, EndPoint? to = null, EndPoint? from = null)
    {
        DriverConnect connect = Driver.Connect(to ?? listener.LocalEndPoint, from);
        Assert.That(await new OperationAwaitable(connect), Is.EqualTo(SocketError.Success));
        while (true)
        {
            if (listener.Accept().Socket is { } server)
            {
                return (connect.Socket, server);
            }

            await listener.WaitAcceptableAsync();
        }
    }
}
