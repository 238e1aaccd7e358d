using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>A server that is full says so, with the numbers, and not for each client.</summary>
public sealed class FullServerLineTests
{
    [Test]
    public void One_line_in_ten_seconds_says_that_the_server_is_full()
    {
        var log = new ListLoggerFactory();
        using var driver = new InMemoryDriver(new InMemoryOptions { Seed = TestSeed.Next() });
        using var loop = new EventLoop(
            new EventLoopOptions { Driver = driver, LoggerFactory = log });
        var handler = new Evicting();
        LoopServer server = loop.CreateServer(
            handler, [SimulatedLoop.AnyPort], new ServerOptions { ConnectionsMax = 2 });
        Connect(2);
        Assert.That(Lines(), Is.Empty, "no client waits");

        Connect(5);
        string full = $"The server on {server.EndPoints[0]} is full: 2 of 2 connections "
            + "(ConnectionsMax) are open. Since the last such line {0} idle ones were closed for "
            + "new clients.";
        Assert.That(Lines(), Is.EqualTo([string.Format(null, full, 1)]));

        RunFor(TimeSpan.FromSeconds(9.9));
        Connect(1);
        Assert.That(Lines().Count(), Is.EqualTo(1));
        RunFor(TimeSpan.FromSeconds(0.1));
        Connect(1);
        Assert.That(Lines().Last(), Is.EqualTo(string.Format(null, full, 6)));
        Assert.That(Lines().Count(), Is.EqualTo(2));
        server.Close();
        server.AbortClients();
        RunFor(TimeSpan.FromSeconds(1));

        void Connect(int count)
        {
            for (int i = 0; i < count; i++)
            {
                driver.ConnectPeer(server.EndPoints[0]);
            }

            RunFor(TimeSpan.FromTicks(1));
        }

        void RunFor(TimeSpan time) => loop.RunUntilComplete(Sleep(time));

        IEnumerable<string> Lines()
        {
            LogQueue.Flush(TimeSpan.FromSeconds(10));
            return log.Messages.Where(line => line.Contains("is full", StringComparison.Ordinal));
        }
    }

    private static async Coroutine Sleep(TimeSpan time) => await EventLoop.Delay(time);

    /// <summary>All its connections count as idle.</summary>
    private sealed class Evicting : IConnectionHandler, IIdleConnections
    {
        public async Coroutine ServeAsync(Connection connection) =>
            await connection.WaitReadableAsync();

        public bool TryCloseIdle(LoopServer server, TimeSpan idleMin)
        {
            server.Connections.First().Close();
            return true;
        }
    }
}
