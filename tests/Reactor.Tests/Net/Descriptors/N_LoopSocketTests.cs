using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Raw socket calls, on the kernel and in memory; cancelled at every moment, they lose nothing.
/// Statements N23 and F18.
/// </summary>
[TestFixture(InMemory)]
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public class N_LoopSocketTests(string driverName)
{
    private const string InMemory = "memory";

    /// <summary>More than the kernel's largest buffers at both ends together.</summary>
    private static readonly int s_moreThanAnyBuffer = KernelBuffers.MoreThanAny;

    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private readonly List<LoopErrorContext> _errors = [];
    private EventLoop _loop = null!;

    [SetUp]
    public void MakeLoop()
    {
        _errors.Clear();
        LoopDriver driver = driverName == InMemory
            ? new InMemoryDriver(new InMemoryOptions { Seed = TestSeed.Next() })
            : LoopDrivers.Create(driverName);
        _loop = new EventLoop(new EventLoopOptions { Driver = driver })
        {
            ExceptionHandler = (_, error) => _errors.Add(error),
        };
    }

    [TearDown]
    public void CloseLoop()
    {
        _loop.RunBriefly();
        Assert.That(BlockPool.Of(_loop).RentedBlocks, Is.Zero);
        if (_loop.Driver is InMemoryDriver memory)
        {
            Assert.That((memory.OpenSockets, memory.OpenListeners), Is.EqualTo((0, 0)));
        }

        _loop.Close();
        Assert.That(_errors.Select(error => $"{error.Message} {error.Exception}"), Is.Empty);
    }

    [Test]
    public void N23_connect_accept_send_and_receive() => Run(async () =>
    {
        using Pair pair = await Pair.Open();
        Assert.That(pair.Client.RemoteEndPoint, Is.EqualTo(pair.Listener.LocalEndPoint));
        Assert.That(pair.Server.RemoteEndPoint, Is.EqualTo(pair.Client.LocalEndPoint));

        await pair.Client.SendAllAsync("hello"u8.ToArray());
        Assert.That(await pair.Server.ReceiveAsync(3), Is.EqualTo("hel"u8.ToArray()));
        Assert.That(await pair.Server.ReceiveAsync(10), Is.EqualTo("lo"u8.ToArray()));

        await pair.Server.SendAllAsync("back"u8.ToArray());
        byte[] buffer = new byte[10];
        Assert.That(await pair.Client.ReceiveAsync(buffer.AsMemory(2)), Is.EqualTo(4));
        Assert.That(buffer[2..6], Is.EqualTo("back"u8.ToArray()));

        pair.Client.ShutdownSend();
        pair.Client.ShutdownSend();
        Assert.That(await pair.Server.ReceiveAsync(10), Is.Empty, "the end of the stream");
        Assert.That(await pair.Server.ReceiveAsync(buffer), Is.Zero);
    });

    [Test]
    public void N23_a_refused_connect_throws() => Run(async () =>
    {
        using LoopSocket gone = LoopSocket.Listen(SimulatedLoop.AnyPort);
        EndPoint address = gone.LocalEndPoint!;
        gone.Dispose();
        await EventLoop.Yield();
        Assert.That(
            await ErrorOf(async () => await LoopSocket.ConnectAsync(address)),
            Is.EqualTo(SocketError.ConnectionRefused));
    });

    [Test]
    public void N23_sendall_of_large_data_ends_as_the_peer_reads() => Run(async () =>
    {
        using Pair pair = await Pair.Open();
        byte[] data = NewData(s_moreThanAnyBuffer);
        LoopTask send = EventLoop.Spawn(pair.Client.SendAllAsync(data));
        await EventLoop.Yield();
        await EventLoop.Yield();
        Assert.That(send.IsDone, Is.False, "nobody has read yet");

        byte[] received = await ReadExactly(pair.Server, data.Length);
        await send;
        Assert.That(received.AsSpan().SequenceEqual(data));
    });

    [Test]
    public void N23_a_sendall_that_is_cancelled_gives_the_memory_back_and_the_socket_is_usable() =>
        Run(async () =>
        {
            using Pair pair = await Pair.Open();
            byte[] data = NewData(s_moreThanAnyBuffer);
            byte[] copy = [.. data];
            LoopTask send = EventLoop.Spawn(pair.Client.SendAllAsync(data));
            await EventLoop.Yield();
            await EventLoop.Yield();
            send.Cancel();
            await EventLoop.Wait([send]);
            Assert.That(send.IsCancelled);
            Array.Clear(data); // ours again: what is still under way must not change

            byte[] mark = [.. Enumerable.Repeat((byte)0xEE, 100)];
            LoopTask<byte[]> read = EventLoop.Spawn(ReadToEnd(pair.Server));
            await pair.Client.SendAllAsync(mark);
            pair.Client.ShutdownSend();
            byte[] received = await read;

            int sent = received.Length - mark.Length;
            Assert.That(sent, Is.InRange(1, copy.Length));
            Assert.That(received.AsSpan(0, sent).SequenceEqual(copy.AsSpan(0, sent)));
            Assert.That(received[sent..], Is.EqualTo(mark));
        });

    [Test]
    public void N23_two_sends_at_once_both_arrive_mixed_but_whole() => Run(async () =>
    {
        const int Bytes = 4 * 1024 * 1024;
        using Pair pair = await Pair.Open();
        LoopTask one = EventLoop.Spawn(pair.Client.SendAllAsync(Filled(1, Bytes)));
        LoopTask two = EventLoop.Spawn(pair.Client.SendAllAsync(Filled(2, Bytes)));
        byte[] received = await ReadExactly(pair.Server, 2 * Bytes);
        await one;
        await two;

        Assert.That(received.Count(value => value == 1), Is.EqualTo(Bytes));
        Assert.That(received.Count(value => value == 2), Is.EqualTo(Bytes));
    });

    [Test]
    public void N23_F18_a_receive_that_races_with_its_cancellation_loses_no_byte() =>
        Run(async () =>
        {
            using Pair pair = await Pair.Open();
            for (byte i = 0; i < 60; i++)
            {
                LoopTask<byte[]> receive = EventLoop.Spawn(pair.Server.ReceiveAsync(10));
                for (int turns = i % 4; turns > 0; turns--)
                {
                    await EventLoop.Yield();
                }

                await pair.Client.SendAllAsync(new[] { i });
                for (int turns = i / 4 % 4; turns > 0; turns--)
                {
                    await EventLoop.Yield();
                }

                receive.Cancel();
                await EventLoop.Wait([receive]);
                byte[] got = receive.IsCancelled
                    ? await pair.Server.ReceiveAsync(10)
                    : receive.Result;
                Assert.That(got, Is.EqualTo(new[] { i }));
            }
        });

    [Test]
    public void F18_a_pending_receive_is_cancelled_in_the_next_turn() => Run(async () =>
    {
        using Pair pair = await Pair.Open();
        LoopTask<byte[]> receive = EventLoop.Spawn(pair.Server.ReceiveAsync(10));
        await EventLoop.Yield();
        receive.Cancel();
        await EventLoop.Yield();

        Assert.That(receive.IsCancelled);
    });

    [Test]
    public void N23_an_accept_that_is_cancelled_loses_no_connection() => Run(async () =>
    {
        using LoopSocket listener = LoopSocket.Listen(SimulatedLoop.AnyPort);
        for (int i = 0; i < 12; i++)
        {
            LoopTask<LoopSocket> accept = EventLoop.Spawn(listener.AcceptAsync());
            LoopTask<LoopSocket> connect =
                EventLoop.Spawn(LoopSocket.ConnectAsync(listener.LocalEndPoint!));
            for (int turns = i % 4; turns > 0; turns--)
            {
                await EventLoop.Yield();
            }

            accept.Cancel();
            await EventLoop.Wait([accept]);
            using LoopSocket client = await connect;
            using LoopSocket server = accept.IsCancelled
                ? await listener.AcceptAsync()
                : accept.Result;
            Assert.That(server.RemoteEndPoint, Is.EqualTo(client.LocalEndPoint));
        }
    });

    [Test]
    public void N23_a_connect_that_is_cancelled_leaves_no_socket() => Run(async () =>
    {
        using LoopSocket listener = LoopSocket.Listen(SimulatedLoop.AnyPort);
        for (int i = 0; i < 12; i++)
        {
            LoopTask<LoopSocket> connect =
                EventLoop.Spawn(LoopSocket.ConnectAsync(listener.LocalEndPoint!));
            for (int turns = i % 4; turns > 0; turns--)
            {
                await EventLoop.Yield();
            }

            connect.Cancel();
            await EventLoop.Wait([connect]);
            if (!connect.IsCancelled)
            {
                connect.Result.Dispose();
            }
        }

        // What the listener got before the last connect has ended: a socket that a cancelled one
        // had left open would be silent here. What is left in memory is counted after the test.
        using LoopSocket last = await LoopSocket.ConnectAsync(listener.LocalEndPoint!);
        while (true)
        {
            using LoopSocket accepted = await listener.AcceptAsync();
            if (last.LocalEndPoint!.Equals(accepted.RemoteEndPoint))
            {
                break;
            }

            int received = 0;
            SocketError error =
                await ErrorOf(async () => received = await accepted.ReceiveAsync(new byte[1]));
            Assert.That(error, Is.EqualTo(default(SocketError)).Or.EqualTo(
                SocketError.ConnectionReset));
            Assert.That(received, Is.Zero);
        }
    });

    [Test]
    public void N23_a_reset_throws() => Run(async () =>
    {
        using Pair pair = await Pair.Open();
        await pair.Client.SendAllAsync("unread"u8.ToArray());
        await pair.Server.ReceiveAsync(1);
        pair.Server.Dispose(); // with unread bytes: a reset

        Assert.That(
            await ErrorOf(async () => await pair.Client.ReceiveAsync(10)),
            Is.EqualTo(SocketError.ConnectionReset));
    });

    [Test]
    public void Disposing_ends_what_waits_and_what_comes_later() => Run(async () =>
    {
        Pair pair = await Pair.Open();
        LoopTask<SocketError> receive = EventLoop.Spawn(
            ErrorOf(async () => await pair.Server.ReceiveAsync(10)));
        LoopTask<SocketError> send = EventLoop.Spawn(
            ErrorOf(() => pair.Server.SendAllAsync(new byte[s_moreThanAnyBuffer])));
        LoopTask<SocketError> accept = EventLoop.Spawn(
            ErrorOf(async () => await pair.Listener.AcceptAsync()));
        await EventLoop.Yield();
        await EventLoop.Yield();
        pair.Dispose();
        pair.Dispose();

        Assert.That(await receive, Is.EqualTo(SocketError.OperationAborted));
        Assert.That(await send, Is.EqualTo(SocketError.OperationAborted));
        Assert.That(await accept, Is.EqualTo(SocketError.OperationAborted));
        Assert.That(await IsDisposed(async () => await pair.Server.ReceiveAsync(1)));
        Assert.That(await IsDisposed(() => pair.Server.SendAllAsync(new byte[1])));
        Assert.That(await IsDisposed(async () => await pair.Listener.AcceptAsync()));
        pair.Server.ShutdownSend();
    });

    [Test]
    public void Each_kind_of_socket_says_what_the_other_is_for() => Run(async () =>
    {
        using Pair pair = await Pair.Open();
        Assert.That(
            await MessageOf(async () => await pair.Client.AcceptAsync()),
            Does.Contain("Listen()"));
        Assert.That(
            await MessageOf(async () => await pair.Listener.ReceiveAsync(1)),
            Does.Contain("AcceptAsync()"));
        Assert.That(
            await MessageOf(() => pair.Listener.SendAllAsync(new byte[1])),
            Does.Contain("AcceptAsync()"));
        Assert.That(
            await MessageOf(async () => await pair.Client.ReceiveAsync(Memory<byte>.Empty)),
            Does.Contain("at least one byte"));
        Assert.That(
            await MessageOf(async () => await pair.Client.ReceiveAsync(0)),
            Does.Contain("bytesMax"));
    });

    private static byte[] NewData(int bytes)
    {
        byte[] data = new byte[bytes];
        new Random(5).NextBytes(data);
        return data;
    }

    private static byte[] Filled(byte value, int bytes)
    {
        byte[] data = new byte[bytes];
        data.AsSpan().Fill(value);
        return data;
    }

    private static async Coroutine<byte[]> ReadExactly(LoopSocket socket, int bytes)
    {
        byte[] data = new byte[bytes];
        for (int count = 0; count < bytes;)
        {
            int received = await socket.ReceiveAsync(data.AsMemory(count));
            Assert.That(received, Is.Positive);
            count += received;
        }

        return data;
    }

    private static async Coroutine<byte[]> ReadToEnd(LoopSocket socket)
    {
        var data = new MemoryStream();
        byte[] buffer = new byte[256 * 1024];
        int received;
        while ((received = await socket.ReceiveAsync(buffer)) > 0)
        {
            data.Write(buffer, 0, received);
        }

        return data.ToArray();
    }

    private static async Coroutine<Exception?> Catch(Func<Coroutine> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private static async Coroutine<SocketError> ErrorOf(Func<Coroutine> action) =>
        await Catch(action) is SocketException error ? error.SocketErrorCode : default;

    private static async Coroutine<bool> IsDisposed(Func<Coroutine> action) =>
        await Catch(action) is ObjectDisposedException;

    private static async Coroutine<string?> MessageOf(Func<Coroutine> action) =>
        (await Catch(action))?.Message;

    private void Run(Func<Coroutine> test)
    {
        TimerHandle guard = _loop.CallLater(
            s_hung, static () => throw new LoopAbortException("The test hangs."));
        _loop.RunUntilComplete(test());
        guard.Cancel();
    }

    /// <summary>Both ends of a connection, and the socket that accepted one of them.</summary>
    private sealed record Pair(LoopSocket Listener, LoopSocket Client, LoopSocket Server)
        : IDisposable
    {
        public static async Coroutine<Pair> Open()
        {
            LoopSocket listener = LoopSocket.Listen(SimulatedLoop.AnyPort);
            LoopTask<LoopSocket> accept = EventLoop.Spawn(listener.AcceptAsync());
            LoopSocket client = await LoopSocket.ConnectAsync(listener.LocalEndPoint!);
            return new Pair(listener, client, await accept);
        }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
            Listener.Dispose();
        }
    }
}
