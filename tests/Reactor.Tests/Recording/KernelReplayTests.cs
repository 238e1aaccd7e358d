using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// Connections of each kernel driver are replayed without a socket: echoes, half-closes, resets,
/// idle clients, and the whole end of a <see cref="LoopRunner"/>.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class KernelReplayTests(string driver)
{
    [Test]
    public void Connections_of_a_runner_are_replayed_in_each_line()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        List<string> recorded = Run(program.Recorder(LoopDrivers.Create(driver)));
        Assert.That(recorded, Has.Some.Contains("client 0 got 40"));
        using LoopReplay replay = program.Open();
        List<string> replayed = [];
        replay.Run(again => replayed = Run(again));
        Assert.That(replayed, Is.EqualTo(recorded));
        Assert.That(replay.HasEnded);
        Assert.That(replay.Shortfall, Is.Null);
    }

    [Test]
    public void Cut_between_any_two_blocks_it_replays_up_to_there()
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        Run(program.Recorder(LoopDrivers.Create(driver)), clients: 20, bytes: 20_000);
        byte[] whole = File.ReadAllBytes(program.Path);
        List<int> ends = EndsOfBlocks(program.Path);
        Assert.That(ends, Has.Count.GreaterThan(4), "the header, several blocks and the end");
        long last = -1;
        foreach (int end in ends)
        {
            foreach (int length in (int[])[end, Math.Min(end + 1, whole.Length)])
            {
                File.WriteAllBytes(program.Path, whole[..length]);
                using LoopReplay replay = program.Open();
                replay.Run(again => Run(again, clients: 20, bytes: 20_000));
                Assert.That(replay.HasEnded, $"cut at {length}");
                Assert.That(replay.Entries, Is.GreaterThanOrEqualTo(last));
                Assert.That(replay.Shortfall is null, Is.EqualTo(length == whole.Length));
                last = replay.Entries;
            }
        }
    }

    [TestCase("/tmp/reactor-{0}.sock")]
    [TestCase("\0reactor-{0}")]
    [Platform("Linux")]
    public void Connections_of_a_unix_socket_are_replayed_in_each_line(string name)
    {
        using var program = new RecordedProgram((_, _) => throw new InvalidOperationException());
        var address = new UnixDomainSocketEndPoint(
            string.Format(CultureInfo.InvariantCulture, name, Guid.NewGuid().ToString("N")));
        for (int seed = 0; seed < 5; seed++)
        {
            int bytes = 40 + (seed * 30_000);
            List<string> recorded = Run(
                program.Recorder(LoopDrivers.Create(driver)), 3 + seed, bytes, address);
            Assert.That(recorded, Has.Some.Contains($"client 0 got {bytes}"));
            Assert.That(recorded, Has.Some.EqualTo(
                $"accepted '' Unix on {address}, a path of {address.Serialize().Size} bytes"));
            using LoopReplay replay = program.Open();
            List<string> replayed = [];
            replay.Run(again => replayed = Run(again, 3 + seed, bytes, address));
            Assert.That(replayed, Is.EqualTo(recorded));
            Assert.That(replay.HasEnded);
        }
    }

    private static List<int> EndsOfBlocks(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        List<int> ends = [];
        int place = RecordingHeader.PrefixBytes;
        while (place < bytes.Length)
        {
            place += LogBlock.FrameBytes + BitConverter.ToInt32(bytes, place + 1);
            ends.Add(place);
        }

        return ends;
    }

    private static List<string> Run(
        LoopDriver driver, int clients = 6, int bytes = 40, EndPoint? address = null)
    {
        var lines = new List<string>();
        using var runner = new LoopRunner(new EventLoopOptions { Driver = driver });
        runner.Run(() => Echo(runner.Loop, lines, clients, bytes, address));
        lines.Add($"turns {runner.Loop.TurnCount}");
        return lines;
    }

    private static async Coroutine Echo(
        EventLoop loop, List<string> lines, int clients, int bytes, EndPoint? address)
    {
        var handler = new EchoHandler(lines);
        LoopServer server = address is null
            ? await loop.StartServer(handler.ServeAsync, "127.0.0.1", port: 0)
            : loop.CreateServer(handler, [address]);
        _ = loop.CreateTask(Idle(server));
        List<LoopTask> tasks = [];
        for (int i = 0; i < clients; i++)
        {
            tasks.Add(loop.CreateTask(Client(loop, lines, server, i, bytes)));
        }

        await EventLoop.WhenAll(tasks);
        server.Close();
    }

    private static async Coroutine Client(
        EventLoop loop, List<string> lines, LoopServer server, int number, int bytes)
    {
        await using Connection connection = await Connection.OpenAsync(server.EndPoints[0]);
        await EventLoop.Delay(TimeSpan.FromMilliseconds(loop.Driver.Random.Next(5)));
        await connection.WriteAsync(Encoding.ASCII.GetBytes(new string('x', bytes)));
        if (number % 3 == 2)
        {
            connection.Abort();
            lines.Add($"{loop.TurnCount} client {number} resets");
            return;
        }

        connection.ShutdownSend();
        byte[] echo = await connection.ReadToEndAsync();
        lines.Add($"{loop.TurnCount} {loop.Time} client {number} got {echo.Length}");
    }

    /// <summary>A client that the end of the runner cancels.</summary>
    private static async Coroutine Idle(LoopServer server)
    {
        await using Connection connection = await Connection.OpenAsync(server.EndPoints[0]);
        await connection.ReadToEndAsync();
    }

    private sealed class EchoHandler(List<string> lines) : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection)
        {
            if (connection.LocalEndPoint is UnixDomainSocketEndPoint local)
            {
                EndPoint? remote = connection.RemoteEndPoint;
                lines.Add($"accepted '{remote}' {remote?.AddressFamily} on {local}, a path of "
                    + $"{local.Serialize().Size} bytes");
            }

            byte[] buffer = new byte[4096];
            while (await connection.ReadAsync(buffer) is > 0 and var count)
            {
                await connection.WriteAsync(buffer.AsMemory(0, count));
            }
        }
    }
}
