using System.Buffers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// A connection that is aborted in the very turn in which its send ends: the send's task finds
/// nothing left of what it sent.
/// </summary>
public class AbortDuringSendTests
{
    [Test]
    public void An_abort_between_the_end_of_a_send_and_its_task_leaves_nothing_to_do()
    {
        using var world = new SimulatedLoop(new InMemoryOptions { WindowBytes = 1000 });
        LoopServer server = world.Loop.CreateServer(new Sender(), [SimulatedLoop.AnyPort]);
        InMemoryPeer peer = world.Driver.ConnectPeer(server.EndPoints[0]);
        peer.IsReading = false;
        world.Settle();

        world.Run(async () =>
        {
            peer.IsReading = true; // ends the send in the next poll …
            world.Loop.CallSoon(server.AbortClients); // … and this runs before the send's task
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        });

        Assert.That(server.Connections, Is.Empty);
        Assert.That(BlockPool.Of(world.Loop).RentedBlocks, Is.Zero);
        server.Close();
        world.Settle();
    }

    private sealed class Sender : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection)
        {
            connection.Output.Write(new byte[1500]);
            await connection.FlushAsync();
        }
    }
}
