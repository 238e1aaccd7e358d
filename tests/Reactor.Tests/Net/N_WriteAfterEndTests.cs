using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// After this side has ended its stream, each way of writing throws the same
/// <see cref="InvalidOperationException"/>: nothing is dropped in silence, the peer is not blamed,
/// and reading goes on. Statements N14 and N20.
/// </summary>
[TestFixture(InMemory)]
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class N_WriteAfterEndTests(string driverName)
{
    private const string InMemory = "memory";

    // More than the kernel's buffers at both ends together, or the window in memory.
    private readonly byte[] _data =
        NewData(driverName == InMemory ? 1024 * 1024 : KernelBuffers.MoreThanAny);

    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private static readonly byte[] s_late = "late"u8.ToArray();

    private static readonly string[] s_ways =
    [
        "Write", "Write of nothing", "WriteAsync", "Output.Write", "Output.WriteAsync",
        "Output.GetMemory", "Output.Advance", "Stream.Write", "Stream.WriteByte",
        "Stream.WriteAsync", "Stream.Write elsewhere", "Stream.WriteAsync elsewhere",
    ];

    [TestCaseSource(nameof(s_ways))]
    public void N14_a_write_after_the_own_end_throws_and_reads_go_on(string way) =>
        Run(async (client, server) =>
        {
            _ = client.Output.GetMemory(); // for Output.Advance
            client.ShutdownSend();
            Exception? error = await ErrorOf(() => WriteBy(client, way));
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1)); // what was written would be sent
            Assert.That(await server.ReadToEndAsync(), Is.Empty);
            await server.WriteAsync("still read\n"u8.ToArray());
            byte[] read = await client.ReadLineAsync();

            Assert.That(error, Is.TypeOf<InvalidOperationException>());
            Assert.That(error!.Message, Does.Contain("ShutdownSend()"));
            Assert.That(Encoding.ASCII.GetString(read), Is.EqualTo("still read\n"));
            Assert.That(client.HasOutputEnded);
            Assert.That((client.IsPeerGone, client.IsOutputBroken), Is.EqualTo((false, false)));
            Assert.That(client.CloseReason, Is.EqualTo(CloseReason.None));
        });

    [TestCaseSource(nameof(s_ways))]
    public void N14_it_throws_too_while_the_end_waits_behind_bytes(string way) =>
        Run(async (client, server) =>
        {
            byte[] data = _data;
            client.Write(data);
            if (way == "Output.Advance")
            {
                _ = client.Output.GetMemory();
            }

            client.ShutdownSend();
            Assert.That(client.Output.UnflushedBytes, Is.Positive, "the peer has not read yet");
            Exception? error = await ErrorOf(() => WriteBy(client, way));
            byte[] read = await server.ReadToEndAsync();

            Assert.That(error, Is.TypeOf<InvalidOperationException>());
            Assert.That(read.AsSpan().SequenceEqual(data), "all, and nothing behind it");
            await server.WriteAsync("still read\n"u8.ToArray());
            Assert.That(await client.ReadLineAsync(), Has.Length.EqualTo(11));
        });

    [Test]
    public void N14_the_end_comes_after_a_flush_that_is_under_way() =>
        Run(async (client, server) =>
        {
            byte[] data = _data;
            client.Output.Write(data);
            Task<FlushResult> flush = client.Output.FlushAsync().AsTask();
            client.ShutdownSend();
            byte[] read = await server.ReadToEndAsync();
            await flush;

            Assert.That(read.AsSpan().SequenceEqual(data));
            Assert.That(client.CloseReason, Is.EqualTo(CloseReason.None));
        });

    [Test]
    public void N14_the_end_comes_after_what_was_written_and_not_flushed() =>
        Run(async (client, server) =>
        {
            client.Output.Write("not flushed"u8);
            client.ShutdownSend();
            Assert.That(await server.ReadToEndAsync(), Is.EqualTo("not flushed"u8.ToArray()));
        });

    [Test]
    public void N19_after_the_own_end_a_drain_waits_for_what_is_on_its_way() =>
        Run(async (client, server) =>
        {
            client.Write(_data);
            client.ShutdownSend();
            LoopTask drain = EventLoop.Spawn(client.DrainAsync());
            await EventLoop.Yield();
            await EventLoop.Yield();
            Assert.That(drain.IsDone, Is.False);
            await server.ReadToEndAsync();
            await drain;
            await client.DrainAsync();
            await client.Output.FlushAsync();
            await client.AsStream().FlushAsync();
        });

    [Test]
    public void N20_after_the_own_end_a_peer_that_resets_is_still_told() =>
        Run(async (client, server) =>
        {
            client.ShutdownSend();
            await server.ReadToEndAsync();
            server.Abort();
            Exception? read = await ErrorOf(async () => await client.ReadLineAsync());
            Exception? drain = await ErrorOf(() => client.DrainAsync());
            Exception? write = await ErrorOf(() => client.WriteAsync(s_late));

            Assert.That(read, Is.TypeOf<ConnectionResetException>());
            Assert.That(drain, Is.TypeOf<ConnectionResetException>());
            Assert.That(write, Is.TypeOf<InvalidOperationException>(), "whatever the peer does");
        });

    [Test]
    public void N20_after_a_close_without_an_own_end_what_is_written_is_dropped() =>
        Run((client, _) =>
        {
            client.Close();
            client.ShutdownSend();
            client.Write(s_late);
            Assert.That(client.HasOutputEnded, Is.False);
            return Nothing();
        });

    [Test]
    public void N14_the_end_of_a_connection_below_a_transport_is_the_transports() => Run(async () =>
    {
        var protocol = new Asking();
        EventLoop loop = EventLoop.Current;
        LoopServer server = await loop.CreateServer(() => protocol, "127.0.0.1", 0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        await client.WriteAsync("a"u8.ToArray());
        Assert.That(await client.ReadExactlyAsync(1), Is.EqualTo("a"u8.ToArray()));
        Connection below = server.Connections.Single();

        protocol.Transport!.Write(_data);
        below.ShutdownSend();
        Assert.That(() => protocol.Transport.Write(s_late), Throws.InvalidOperationException);
        Assert.That(() => below.Write(s_late), Throws.InvalidOperationException);
        byte[] read = await client.ReadToEndAsync();

        Assert.That(read, Has.Length.EqualTo(_data.Length));
        await client.WriteAsync("b"u8.ToArray());
        client.Close();
        await server.Connections.Single().WaitClosedAsync();
        Assert.That(protocol.Received, Is.EqualTo("ab"));
        Assert.That(protocol.Error, Is.Null);
        server.Close();
        await server.WaitClosedAsync();
    });

    [Test]
    public void N23_a_raw_socket_throws_too_and_receives_on() => RunRaw(async (client, server) =>
    {
        client.ShutdownSend();
        Exception? error = await ErrorOf(() => client.SendAllAsync(s_late));
        Assert.That(error, Is.TypeOf<InvalidOperationException>());
        Assert.That(await server.ReceiveAsync(10), Is.Empty);
        await server.SendAllAsync(s_late);
        Assert.That(await client.ReceiveAsync(10), Is.EqualTo(s_late));
    });

    [TestCase(false)]
    [TestCase(true)]
    public void N23_the_end_of_a_raw_socket_comes_after_the_sends_that_have_begun(bool cancelled) =>
        RunRaw(async (client, server) =>
        {
            byte[] data = _data;
            LoopTask send = EventLoop.Spawn(client.SendAllAsync(data));
            await EventLoop.Yield();
            await EventLoop.Yield();
            if (cancelled)
            {
                send.Cancel();
                await EventLoop.Wait([send]);
            }

            client.ShutdownSend();
            var read = new MemoryStream();
            while (await server.ReceiveAsync(1 << 20) is { Length: > 0 } piece)
            {
                read.Write(piece);
            }

            await EventLoop.Wait([send]);
            Assert.That(send.IsCancelled, Is.EqualTo(cancelled));
            Assert.That(data.AsSpan().StartsWith(read.ToArray()));
            Assert.That(read.Length, cancelled ? Is.Positive : Is.EqualTo(data.Length));
        });

    private static async Coroutine WriteBy(Connection connection, string way)
    {
        Stream stream = connection.AsStream(leaveOpen: true);
        switch (way)
        {
            case "Write":
                connection.Write(s_late);
                break;
            case "Write of nothing":
                connection.Write([]);
                break;
            case "WriteAsync":
                await connection.WriteAsync(s_late);
                break;
            case "Output.Write":
                connection.Output.Write(s_late);
                await connection.Output.FlushAsync();
                break;
            case "Output.WriteAsync":
                await connection.Output.WriteAsync(s_late);
                break;
            case "Output.GetMemory":
                connection.Output.GetMemory();
                break;
            case "Output.Advance":
                connection.Output.Advance(1);
                break;
            case "Stream.Write":
                stream.Write(s_late);
                break;
            case "Stream.WriteByte":
                stream.WriteByte(1);
                break;
            case "Stream.WriteAsync":
                await stream.WriteAsync(s_late);
                break;
            case "Stream.Write elsewhere":
                await EventLoop.ToThread(() => stream.Write(s_late));
                break;
            default:
                await EventLoop.ToThread(
                    () => stream.WriteAsync(s_late).AsTask().GetAwaiter().GetResult());
                break;
        }
    }

    private static async Coroutine<Exception?> ErrorOf(Func<Coroutine> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return error;
        }
    }

    private static byte[] NewData(int bytes)
    {
        byte[] data = new byte[bytes];
        new Random(3).NextBytes(data);
        return data;
    }

    private static async Coroutine Nothing() => await EventLoop.Yield();

    private void Run(Func<Connection, Connection, Coroutine> test) => Run(async () =>
    {
        var accepted = new Promise<Connection>(EventLoop.Current);
        LoopServer server = await EventLoop.Current.StartServer(
            async connection =>
            {
                accepted.SetResult(connection);
                await connection.WaitClosedAsync();
            },
            "127.0.0.1",
            0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        Connection other = await accepted;
        await test(client, other);
        client.Close();
        other.Close();
        server.Close();
        await server.WaitClosedAsync();
    });

    private void RunRaw(Func<LoopSocket, LoopSocket, Coroutine> test) => Run(async () =>
    {
        using LoopSocket listener = LoopSocket.Listen(SimulatedLoop.AnyPort);
        using LoopSocket client = await LoopSocket.ConnectAsync(listener.LocalEndPoint!);
        using LoopSocket server = await listener.AcceptAsync();
        await test(client, server);
    });

    private void Run(Func<Coroutine> test)
    {
        var errors = new List<string>();
        LoopDriver driver = driverName == InMemory
            ? new InMemoryDriver(new InMemoryOptions { Seed = TestSeed.Next() })
            : LoopDrivers.Create(driverName);
        using (var loop = new EventLoop(new EventLoopOptions { Driver = driver })
        {
            ExceptionHandler = (_, error) => errors.Add($"{error.Message} {error.Exception}"),
        })
        {
            loop.RunUntilComplete(test().WaitAsync(s_hung));
            loop.RunBriefly();
            Assert.That(BlockPool.Of(loop).RentedBlocks, Is.Zero);
        }

        Assert.That(errors, Is.Empty);
    }

    /// <summary>Sends back what it is sent, and remembers it.</summary>
    private sealed class Asking : IProtocol
    {
        private readonly StringBuilder _received = new();

        public ITransport? Transport { get; private set; }

        public string Received => _received.ToString();

        public Exception? Error { get; private set; }

        public void ConnectionMade(ITransport transport) => Transport = transport;

        public void DataReceived(ReadOnlySpan<byte> data)
        {
            _received.Append(Encoding.ASCII.GetString(data));
            if (_received.Length == 1)
            {
                Transport!.Write(data);
            }
        }

        public void ConnectionLost(Exception? error) => Error = error;
    }
}
