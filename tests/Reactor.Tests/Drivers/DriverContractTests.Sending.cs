using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Simulation;
using static Reactor.Tests.Drivers.DriverSockets;

namespace Reactor.Tests.Drivers;

/// <summary>The contract of drivers: sending, ending a direction and closing.</summary>
public abstract partial class DriverContractTests
{
    [Test]
    public void A_send_takes_what_there_is_room_for_and_then_says_not_now() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        byte[] data = new byte[s_moreThanAnyBuffer];
        new Random(1).NextBytes(data);
        int sent = 0;
        IoResult result;
        while ((result = client.Send(data.AsSpan(sent))).IsSuccess)
        {
            Assert.That(result.Bytes, Is.Positive);
            sent += result.Bytes;
        }

        Assert.That(result, Is.EqualTo(IoResult.NotNow));
        Assert.That(sent, Is.InRange(1, data.Length - 1));
        client.ShutdownSend();
        (byte[] bytes, _) = await ReadToEnd(server);
        Assert.That(bytes.AsSpan().SequenceEqual(data.AsSpan(0, sent)));
    });

    [Test]
    public void A_send_of_everything_completes_as_the_peer_reads() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        byte[] data = new byte[s_moreThanAnyBuffer];
        new Random(2).NextBytes(data);
        LoopTask<SocketError> send = EventLoop.Spawn(SendAll(client, data));
        await EventLoop.Yield();
        await EventLoop.Yield();
        Assert.That(send.IsDone, Is.False, "nobody has read yet");

        LoopTask<(byte[] Bytes, SocketError)> read = EventLoop.Spawn(ReadToEnd(server));
        Assert.That(await send, Is.EqualTo(SocketError.Success));
        client.ShutdownSend();
        Assert.That((await read).Bytes.AsSpan().SequenceEqual(data));
    });

    [Test]
    public void What_the_peer_has_taken_is_known() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        Assert.That(server.GetAcknowledgedBytes(), Is.Zero.Or.Null);
        if (server.GetAcknowledgedBytes() is null)
        {
            Assert.That(OperatingSystem.IsLinux(), Is.False, "Linux tells");
            return;
        }

        server.Send(new byte[100]);
        await client.WaitReadableAsync();
        Receive(client, 100);
        while (server.GetAcknowledgedBytes() < 100)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(server.GetAcknowledgedBytes(), Is.EqualTo(100));
    });

    [Test]
    public void What_is_not_acknowledged_counts_until_it_is_and_the_end_counts_as_one() =>
        Run(async () =>
        {
            (DriverSocket client, DriverSocket server) = await ConnectPair();
            if (server.GetUnacknowledgedBytes() is null)
            {
                Assert.That(OperatingSystem.IsLinux(), Is.False, "Linux tells");
                return;
            }

            byte[] data = new byte[s_moreThanAnyBuffer];
            int sent = 0;
            IoResult result;
            while ((result = server.Send(data.AsSpan(sent))).IsSuccess)
            {
                sent += result.Bytes;
                await EventLoop.Yield(); // what is under way arrives
            }

            // In memory the default is no send buffer: all that was taken has arrived.
            await EventLoop.Yield();
            long waiting = server.GetUnacknowledgedBytes()!.Value;
            Assert.That(waiting, Driver is InMemoryDriver ? Is.Zero : Is.Positive);
            Assert.That(
                server.GetAcknowledgedBytes() + waiting, Is.EqualTo(sent).Within(64 * 1024));

            server.ShutdownSend();
            Assert.That(server.GetUnacknowledgedBytes(), Is.GreaterThanOrEqualTo(1), "the end");
            await ReadToEnd(client);
            while (server.GetUnacknowledgedBytes() > 0)
            {
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            }

            Assert.That(server.GetUnacknowledgedBytes(), Is.Zero);
        });

    // TCP_NOTSENT_LOWAT, where there is one; the window of the in-memory network is smaller still.
    // A segment more than the bound may be taken, of 64 KiB at most.
    [Test]
    public void No_more_is_kept_for_a_peer_that_reads_nothing_than_was_said() => Run(async () =>
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows keeps as much as it likes.");
        }

        const int Bound = 256 * 1024;
        DriverListener listener = Driver.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions { UnsentBytesMax = Bound });
        DriverConnect connect = Driver.Connect(listener.LocalEndPoint);
        Assert.That(await new OperationAwaitable(connect), Is.EqualTo(SocketError.Success));
        _open.Add(connect.Socket);
        await listener.WaitAcceptableAsync();
        DriverSocket server = listener.Accept().Socket!;
        _open.Add(server);

        byte[] data = new byte[64 * 1024];
        long taken = 0;
        IoResult result;
        do
        {
            result = server.Send(data);
            taken += result.Bytes;
            await EventLoop.Yield();
        }
        while (result.IsSuccess);

        listener.Close();
        Assert.That(result, Is.EqualTo(IoResult.NotNow));
        while (taken - server.GetAcknowledgedBytes() > Bound + (64 * 1024))
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1)); // some is still on its way
        }

        Assert.That(taken, Is.GreaterThan(0));
    });

    [Test]
    public void A_send_of_everything_may_follow_another() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        for (byte i = 0; i < 100; i++)
        {
            Assert.That(
                await client.SendAllAsync(new byte[] { i }), Is.EqualTo(SocketError.Success));
        }

        client.ShutdownSend();
        (byte[] bytes, _) = await ReadToEnd(server);
        Assert.That(bytes, Is.EqualTo(Enumerable.Range(0, 100)));
    });

    [Test]
    public void A_send_of_everything_ends_with_an_error_value_when_the_peer_resets() =>
        Run(async () =>
        {
            (DriverSocket client, DriverSocket server) = await ConnectPair();
            LoopTask<SocketError> send =
                EventLoop.Spawn(SendAll(client, new byte[s_moreThanAnyBuffer]));
            await EventLoop.Yield();
            Close(server, reset: true);

            Assert.That(IsPeerGone(await send));
        });

    [Test]
    public void Sending_to_a_peer_that_has_closed_ends_with_an_error_value() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        Close(server, reset: false);
        await client.WaitReadableAsync();
        SocketError error;
        do
        {
            error = await client.SendAllAsync(new byte[100]);
            await EventLoop.Yield();
        }
        while (error == SocketError.Success);
        Assert.That(IsPeerGone(error));
    });

    [Test]
    public void An_end_keeps_the_other_direction_open() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        client.Send("question"u8);
        client.ShutdownSend();
        (byte[] question, SocketError error) = await ReadToEnd(server);
        Assert.That(question, Is.EqualTo("question"u8.ToArray()));
        Assert.That(error, Is.EqualTo(SocketError.Success));

        await server.SendAllAsync("answer"u8.ToArray());
        server.ShutdownSend();
        (byte[] answer, _) = await ReadToEnd(client);
        Assert.That(answer, Is.EqualTo("answer"u8.ToArray()));
    });

    [Test]
    public void Closing_ends_the_stream_after_the_bytes_that_were_sent() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        client.Send("farewell"u8);
        Close(client, reset: false);

        (byte[] bytes, SocketError error) = await ReadToEnd(server);

        Assert.That(bytes, Is.EqualTo("farewell"u8.ToArray()));
        Assert.That(error, Is.EqualTo(SocketError.Success));
    });

    [Test]
    public void Closing_during_a_wait_ends_the_stream_without_a_reset() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        client.Send("abc"u8);
        Assert.That(client.WaitReadableAsync().IsCompleted, Is.False);
        Close(client, reset: false);

        (byte[] bytes, SocketError error) = await ReadToEnd(server);
        Assert.That(bytes, Is.EqualTo("abc"u8.ToArray()));
        Assert.That(error, Is.EqualTo(SocketError.Success), "the end, not a reset");
    });

    [Test]
    public void Closing_with_a_reset_is_seen_as_one() => Run(async () =>
    {
        (DriverSocket client, DriverSocket server) = await ConnectPair();
        Close(client, reset: true);

        (_, SocketError error) = await ReadToEnd(server);

        Assert.That(error, Is.EqualTo(SocketError.ConnectionReset));
    });

    [Test]
    public void Closing_completes_a_wait_that_is_in_flight([Values] bool reset) =>
        Run(async () =>
        {
            (DriverSocket client, _) = await ConnectPair();
            LoopTask<SocketError> wait = EventLoop.Spawn(WaitReadable(client));
            await EventLoop.Yield();
            Assert.That(wait.IsDone, Is.False);
            Close(client, reset);

            Assert.That(await wait, Is.EqualTo(SocketError.OperationAborted));
        });

    [Test]
    public void Closing_completes_a_send_that_is_in_flight([Values] bool reset) =>
        Run(async () =>
        {
            (DriverSocket client, _) = await ConnectPair();
            LoopTask<SocketError> send =
                EventLoop.Spawn(SendAll(client, new byte[s_moreThanAnyBuffer]));
            await EventLoop.Yield();
            Assert.That(send.IsDone, Is.False);
            Close(client, reset);

            Assert.That(await send, Is.EqualTo(SocketError.OperationAborted));
        });

    private static bool IsPeerGone(SocketError error) => error
        is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;
}
