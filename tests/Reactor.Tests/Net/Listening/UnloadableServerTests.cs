using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// Connection handlers and protocols that the runtime cannot compile: their connection ends with a
/// report, and the server accepts the next one.
/// </summary>
public class UnloadableServerTests
{
    private const string Members = """
        public sealed class Handler : IConnectionHandler
        {
            public Coroutine ServeAsync(Connection connection)
            {
                Lib.Part.Use();
                return default;
            }

            public override string ToString() { Lib.Part.Use(); return ""; }
        }

        public sealed class CoroutineHandler : IConnectionHandler
        {
            public async Coroutine ServeAsync(Connection connection)
            {
                await connection.WaitReadableAsync();
                Lib.Part.Use();
            }
        }

        public sealed class Made : IProtocol
        {
            public void ConnectionMade(ITransport transport) => Lib.Part.Use();
        }

        public sealed class Received : IProtocol
        {
            public void DataReceived(ReadOnlySpan<byte> data) => Lib.Part.Use();
        }

        public sealed class Ended : IProtocol
        {
            public bool EofReceived() { Lib.Part.Use(); return false; }
        }

        public sealed class Lost : IProtocol
        {
            public void ConnectionLost(Exception? error) => Lib.Part.Use();
        }
        """;

    [TestCase("Handler")]
    [TestCase("CoroutineHandler")]
    public void A_connection_handler_that_cannot_be_compiled_ends_its_connection(string name)
    {
        using var code = new UnloadableCode(Missing.Assembly, Members);
        using var world = new SimulatedLoop { MayReport = true };
        LoopServer server = world.Loop.CreateServer(
            code.Make<IConnectionHandler>(name), [SimulatedLoop.AnyPort]);

        for (int i = 1; i <= 2; i++)
        {
            InMemoryPeer peer = world.Driver.ConnectPeer(server.EndPoints[0]);
            world.Settle();
            Assert.That(peer.IsReset);
            Assert.That(world.Errors, Has.Count.EqualTo(i));
            Assert.That(world.Errors[^1].Exception, Is.TypeOf<FileNotFoundException>());
        }

        server.Close();
        Assert.That(server.Connections, Is.Empty);
    }

    [TestCase("Made")]
    [TestCase("Received")]
    [TestCase("Ended")]
    [TestCase("Lost")]
    public void A_protocol_that_cannot_be_compiled_ends_its_connection(string name)
    {
        using var code = new UnloadableCode(Missing.Assembly, Members);
        using var served = ServedLoop.OfProtocols(
            () => code.Make<IProtocol>(name), mayReport: true);

        for (int i = 1; i <= 2; i++)
        {
            InMemoryPeer peer = served.Connect();
            peer.Send("x"u8);
            served.World.Settle();
            peer.SendEnd();
            served.World.Settle();
            Assert.That(served.Server.Connections, Is.Empty);
            Assert.That(served.World.Errors, Has.Count.EqualTo(i));
            Assert.That(
                served.World.Errors[^1].Exception, Is.TypeOf<FileNotFoundException>());
        }
    }
}
