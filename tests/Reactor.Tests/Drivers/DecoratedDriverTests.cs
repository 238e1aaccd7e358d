using System.Net;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Drivers;

/// <summary>
/// A driver that decorates another one. The sample <c>counting_driver.cs</c> does the same without
/// access to internals.
/// </summary>
public class DecoratedDriverTests
{
    [TestCase("in-memory")]
    [TestCase("sockets")]
    public void A_loop_runs_on_a_driver_that_decorates_another_one(string name)
    {
        using var driver = new RecordingDriver(
            name == "in-memory" ? new InMemoryDriver() : LoopDrivers.Create(name));
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        byte[] answer = loop.RunUntilComplete(Echo(loop));
        Assert.Multiple(() =>
        {
            Assert.That(driver.Name, Is.EqualTo(name));
            Assert.That(answer, Is.EqualTo("ping"u8.ToArray()));
            Assert.That(driver.Receives, Is.EqualTo(1), "of the server's socket");
            Assert.That(driver.Sends, Is.EqualTo(1), "of the server's socket");
        });
    }

    [Test]
    public void A_decorated_driver_serves_one_loop()
    {
        using var inner = new InMemoryDriver();
        using var loop = new EventLoop(
            new EventLoopOptions { Driver = new RecordingDriver(inner) });
        Assert.That(
            () => new EventLoop(new EventLoopOptions { Driver = new RecordingDriver(inner) }),
            Throws.InvalidOperationException);
    }

    private static async Coroutine<byte[]> Echo(EventLoop loop)
    {
        LoopServer server = await loop.StartServer(
            async connection => await connection.WriteAsync(await connection.ReadExactlyAsync(4)),
            IPAddress.Loopback.ToString(),
            port: 0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        client.Write("ping"u8);
        byte[] answer = await client.ReadExactlyAsync(4);
        client.Close();
        server.Close();
        await server.WaitClosedAsync();
        return answer;
    }
}
