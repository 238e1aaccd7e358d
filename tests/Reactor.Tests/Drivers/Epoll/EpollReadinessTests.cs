using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>
/// What the epoll driver remembers of a socket's readiness, where forgetting would hang and
/// believing too much would spin: what stands behind a short read, and events of a descriptor whose
/// number is somebody else's by now.
/// </summary>
[Platform("Linux")]
public sealed class EpollReadinessTests
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private EventLoop _loop = null!;
    private DriverListener _listener = null!;

    private SystemCalls Calls => ((EpollDriver)_loop.Driver).Calls;

    [SetUp]
    public void Open()
    {
        _loop = new EventLoop(new EventLoopOptions { Driver = new EpollDriver() });
        _listener = _loop.Driver.Listen(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions());
    }

    [TearDown]
    public void Close() => _loop.Close();

    [Test]
    public void After_a_short_read_a_socket_is_not_readable_until_more_comes() => Run(async () =>
    {
        (Socket client, DriverSocket server) = await Connect();
        using Socket _ = client;
        client.Send("abc"u8);
        Assert.That(server.WaitReadableAsync().IsCompleted, Is.False, "nobody has told yet");
        await server.WaitReadableAsync();
        Assert.That(server.WaitReadableAsync().IsCompleted, Is.True);
        Assert.That(Receive(server, 10), Is.EqualTo(3));

        Assert.That(server.WaitReadableAsync().IsCompleted, Is.False);
        client.Send("de"u8);
        await server.WaitReadableAsync();
        Assert.That(Receive(server, 10), Is.EqualTo(2));
    });

    [Test]
    public void After_a_full_read_it_counts_as_readable_until_a_receive_says_otherwise() =>
        Run(async () =>
        {
            (Socket client, DriverSocket server) = await Connect();
            using Socket _ = client;
            client.Send("abc"u8);
            await server.WaitReadableAsync();
            Assert.That(Receive(server, 3), Is.EqualTo(3));
            Assert.That(server.WaitReadableAsync().IsCompleted, Is.True);

            Assert.That(server.Receive(new byte[3]), Is.EqualTo(IoResult.NotNow));
            Assert.That(server.WaitReadableAsync().IsCompleted, Is.False);
        });

    [Test]
    public void The_end_that_came_together_with_bytes_is_told_after_a_short_read() =>
        Run(async () =>
        {
            (Socket client, DriverSocket server) = await Connect();
            client.Send("abc"u8);
            client.Dispose();
            await server.WaitReadableAsync();
            await EventLoop.Yield();
            Assert.That(Receive(server, 10), Is.EqualTo(3));

            Assert.That(await server.WaitReadableAsync(), Is.EqualTo(SocketError.Success));
            Assert.That(server.Receive(new byte[1]), Is.EqualTo(default(IoResult)));
            Assert.That(server.WaitReadableAsync().IsCompleted, Is.True, "and it stays the end");
        });

    [Test]
    public void The_end_that_comes_after_a_short_read_is_told() => Run(async () =>
    {
        (Socket client, DriverSocket server) = await Connect();
        client.Send("abc"u8);
        await server.WaitReadableAsync();
        Assert.That(Receive(server, 10), Is.EqualTo(3));
        LoopTask<SocketError> wait = EventLoop.Spawn(Wait(server));
        await EventLoop.Yield();
        client.Dispose();

        Assert.That(await wait, Is.EqualTo(SocketError.Success));
        Assert.That(server.Receive(new byte[1]), Is.EqualTo(default(IoResult)));
    });

    [Test]
    public void Bytes_behind_an_urgent_one_are_not_forgotten() => Run(async () =>
    {
        (Socket client, DriverSocket server) = await Connect();
        using Socket _ = client;
        Assert.That(server.WaitReadableAsync().IsCompleted, Is.False);
        client.Send("abc"u8);
        client.Send("!"u8, SocketFlags.OutOfBand);
        client.Send("defg"u8);
        await server.WaitReadableAsync();

        // A receive stops at the mark, though more is there.
        int received = 0;
        while (received < 7)
        {
            await server.WaitReadableAsync();
            IoResult result = server.Receive(new byte[100]);
            Assert.That(result.IsSuccess || result.IsNotNow);
            received += result.Bytes;
        }
    });

    [Test]
    public void A_connection_that_comes_without_bytes_is_no_event_and_costs_no_receive() =>
        Run(async () =>
        {
            (Socket client, DriverSocket server) = await Connect();
            using Socket _ = client;
            LoopTask<SocketError> wait = EventLoop.Spawn(Wait(server));
            await EventLoop.Yield();
            long waits = Calls.Waits;
            _loop.CallLater(TimeSpan.FromMilliseconds(5), () => client.Send("x"u8));

            await wait;
            Assert.That(Calls.Waits - waits, Is.LessThanOrEqualTo(3));
            Assert.That(Calls.Receives, Is.Zero);
        });

    [Test]
    public void An_event_of_a_descriptor_that_was_closed_is_not_the_next_ones() => Run(async () =>
    {
        (Socket oldClient, DriverSocket old) = await Connect();
        using Socket oldOne = oldClient;
        Assert.That(old.WaitReadableAsync().IsCompleted, Is.False);
        int number = NumberOf(old);

        // The duplicate keeps the old file alive, and in the epoll set, with the old data. The next
        // accept gets the number, the lowest that is free, unless another thread is quicker.
        int duplicate = Duplicate(number);
        using Socket client = NewClient();
        old.Close(reset: false);
        DriverSocket server = await Accept();
        Skip.Unless(
            NumberOf(server) == number, "another thread has taken the descriptor's number");
        LoopTask<SocketError> wait = EventLoop.Spawn(Wait(server));
        await EventLoop.Yield();
        long waits = Calls.Waits;
        oldClient.Send("for the old one"u8);
        while (Calls.Waits < waits + 3)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(wait.IsDone, Is.False, "the event was not its own");
        client.Send("x"u8);
        await wait;
        Assert.That(Receive(server, 10), Is.EqualTo(1));
        Assert.That(CloseNumber(duplicate), Is.Zero);
    });

    [Test]
    public void A_registration_is_found_by_number_and_use()
    {
        var table = new RegistrationTable();
        var first = new Target();
        var second = new Target();
        ulong old = table.Add(1000, first);
        Assert.That(table.Find(old), Is.SameAs(first));
        Assert.That(table.Find(old + 1), Is.Null, "another number");

        table.Remove(1000);
        Assert.That(table.Find(old), Is.Null);
        ulong now = table.Add(1000, second);
        Assert.That(now, Is.Not.EqualTo(old));
        Assert.That((table.Find(old), table.Find(now)), Is.EqualTo(((object?)null, second)));
        Assert.That(table.Find(ulong.MaxValue), Is.Null, "the wake-up's");
    }

    [Test]
    public void An_event_has_the_size_of_this_architecture() => Assert.That(
        EventBatch.EventBytes,
        Is.EqualTo(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16));

    private static int Receive(DriverSocket socket, int bytesMax)
    {
        IoResult result = socket.Receive(new byte[bytesMax]);
        Assert.That(result.Error, Is.EqualTo(SocketError.Success));
        return result.Bytes;
    }

    private static async Coroutine<SocketError> Wait(DriverSocket socket) =>
        await socket.WaitReadableAsync();

    private static int NumberOf(DriverSocket socket) =>
        (int)socket.Descriptor!.DangerousGetHandle();

    [DllImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseNumber(int descriptor);

    private void Run(Func<Coroutine> test)
    {
        TimerHandle guard = _loop.CallLater(
            s_hung, static () => throw new LoopAbortException("The test hangs."));
        _loop.RunUntilComplete(test());
        guard.Cancel();
    }

    /// <summary>A client of the framework, and the accepted end of this driver.</summary>
    private async Coroutine<(Socket Client, DriverSocket Server)> Connect()
    {
        Socket client = NewClient();
        return (client, await Accept());
    }

    private Socket NewClient()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        client.Connect(_listener.LocalEndPoint);
        return client;
    }

    private async Coroutine<DriverSocket> Accept()
    {
        while (true)
        {
            if (_listener.Accept().Socket is { } server)
            {
                return server;
            }

            await _listener.WaitAcceptableAsync();
        }
    }

    private sealed class Target : IEpollTarget
    {
        public void OnEvents(EpollEvents events)
        {
        }

        public void Release()
        {
        }
    }
}
