using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Simulation;

/// <summary>
/// The faults that a run drew are a list, and a run with that list is the same run.
/// </summary>
public class FaultListTests
{
    private static readonly FaultPlan s_everything = new()
    {
        DelayMin = TimeSpan.FromMilliseconds(1),
        DelayMax = TimeSpan.FromMilliseconds(20),
        DelayChance = 0.3,
        SplitChance = 0.3,
        ShortSendChance = 0.3,
        ResetChance = 0.2,
        ResetBytesMax = 5000,
        DisconnectChance = 0.1,
        DisconnectDelayMax = TimeSpan.FromMilliseconds(50),
        AcceptErrorChance = 0.2,
        SpuriousReadableChance = 0.2,
    };

    [Test]
    public void The_list_of_the_drawn_faults_repeats_the_run()
    {
        var kinds = new HashSet<FaultKind>();
        for (int i = 0; i < 50; i++)
        {
            int seed = TestSeed.Next();
            (List<string> trace, List<NetworkFault> drawn) = Run(new() { Seed = seed });
            (List<string> again, List<NetworkFault> listed) = Run(new()
            {
                Seed = seed,
                OnlyFaults = [.. drawn.Select(one => one.Fault)],
            });

            Assert.That(again, Is.EqualTo(trace));
            Assert.That(listed, Is.EqualTo(drawn));
            kinds.UnionWith(drawn.Select(one => one.Fault.Kind));
        }

        Assert.That(kinds, Is.EquivalentTo(Enum.GetValues<FaultKind>()));
    }

    [Test]
    public void With_an_empty_list_nothing_happens_but_the_least_delay()
    {
        (List<string> trace, List<NetworkFault> faults) = Run(new() { OnlyFaults = [] });

        Assert.That(faults, Is.Empty);
        Assert.That(trace, Is.EqualTo(Run(
            new() { Faults = new FaultPlan { DelayMin = s_everything.DelayMin } }).Trace));
    }

    [Test]
    public void Only_the_listed_faults_happen()
    {
        Fault[] list =
        [
            new(FaultKind.Delay, 1, 50_000), new(FaultKind.Split, 2, 3),
            new(FaultKind.Reset, 3, 9),
        ];
        List<NetworkFault> faults = Run(new() { OnlyFaults = list }).Faults;

        Assert.That(faults.Select(one => one.Fault), Is.EquivalentTo(list));
    }

    [Test]
    public void A_listed_fault_that_does_not_fit_its_opportunity_does_not_happen()
    {
        List<NetworkFault> faults = Run(new()
        {
            OnlyFaults =
            [
                new(FaultKind.Delay, 100_000, 1), new(FaultKind.Split, 1, 100_000),
                new(FaultKind.Short, 1, 0), new(FaultKind.Reset, 1, 1_000_000),
            ],
        }).Faults;

        Assert.That(faults, Is.Empty);
    }

    [TestCase(0, 1)]
    [TestCase(1, -1)]
    public void A_list_of_impossible_faults_is_refused(int opportunity, int amount) => Assert.That(
        () => new InMemoryDriver(
            new() { OnlyFaults = [new(FaultKind.Delay, opportunity, amount)] }),
        Throws.ArgumentException);

    [Test]
    public void A_client_that_leaves_is_seen_by_both_ends_at_that_moment()
    {
        var faults = new List<NetworkFault>();
        using var world = new SimulatedLoop(new()
        {
            OnlyFaults = [new(FaultKind.Disconnect, 2, TimeSpan.FromMilliseconds(30).Ticks)],
            FaultTrace = faults.Add,
        });
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer peer = world.Driver.ConnectPeer(listener.LocalEndPoint);
        peer.Send(new byte[5]);
        world.Settle();
        peer.Send(new byte[7]);
        DriverSocket socket = listener.Accept().Socket!;
        world.RunFor(TimeSpan.FromMilliseconds(30) - TimeSpan.FromTicks(1));
        bool isResetEarly = peer.IsReset;
        SocketError early = socket.GetFailure();
        world.Settle();

        Assert.That((isResetEarly, early), Is.EqualTo((false, SocketError.Success)));
        Assert.That(peer.IsReset);
        Assert.That(socket.GetFailure(), Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(faults.Single().ToString(), Does.EndWith(
            "s: connection 1: the client leaves, 30 ms after it sent 7 bytes"));
        socket.Close(reset: true);
        listener.Close();
    }

    [Test]
    public void A_client_that_would_leave_after_its_end_is_no_pending_event()
    {
        var faults = new List<NetworkFault>();
        using var world = new SimulatedLoop(new()
        {
            OnlyFaults = [new(FaultKind.Disconnect, 1, TimeSpan.FromMilliseconds(30).Ticks)],
            FaultTrace = faults.Add,
        });
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer peer = world.Driver.ConnectPeer(listener.LocalEndPoint);
        peer.Send(new byte[5]);
        world.RunFor(TimeSpan.FromMilliseconds(10));
        int planned = world.Driver.PendingEvents;
        listener.Accept().Socket!.Close(reset: true);
        peer.Close();
        listener.Close();
        world.Settle();

        Assert.That(planned, Is.EqualTo(1));
        Assert.That(world.Driver.PendingEvents, Is.Zero);
        Assert.That(faults, Is.Empty);
    }

    [Test]
    public void A_fault_says_what_happened_to_which_connection_and_when()
    {
        var words = new List<string>();
        using var world = new SimulatedLoop(new()
        {
            OnlyFaults =
            [
                new(FaultKind.Delay, 1, 100_000), new(FaultKind.Delay, 2, 15_000),
                new(FaultKind.Split, 1, 17), new(FaultKind.Reset, 1, 120),
            ],
            FaultTrace = fault => words.Add(fault.ToString()),
        });
        DriverListener listener = world.Driver.Listen(SimulatedLoop.AnyPort, new());
        InMemoryPeer peer = world.Driver.ConnectPeer(listener.LocalEndPoint);
        peer.Send(new byte[100]);
        peer.Send(new byte[100]);
        world.RunFor(TimeSpan.FromSeconds(1));
        listener.Close();

        Assert.That(words, Is.EqualTo(new[]
        {
            "0 s: connection 1: the connect arrives 10 ms later",
            "0.01 s: connection 1: 100 bytes to the server arrive in pieces, first 17",
            "0.01 s: connection 1: 17 bytes to the server arrive 1.5 ms later",
            "0.01 s: connection 1: reset after 120 bytes from the client",
        }));
    }

    [Test]
    public void The_text_of_each_fault_is_read_back()
    {
        var random = new Random(TestSeed.Next());
        SocketError[] errors = Enum.GetValues<SocketError>();
        for (int i = 0; i < 2000; i++)
        {
            FaultKind kind = (FaultKind)random.Next(Enum.GetValues<FaultKind>().Length);
            long amount = kind == FaultKind.Accept
                ? (long)errors[random.Next(errors.Length)]
                : random.NextInt64(1L << random.Next(1, 60));
            var fault = new Fault(kind, random.Next(1, int.MaxValue), amount);

            Assert.That(Fault.Parse(fault.ToString()), Is.EqualTo(fault));
        }
    }

    [TestCase("delay@5=20ms", FaultKind.Delay, 5, 200_000)]
    [TestCase("delay@1=0.0001ms", FaultKind.Delay, 1, 1)]
    [TestCase("Split@3=17", FaultKind.Split, 3, 17)]
    [TestCase("reset@9=120", FaultKind.Reset, 9, 120)]
    [TestCase("accept@2=ConnectionAborted", FaultKind.Accept, 2, 10053)]
    public void A_text_is_a_fault(string text, FaultKind kind, int opportunity, long amount) =>
        Assert.That(Fault.Parse(text), Is.EqualTo(new Fault(kind, opportunity, amount)));

    [TestCase("")]
    [TestCase("delay")]
    [TestCase("delay@5")]
    [TestCase("delay=5@20ms")]
    [TestCase("delay@5=20")]
    [TestCase("delay@5=ms")]
    [TestCase("delay@5=-20ms")]
    [TestCase("delay@0=20ms")]
    [TestCase("delay@5=99999999999999999ms")]
    [TestCase("late@5=20ms")]
    [TestCase("1@5=20ms")]
    [TestCase("reset@9=120ms")]
    [TestCase("reset@9=1=2")]
    [TestCase("reset@99999999999=1")]
    [TestCase("accept@1=Lost")]
    public void Another_text_is_refused(string text)
    {
        Assert.That(Fault.TryParse(text, out _), Is.False);
        Assert.That(
            () => Fault.Parse(text),
            Throws.TypeOf<FormatException>().With.Message.Contains($"'{text}'")
                .And.Message.Contains("delay@5=20ms"));
    }

    /// <summary>Serves an echo to some peers under all faults, in lock step.</summary>
    private static (List<string> Trace, List<NetworkFault> Faults) Run(InMemoryOptions options)
    {
        var lines = new List<string>();
        var faults = new List<NetworkFault>();
        options = options with
        {
            Faults = options.Faults == FaultPlan.None ? s_everything : options.Faults,
            FaultTrace = faults.Add,
            Trace = one => lines.Add(one.ToString()),
        };
        using (var served = new ServedLoop(ServedLoop.Echo, options) { MayReport = true })
        {
            for (int i = 0; i < 5; i++)
            {
                InMemoryPeer peer = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
                for (int bytes = 1; bytes < 2000; bytes *= 7)
                {
                    peer.Send(new byte[bytes]);
                    served.World.RunFor(TimeSpan.FromMilliseconds(7));
                }

                peer.SendEnd();
            }

            served.World.RunFor(TimeSpan.FromMinutes(1));
        }

        return (lines, faults);
    }
}
