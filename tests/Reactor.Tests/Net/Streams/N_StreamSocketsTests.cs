using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Some of the statements N on the real kernel, over the loopback: what a driver in memory cannot
/// prove.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class N_StreamSocketsTests(string driver)
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private static int Descriptors =>
        Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    [Test]
    public void N08_a_socket_that_was_bound_elsewhere_is_served_and_closed_with_the_server() =>
        Run(async loop =>
        {
            var socket = new Socket(
                AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            Assert.That(
                () => loop.CreateServer(new Shout(), socket), Throws.ArgumentException);
            socket.Bind(SimulatedLoop.AnyPort);
            socket.Listen();
            LoopServer server = loop.CreateServer(new Shout(), socket);
            Assert.That(server.EndPoints, Is.EqualTo([socket.LocalEndPoint]));
            EndPoint address = server.EndPoints[0];

            Assert.That(
                await Ask(await Connection.OpenAsync(address), "hello\n"), Is.EqualTo("HELLO\n"));
            server.Close();
            await server.WaitClosedAsync();
            Assert.That(() => socket.Accept(), Throws.InstanceOf<ObjectDisposedException>());
        });

    [Test]
    public void N08_both_families_can_be_served_at_one_port() => Run(async loop =>
    {
        Skip.Unless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        LoopServer first = await loop.CreateServer(new Shout(), "127.0.0.1", 0);
        int port = ((IPEndPoint)first.EndPoints[0]).Port;
        LoopServer second = await loop.CreateServer(new Shout(), ["::1", "127.0.0.2"], port);
        foreach (string host in new[] { "127.0.0.1", "::1", "127.0.0.2", "localhost" })
        {
            Assert.That(
                await Ask(await Connection.OpenAsync(host, port), "over\n"),
                Is.EqualTo("OVER\n"),
                host);
        }

        first.Close();
        second.Close();
        await first.WaitClosedAsync();
        await second.WaitClosedAsync();
    });

    [Test]
    public void N22_what_fails_leaves_no_socket_and_a_name_is_reached_by_whichever_address_answers()
        => Run(async loop =>
        {
            LoopServer server = await loop.CreateServer(new Shout(), "127.0.0.1", 0);
            int port = ((IPEndPoint)server.EndPoints[0]).Port;
            int before = Descriptors;
            for (int i = 0; i < 20; i++)
            {
                ConnectException? error = await N_StreamReadTests.Catch<ConnectException>(
                    async () => await Connection.OpenAsync(
                        [new IPEndPoint(IPAddress.Parse("127.0.0.3"), port),
                            new IPEndPoint(IPAddress.IPv6Loopback, port)]));
                Assert.That(error?.Causes, Has.Count.EqualTo(2));
                Assert.That(
                    await Ask(await Connection.OpenAsync("localhost", port), "x\n"),
                    Is.EqualTo("X\n"));
            }

            Assert.That(Descriptors, Is.LessThan(before + 20));
            server.Close();
            await server.WaitClosedAsync();
        });

    [Test]
    public void N22_an_own_address_that_cannot_be_had_is_an_error_of_the_connect() =>
        Run(async loop =>
        {
            LoopServer server = await loop.CreateServer(new Shout(), "127.0.0.1", 0);

            // TEST-NET-1 of RFC 5737 is nobody's.
            var options = new ConnectOptions
            {
                LocalEndPoint = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 0),
            };
            SocketException? error = await N_StreamReadTests.Catch<SocketException>(
                async () => await Connection.OpenAsync(server.EndPoints[0], options));

            Assert.That(error?.SocketErrorCode, Is.EqualTo(SocketError.AddressNotAvailable));
            server.Close();
        });

    [Test]
    public void N19_and_N20_ten_megabytes_are_written_drained_and_closed() => Run(async loop =>
    {
        byte[] data = new byte[10_000_000];
        new Random(20).NextBytes(data);
        LoopServer server = await loop.StartServer(
            async connection =>
            {
                for (int at = 0; at < data.Length; at += 100_000)
                {
                    await connection.WriteAsync(data.AsMemory(at, 100_000));
                    Assert.That(
                        connection.Output.UnflushedBytes,
                        Is.LessThanOrEqualTo(connection.StreamOptions.WriteBufferHighBytes));
                }
            },
            "127.0.0.1",
            0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        byte[] read = await client.ReadToEndAsync();

        Assert.That(read.AsSpan().SequenceEqual(data));
        await client.CloseAsync();
        server.Close();
        await server.WaitClosedAsync();
    });

    private void Run(Func<EventLoop, Coroutine> test)
    {
        var errors = new List<LoopErrorContext>();
        using var loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Create(driver) })
        {
            ExceptionHandler = (_, error) => errors.Add(error),
        };
        TimerHandle guard = loop.CallLater(
            s_hung, static () => throw new LoopAbortException("The test hangs."));
        loop.RunUntilComplete(test(loop));
        guard.Cancel();
        Assert.That(errors.Select(error => $"{error.Message} {error.Exception}"), Is.Empty);
    }

    private static async Coroutine<string> Ask(Connection connection, string line)
    {
        await connection.WriteAsync(StreamCuts.Bytes(line));
        string answer = StreamCuts.Text(await connection.ReadLineAsync());
        await connection.CloseAsync();
        return answer;
    }

    private sealed class Shout : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection)
        {
            while (await connection.ReadLineAsync() is { Length: > 0 } line)
            {
                connection.Write(StreamCuts.Bytes(StreamCuts.Text(line).ToUpperInvariant()));
                await connection.DrainAsync();
            }
        }
    }
}
