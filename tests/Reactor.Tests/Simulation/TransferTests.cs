using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Simulation;

/// <summary>
/// One transfer, on one loop at both ends, under many plans: no byte is lost, doubled or out of
/// order, and one seed gives one course of events.
/// </summary>
public class TransferTests
{
    [Test]
    public void Random_delays_keep_the_order_of_the_stream()
    {
        byte[] received = RunTransfer(
            new FaultPlan { DelayMax = TimeSpan.FromSeconds(1) }, writes: 200, out _);

        Assert.That(received, Is.EqualTo(Numbers(200)));
    }

    [Test]
    public void A_send_of_everything_survives_short_sends()
    {
        byte[] received =
            RunTransfer(new FaultPlan { ShortSendChance = 0.9 }, writes: 50, out _);

        Assert.That(received, Is.EqualTo(Numbers(50)));
    }

    [Test]
    public void Under_a_rough_plan_every_byte_arrives_once_and_in_order()
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] received = RunTransfer(FaultPlan.Rough, writes: 100, out _);
            Assert.That(received, Is.EqualTo(Numbers(100)));
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_course_of_events()
    {
        int seed = TestSeed.Next();
        RunTransfer(FaultPlan.Rough, writes: 100, out List<string> first, seed);
        RunTransfer(FaultPlan.Rough, writes: 100, out List<string> second, seed);
        RunTransfer(FaultPlan.Rough, writes: 100, out List<string> other, seed + 1);

        Assert.That(first, Has.Count.GreaterThan(100));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void What_the_application_draws_does_not_change_what_the_network_does()
    {
        int seed = TestSeed.Next();
        RunTransfer(FaultPlan.Rough, writes: 50, out List<string> quiet, seed);
        RunTransfer(FaultPlan.Rough, writes: 50, out List<string> drawing, seed, draws: 3);

        Assert.That(drawing, Is.EqualTo(quiet));
    }

    private static byte[] Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    /// <summary>Sends the numbers 0, 1, 2 … a byte at a write, on a loop at both ends.</summary>
    private static byte[] RunTransfer(
        FaultPlan plan, int writes, out List<string> trace, int? seed = null, int draws = 0)
    {
        var lines = new List<string>();
        var received = new List<byte>();
        using var world = new SimulatedLoop(
            new() { Faults = plan, Seed = seed, Trace = one => lines.Add(one.ToString()) });
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        for (int i = 0; i < draws; i++)
        {
            world.Driver.Random.Next();
        }

        world.Run(async () =>
        {
            LoopTask server = EventLoop.Spawn(ReceiveAll(listener, received));
            DriverConnect connect = world.Driver.Connect(listener.LocalEndPoint);
            await new OperationAwaitable(connect);
            for (int i = 0; i < writes; i++)
            {
                await connect.Socket.SendAllAsync(new[] { (byte)i });
            }

            connect.Socket.ShutdownSend();
            await server;
            connect.Socket.Close(reset: false);
        });
        listener.Close();
        Assert.That(world.Driver.OpenSockets, Is.Zero);
        trace = lines;
        return [.. received];
    }

    private static async Coroutine ReceiveAll(DriverListener listener, List<byte> received)
    {
        AcceptResult accepted;
        do
        {
            await listener.WaitAcceptableAsync();
            accepted = listener.Accept();
        }
        while (accepted.Error == SocketError.WouldBlock);
        DriverSocket socket = accepted.Socket!;
        byte[] buffer = new byte[7];
        while (true)
        {
            IoResult result = socket.Receive(buffer);
            received.AddRange(buffer[..result.Bytes]);
            if (result is { IsSuccess: true, Bytes: 0 })
            {
                break;
            }

            if (result.IsNotNow)
            {
                await socket.WaitReadableAsync();
            }
        }

        socket.Close(reset: false);
    }
}
