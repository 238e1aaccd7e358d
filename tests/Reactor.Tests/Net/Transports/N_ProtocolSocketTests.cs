using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Connections in callback style on the real kernel and on a rough network in memory: what the
/// other tests show step by step, here with megabytes and misfortunes.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public class N_ProtocolSocketTests(string driver)
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    [Test]
    public void N10_to_N14_megabytes_go_there_and_back_over_real_sockets()
    {
        byte[] data = new byte[8 * 1024 * 1024];
        new Random(1).NextBytes(data);
        using EventLoop loop = RealLoop(out List<LoopErrorContext> errors);
        byte[] echoed = Run(loop, () => EchoThrough(loop, data));

        Assert.That(echoed.AsSpan().SequenceEqual(data));
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void N10_to_N14_and_over_a_rough_network()
    {
        byte[] data = new byte[500_000];
        new Random(1).NextBytes(data);
        using var world = new SimulatedLoop(new() { Faults = Reactor.Simulation.FaultPlan.Rough });
        byte[] echoed = world.Loop.RunUntilComplete(EchoThrough(world.Loop, data));

        Assert.That(echoed.AsSpan().SequenceEqual(data));
        world.Settle();
        Assert.That(world.Driver.OpenSockets, Is.Zero);
        Assert.That(BlockPool.Of(world.Loop).RentedBlocks, Is.Zero);
    }

    [Test]
    public void N16_a_reset_over_real_sockets_is_connection_lost_with_the_error_and_no_noise()
    {
        using EventLoop loop = RealLoop(out List<LoopErrorContext> errors);
        Promise<Unit> lost = loop.CreateFuture<Unit>();
        var protocol = new StoryProtocol
        {
            On = (_, word) =>
            {
                if (word.StartsWith("lost", StringComparison.Ordinal))
                {
                    lost.SetResult(default);
                }
            },
        };
        Run(loop, async () =>
        {
            LoopServer server = await loop.CreateServer(() => protocol, "127.0.0.1", 0);
            (ITransport transport, _) = await loop.CreateConnection(
                () => new StoryProtocol(), server.EndPoints[0]);
            Assert.That(transport.Descriptor, Is.Not.Null);
            transport.Abort();
            Assert.That(transport.Descriptor, Is.Null);
            Assert.That(transport.LocalEndPoint, Is.Not.Null);
            await lost;
            server.Close();
            return 0;
        });

        Assert.That(protocol.Story, Is.EqualTo($"made lost:{SocketError.ConnectionReset}"));
        Assert.That(errors, Is.Empty);
    }

    private EventLoop RealLoop(out List<LoopErrorContext> errors)
    {
        var list = new List<LoopErrorContext>();
        errors = list;
        return new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Create(driver) })
        {
            ExceptionHandler = (_, error) => list.Add(error),
        };
    }

    private static T Run<T>(EventLoop loop, Func<Coroutine<T>> test)
    {
        loop.CallLater(s_hung, static () => throw new LoopAbortException("The test hangs."));
        return loop.RunUntilComplete(test());
    }

    /// <summary>Sends data to an echoing server, ends the stream, and collects the echo.</summary>
    private static async Coroutine<byte[]> EchoThrough(EventLoop loop, byte[] data)
    {
        LoopServer server = await loop.CreateServer(() => new Echo(), "127.0.0.1", 0);
        Promise<Unit> end = loop.CreateFuture<Unit>();
        (ITransport transport, StoryProtocol client) = await loop.CreateConnection(
            () => new StoryProtocol
            {
                On = (_, word) =>
                {
                    if (word.StartsWith("lost", StringComparison.Ordinal))
                    {
                        end.SetResult(default);
                    }
                },
            },
            server.EndPoints[0]);
        transport.Write(data);
        transport.WriteEof();
        await end;
        Assert.That(client.Error, Is.Null);
        server.Close();
        await server.WaitClosedAsync();
        return client.Data.ToArray();
    }

    /// <summary>Sends back what comes, and reads no more than the peer takes.</summary>
    private sealed class Echo : IProtocol
    {
        private ITransport _transport = null!;

        public void ConnectionMade(ITransport transport) => _transport = transport;

        public void DataReceived(ReadOnlySpan<byte> data) => _transport.Write(data);

        public void PauseWriting() => _transport.PauseReading();

        public void ResumeWriting() => _transport.ResumeReading();
    }
}
