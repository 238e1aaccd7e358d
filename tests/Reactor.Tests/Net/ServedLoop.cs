using System.IO.Pipelines;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// A server on a simulated loop, with peers that a test holds in its hand. At its end everything
/// must be given back: sockets, listeners, tasks and blocks.
/// </summary>
internal sealed class ServedLoop : IDisposable
{
    public ServedLoop(
        Func<Connection, Coroutine> handler,
        InMemoryOptions? options = null,
        ServerOptions? serverOptions = null)
        : this(options, loop => loop.StartServer(handler, "127.0.0.1", 0, serverOptions))
    {
    }

    private ServedLoop(InMemoryOptions? options, Func<EventLoop, Coroutine<LoopServer>> start)
    {
        World = new SimulatedLoop(options) { MayReport = true }; // this class looks itself
        Server = World.Loop.RunUntilComplete(start(World.Loop));
    }

    public SimulatedLoop World { get; }

    public LoopServer Server { get; }

    /// <summary>True for a test that expects the server to report something.</summary>
    public bool MayReport { get; init; }

    public int RentedBlocks => BlockPool.Of(World.Loop).RentedBlocks;

    /// <summary>What the loop reported, in order.</summary>
    public IEnumerable<string> Reports => World.Errors.Select(error => error.Message);

    /// <summary>A server whose connections are protocols.</summary>
    public static ServedLoop OfProtocols(
        Func<IProtocol> factory,
        InMemoryOptions? options = null,
        TransportOptions? transport = null,
        bool mayReport = false) =>
        new(options, loop => loop.CreateServer(factory, "127.0.0.1", 0, null, transport))
        {
            MayReport = mayReport,
        };

    /// <summary>A client; it is connected and accepted when the loop has settled.</summary>
    public InMemoryPeer Connect()
    {
        InMemoryPeer peer = World.Driver.ConnectPeer(Server.EndPoints[0]);
        World.Settle();
        return peer;
    }

    /// <summary>Reads what the peer sends and sends it back, until its end.</summary>
    public static async Coroutine Echo(Connection connection)
    {
        while (true)
        {
            await connection.WaitReadableAsync();
            if (!connection.Input.TryRead(out ReadResult result))
            {
                continue;
            }

            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                part.Span.CopyTo(connection.Output.GetSpan(part.Length));
                connection.Output.Advance(part.Length);
            }

            connection.Input.AdvanceTo(result.Buffer.End);
            await connection.FlushAsync();
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Reads until the peer's end.</summary>
    public static async Coroutine<byte[]> ReadAll(Connection connection)
    {
        var received = new MemoryStream();
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                received.Write(part.Span);
            }

            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return received.ToArray();
            }
        }
    }

    public void Dispose()
    {
        Server.Close();
        Server.AbortClients();
        World.Settle();
        Assert.That(Server.Connections, Is.Empty);
        Assert.That(Server.WaitClosedAsync().IsDone);
        Assert.That(World.Driver.OpenSockets, Is.Zero, "open sockets");
        Assert.That(World.Driver.OpenListeners, Is.Zero, "open listeners");
        Assert.That(World.Loop.AllTasks(), Is.Empty, "unfinished tasks");
        Assert.That(RentedBlocks, Is.Zero, "rented blocks");
        World.Dispose();
        if (!MayReport)
        {
            Assert.That(World.Errors.Select(one => $"{one.Message} {one.Exception}"), Is.Empty);
        }
    }
}
