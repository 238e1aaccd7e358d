using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>
/// What every driver promises, on a real loop. A fixture for one driver derives from this class and
/// makes it; the tests know nothing of which one runs. The parts of this class are by subject: here
/// the ground they stand on, waiting and receiving.
/// </summary>
/// <remarks>
/// No test sleeps to make something happen: it awaits what must happen, and a guard ends a loop in
/// which it does not.
/// </remarks>
public abstract partial class DriverContractTests
{
    /// <summary>
    /// More than the kernel's largest buffers at both ends of a connection together.
    /// </summary>
    private static readonly int s_moreThanAnyBuffer = KernelBuffers.MoreThanAny;

    /// <summary>Long for a machine under load, and nothing on a virtual clock.</summary>
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private readonly List<DriverSocket> _open = [];
    private readonly List<LoopErrorContext> _errors = [];
    private EventLoop _loop = null!;
    private DriverListener _listener = null!;

    private LoopDriver Driver => _loop.Driver;

    [SetUp]
    public void Open()
    {
        _errors.Clear();
        _loop = new EventLoop(new EventLoopOptions { Driver = CreateDriver() })
        {
            ExceptionHandler = (_, error) => _errors.Add(error),
        };
        _listener = Driver.Listen(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions());
    }

    [TearDown]
    public void CloseAll()
    {
        foreach (DriverSocket socket in _open)
        {
            socket.Close(reset: true);
        }

        _open.Clear();
        _listener.Close();
        _loop.RunBriefly();
        AssertNothingIsLeft(Driver);
        _loop.Close();
        Assert.That(_errors.Select(error => $"{error.Message} {error.Exception}"), Is.Empty);
    }

    [Test]
    public void A_wait_completes_when_bytes_arrive() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        _loop.CallSoon(() => client.Send("abc"u8));

        Assert.That(await server.WaitReadableAsync(), Is.EqualTo(SocketError.Success));
        Assert.That(Receive(server, 10), Is.EqualTo("abc"u8.ToArray()));
    });

    [Test]
    public void A_wait_completes_when_the_stream_ends_and_the_receive_says_so() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        _loop.CallSoon(client.ShutdownSend);

        await server.WaitReadableAsync();

        Assert.That(server.Receive(new byte[1]), Is.EqualTo(new IoResult(0, SocketError.Success)));
    });

    [Test]
    public void A_wait_completes_when_the_connection_is_reset_and_the_receive_says_so() =>
        Run(async () =>
        {
            (DriverSocket client, DriverSocket server) = await ConnectPair();
            _loop.CallSoon(() => Close(client, reset: true));

            await server.WaitReadableAsync();

            Assert.That(
                server.Receive(new byte[1]).Error, Is.EqualTo(SocketError.ConnectionReset));
        });

    [Test]
    public void A_reset_that_came_before_the_wait_is_told_by_the_receive() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        LoopTask<SocketError> first = EventLoop.Spawn(WaitReadable(server));
        await EventLoop.Yield();
        Close(client, reset: true);
        await first;

        await server.WaitReadableAsync();

        Assert.That(server.Receive(new byte[1]).Error, Is.EqualTo(SocketError.ConnectionReset));
    });

    [Test]
    public void Bytes_that_arrived_before_a_reset_are_still_read() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        client.Send(new byte[100]);
        await server.WaitReadableAsync();
        Close(client, reset: true);
        await EventLoop.Yield(); // so that the reset has arrived, in memory and on Linux

        Assert.That(
            server.Receive(new byte[200]), Is.EqualTo(new IoResult(100, SocketError.Success)));
        await server.WaitReadableAsync();
        Assert.That(server.Receive(new byte[1]).Error, Is.EqualTo(SocketError.ConnectionReset));
    });

    [Test]
    public void A_receive_without_bytes_says_not_now() => Run(async () =>
    {
        (_, DriverSocket server) = await ConnectPair();

        Assert.That(server.Receive(new byte[1]), Is.EqualTo(IoResult.NotNow));
    });

    [Test]
    public void A_wait_moves_no_bytes_however_often_it_is_repeated() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        client.Send("abc"u8);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(await server.WaitReadableAsync(), Is.EqualTo(SocketError.Success));
        }

        Assert.That(Receive(server, 2), Is.EqualTo("ab"u8.ToArray()));
        await server.WaitReadableAsync();
        Assert.That(Receive(server, 2), Is.EqualTo("c"u8.ToArray()));
        Assert.That(server.Receive(new byte[2]).IsNotNow);
    });

    [Test]
    public void Both_ends_know_both_addresses() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();

        Assert.That(client.RemoteEndPoint, Is.EqualTo(_listener.LocalEndPoint));
        Assert.That(server.LocalEndPoint, Is.EqualTo(_listener.LocalEndPoint));
        Assert.That(server.RemoteEndPoint, Is.EqualTo(client.LocalEndPoint));
    });

    /// <summary>Makes the driver that the test is about.</summary>
    protected abstract LoopDriver CreateDriver();

    /// <summary>Looks for what a test left behind, where a driver can tell.</summary>
    protected virtual void AssertNothingIsLeft(LoopDriver driver)
    {
    }

    private static byte[] Receive(DriverSocket socket, int bytesMax)
    {
        byte[] buffer = new byte[bytesMax];
        IoResult result = socket.Receive(buffer);
        Assert.That(result.Error, Is.EqualTo(SocketError.Success));
        return buffer[..result.Bytes];
    }

    private static async Coroutine<SocketError> WaitReadable(DriverSocket socket) =>
        await socket.WaitReadableAsync();

    /// <summary>Reads until the stream ends; the bytes, and how it ended.</summary>
    private static async Coroutine<(byte[] Bytes, SocketError Error)> ReadToEnd(DriverSocket socket)
    {
        var received = new MemoryStream();
        byte[] buffer = new byte[256 * 1024];
        while (true)
        {
            IoResult result = socket.Receive(buffer);
            if (result.IsNotNow)
            {
                await socket.WaitReadableAsync();
            }
            else if (result.Bytes == 0)
            {
                return (received.ToArray(), result.Error);
            }
            else
            {
                received.Write(buffer, 0, result.Bytes);
            }
        }
    }

    /// <summary>Runs a test, and ends it when nothing happens any more.</summary>
    private void Run(Func<Coroutine> test)
    {
        TimerHandle guard = _loop.CallLater(
            s_hung, static () => throw new LoopAbortException("The test hangs."));
        _loop.RunUntilComplete(test());
        guard.Cancel();
    }

    private async Coroutine<(DriverSocket Client, DriverSocket Server)> ConnectPair()
    {
        LoopTask<DriverSocket> accept = EventLoop.Spawn(Accept());
        DriverConnect connect = Driver.Connect(_listener.LocalEndPoint);
        Assert.That(
            await new OperationAwaitable(connect), Is.EqualTo(SocketError.Success));
        _open.Add(connect.Socket);
        return (connect.Socket, await accept);
    }

    private async Coroutine<DriverSocket> Accept()
    {
        while (true)
        {
            AcceptResult accepted = _listener.Accept();
            if (accepted.Socket is { } socket)
            {
                _open.Add(socket);
                return socket;
            }

            Assert.That(accepted.Error, Is.EqualTo(SocketError.WouldBlock));
            await _listener.WaitAcceptableAsync();
        }
    }

    private void Close(DriverSocket socket, bool reset)
    {
        _open.Remove(socket);
        socket.Close(reset);
    }
}
