using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Tests.Net;

/// <summary>
/// A close is no reset, even with unread input: what was sent before it arrives.
/// </summary>
public class CloseDeliversTests
{
    [TestCase("in-memory", "Close")]
    [TestCase("epoll", "Close")]
    [TestCase("sockets", "Close")]
    [TestCase("in-memory", "CloseAsync")]
    [TestCase("epoll", "CloseAsync")]
    [TestCase("sockets", "CloseAsync")]
    [TestCase("in-memory", "CloseClients")]
    [TestCase("epoll", "CloseClients")]
    [TestCase("sockets", "CloseClients")]
    public void What_was_sent_before_a_close_arrives_although_input_is_unread(
        string driver, string how)
    {
        byte[] data = new byte[200_000];
        new Random(1).NextBytes(data);
        byte[] got = [];
        CloseReason reason = CloseReason.None;
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = driver == "in-memory"
                ? new InMemoryDriver(new InMemoryOptions { SendBufferBytes = 1_000_000 })
                : LoopDrivers.Create(driver),
        });
        loop.RunUntilComplete(Main());

        async Coroutine Main()
        {
            LoopServer? server = null;
            server = await loop.StartServer(
                async connection =>
                {
                    await connection.WaitReadableAsync(); // input waits, and is not read
                    connection.Output.Write(data);
                    await connection.FlushAsync();
                    await Close(connection, server!, how);
                },
                "127.0.0.1",
                0);
            Connection client = await Connection.OpenAsync(server.EndPoints[0]);
            client.Output.Write(new byte[50_000]);
            await client.FlushAsync();
            got = await ReadAll(client);
            reason = client.CloseReason;
            client.Close();
            server.Close();
        }

        Assert.That((got.Length, reason), Is.EqualTo((data.Length, CloseReason.PeerClosed)));
        Assert.That(got.AsSpan().SequenceEqual(data));
    }

    [TestCase("in-memory", "LoopSocket")]
    [TestCase("epoll", "LoopSocket")]
    [TestCase("sockets", "LoopSocket")]
    [TestCase("in-memory", "transport")]
    [TestCase("epoll", "transport")]
    [TestCase("sockets", "transport")]
    public void A_raw_socket_and_a_transport_deliver_too(string driver, string what)
    {
        byte[] data = new byte[200_000];
        new Random(1).NextBytes(data);
        byte[] got = [];
        CloseReason reason = CloseReason.None;
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = driver == "in-memory"
                ? new InMemoryDriver(new InMemoryOptions { SendBufferBytes = 1_000_000 })
                : LoopDrivers.Create(driver),
        });
        loop.RunUntilComplete(Main());

        async Coroutine Main()
        {
            var any = new IPEndPoint(IPAddress.Loopback, 0);
            using LoopSocket? listener = what == "LoopSocket" ? LoopSocket.Listen(any) : null;
            LoopServer? server = listener is null
                ? loop.CreateServer(() => new OneAnswer(data), [any])
                : null;
            LoopTask? serving = listener is null
                ? null
                : loop.CreateTask(AnswerOnce(listener, data), "answer");
            Connection client = await Connection.OpenAsync(
                listener?.LocalEndPoint ?? server!.EndPoints[0]);
            client.Output.Write(new byte[50_000]);
            await client.FlushAsync();
            got = await ReadAll(client);
            reason = client.CloseReason;
            client.Close();
            server?.Close();
            if (serving is not null)
            {
                await serving;
            }
        }

        Assert.That((got.Length, reason), Is.EqualTo((data.Length, CloseReason.PeerClosed)));
        Assert.That(got.AsSpan().SequenceEqual(data));
    }

    private static async Coroutine AnswerOnce(LoopSocket listener, byte[] data)
    {
        using LoopSocket peer = await listener.AcceptAsync();
        await peer.ReceiveAsync(1); // the rest of the input stays unread
        await peer.SendAllAsync(data);
    }

    private sealed class OneAnswer(byte[] data) : IProtocol
    {
        private ITransport? _transport;

        public void ConnectionMade(ITransport transport) => _transport = transport;

        public void DataReceived(ReadOnlySpan<byte> bytes)
        {
            _transport!.PauseReading(); // the rest of the input stays unread
            _transport.Write(data);
            _transport.Close();
        }
    }

    private static async Coroutine Close(Connection connection, LoopServer server, string how)
    {
        switch (how)
        {
            case "Close":
                connection.Close();
                break;
            case "CloseAsync":
                await connection.CloseAsync();
                break;
            default:
                server.CloseClients();
                await connection.WaitClosedAsync();
                break;
        }
    }

    private static async Coroutine<byte[]> ReadAll(Connection client)
    {
        var bytes = new List<byte>();
        while (true)
        {
            ReadResult read = await client.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                bytes.AddRange(piece.Span);
            }

            client.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return [.. bytes];
            }
        }
    }
}
