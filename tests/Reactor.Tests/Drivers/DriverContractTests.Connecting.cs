using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Tests.Drivers;

/// <summary>The contract of drivers: listening, accepting and connecting.</summary>
public abstract partial class DriverContractTests
{
    [Test]
    public void Port_zero_picks_a_port_that_nobody_has()
    {
        DriverListener other = Driver.Listen(new IPEndPoint(IPAddress.Loopback, 0), new());
        var ports = new[] { _listener, other }
            .Select(listener => ((IPEndPoint)listener.LocalEndPoint).Port)
            .ToArray();
        other.Close();

        Assert.That(ports, Has.All.Positive);
        Assert.That(ports, Is.Unique);
    }

    [Test]
    public void An_address_in_use_is_refused_and_the_attempts_leak_nothing()
    {
        int before = CountDescriptors();
        for (int i = 0; i < 100; i++)
        {
            Assert.That(
                () => Driver.Listen(_listener.LocalEndPoint, new()),
                Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode")
                    .EqualTo(SocketError.AddressAlreadyInUse));
        }

        Assert.That(CountDescriptors(), Is.LessThan(before + 50));
    }

    [Test]
    public void A_closed_listener_gives_its_address_back()
    {
        EndPoint address = _listener.LocalEndPoint;
        _listener.Close();
        _loop.RunBriefly();
        _listener = Driver.Listen(address, new());

        Assert.That(_listener.LocalEndPoint, Is.EqualTo(address));
    }

    [Test]
    public void A_refused_connect_is_an_error_value() => Run(async () =>
    {
        DriverListener gone = Driver.Listen(new IPEndPoint(IPAddress.Loopback, 0), new());
        EndPoint address = gone.LocalEndPoint;
        gone.Close();
        await EventLoop.Yield();
        DriverConnect connect = Driver.Connect(address);

        Assert.That(
            await new OperationAwaitable(connect), Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(() => connect.Socket, Throws.InvalidOperationException);
        connect.Abandon();
    });

    [Test]
    public void Many_clients_at_once_are_all_accepted_and_each_is_itself() => Run(async () =>
    {
        const int Count = 200;
        LoopTask[] clients =
            [.. Enumerable.Range(0, Count).Select(i => EventLoop.Spawn(Echo((byte)i)))];
        for (int i = 0; i < Count; i++)
        {
            _ = EventLoop.Spawn(EchoBack(await Accept()));
        }

        await EventLoop.Wait(clients);
        foreach (LoopTask client in clients)
        {
            await client;
        }
    });

    [Test]
    public void An_accept_with_nobody_there_says_not_now()
    {
        Assert.That(
            _listener.Accept(), Is.EqualTo(new AcceptResult(null, SocketError.WouldBlock)));
    }

    [Test]
    public void Closing_a_listener_completes_a_wait_that_is_in_flight() => Run(async () =>
    {
        DriverListener listener = Driver.Listen(new IPEndPoint(IPAddress.Loopback, 0), new());
        LoopTask<SocketError> wait = EventLoop.Spawn(WaitAcceptable(listener));
        await EventLoop.Yield();
        listener.Close();

        Assert.That(await wait, Is.EqualTo(SocketError.OperationAborted));
    });

    [Test]
    public void Cancelling_a_task_that_waits_for_an_accept_loses_no_connection() => Run(async () =>
    {
        for (int i = 0; i < 10; i++)
        {
            LoopTask<SocketError> wait = EventLoop.Spawn(WaitAcceptable(_listener));
            await EventLoop.Yield();
            wait.Cancel();
            DriverConnect connect = Driver.Connect(_listener.LocalEndPoint);
            await EventLoop.Wait([wait]);
            Assert.That(wait.IsCancelled);

            DriverSocket server = await Accept();
            await new OperationAwaitable(connect);
            _open.Add(connect.Socket);
            Assert.That(server.RemoteEndPoint, Is.EqualTo(connect.Socket.LocalEndPoint));
        }
    });

    [Test]
    public void A_connect_can_be_abandoned_at_any_moment() => Run(async () =>
    {
        for (int i = 0; i < 60; i++)
        {
            DriverConnect connect = Driver.Connect(_listener.LocalEndPoint);
            for (int turns = i % 3; turns > 0; turns--)
            {
                await EventLoop.Yield();
            }

            bool isMade = !connect.IsInFlight;
            connect.Abandon();
            SocketError error = await new OperationAwaitable(connect);
            Assert.That(
                error,
                Is.EqualTo(isMade ? SocketError.Success : SocketError.OperationAborted));
        }
    });

    [Test]
    public void A_connection_whose_client_gave_up_can_be_accepted_and_is_over() =>
        Run(async () =>
        {
            DriverConnect connect = Driver.Connect(_listener.LocalEndPoint);
            await new OperationAwaitable(connect);
            connect.Socket.Close(reset: false);

            (byte[] bytes, _) = await ReadToEnd(await Accept());

            Assert.That(bytes, Is.Empty);
        });

    [TestCase("127.0.0.1", "127.0.0.2")]
    [TestCase("0.0.0.0", "127.0.0.1")]
    public void A_connection_is_accepted_at_the_address_that_was_named_or_at_the_loopback_address(
        string named, string local) => Run(async () =>
        {
            int port = ((IPEndPoint)_listener.LocalEndPoint).Port;
            DriverConnect connect = Driver.Connect(
                new IPEndPoint(IPAddress.Parse(named), port),
                new IPEndPoint(IPAddress.Parse(local), 0));
            await new OperationAwaitable(connect);
            _open.Add(connect.Socket);
            DriverSocket server = await Accept();
            Assert.That(server.LocalEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, port)));
            Assert.That(
                ((IPEndPoint)server.RemoteEndPoint!).Address, Is.EqualTo(IPAddress.Parse(local)));
        });

    private static async Coroutine<SocketError> WaitAcceptable(DriverListener listener) =>
        await listener.WaitAcceptableAsync();

    private async Coroutine Echo(byte value)
    {
        DriverConnect connect = Driver.Connect(_listener.LocalEndPoint);
        Assert.That(
            await new OperationAwaitable(connect), Is.EqualTo(SocketError.Success));
        DriverSocket socket = connect.Socket;
        _open.Add(socket);
        await socket.SendAllAsync(new[] { value });
        socket.ShutdownSend();
        (byte[] bytes, _) = await ReadToEnd(socket);
        Assert.That(bytes, Is.EqualTo(new[] { value }));
    }

    private static async Coroutine EchoBack(DriverSocket socket)
    {
        (byte[] bytes, _) = await ReadToEnd(socket);
        await socket.SendAllAsync(bytes);
        socket.ShutdownSend();
    }

    private static int CountDescriptors() =>
        Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;
}
