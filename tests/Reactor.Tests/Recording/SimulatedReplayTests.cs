using System.Net;
using System.Net.Sockets;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// Random programs on the in-memory driver with faults: a recording does not change the run, and a
/// replay repeats it in each turn, reading of the clock, sent byte and message.
/// </summary>
public sealed class SimulatedReplayTests
{
    [Test]
    public void Random_programs_with_faults_are_replayed_exactly() => ReplayAll(100);

    [Test]
    [Category("Slow")]
    public void A_thousand_random_programs_with_faults_are_replayed_exactly() => ReplayAll(1000);

    [Test]
    public void A_recording_replays_with_other_instruments_and_in_debug_mode(
        [Values] bool isObservedWhenRecorded, [Values] bool isDebugWhenRecorded) => ForSeeds(
        20, seed =>
        {
            using var program = new RecordedProgram(
                (loop, lines) => new Program(loop, lines, seed).Run());
            Watch(program, isObservedWhenRecorded, isDebugWhenRecorded);
            var recorded = program.Record(Network(seed));
            foreach (bool isObserved in (bool[])[false, true])
            {
                foreach (bool isDebug in (bool[])[false, true])
                {
                    Watch(program, isObserved, isDebug);
                    program.Replay().AssertSame(recorded);
                }
            }
        });

    private static void Watch(RecordedProgram program, bool isObserved, bool isDebug)
    {
        program.Options = program.Options with { Debug = isDebug };
        program.Prepare = isObserved ? loop => TraceInstrument.Attach(loop) : _ => { };
    }

    private static void ReplayAll(int count) => ForSeeds(count, ReplayOne);

    private static void ForSeeds(int count, Action<int> test)
    {
        int first = TestSeed.Next();
        for (int i = 0; i < count; i++)
        {
            int seed = unchecked(first + i) & int.MaxValue;
            try
            {
                test(seed);
            }
            catch (Exception error)
            {
                TestContext.Out.WriteLine($"REACTOR_TEST_SEED={seed} {error}");
                throw;
            }
        }
    }

    private static void ReplayOne(int seed)
    {
        using var program = new RecordedProgram(
            (loop, lines) => new Program(loop, lines, seed).Run())
        {
            Options = new EventLoopOptions { PollSkipsMax = seed % 5 },
        };
        var recorded = program.Record(Network(seed));
        if (!Program.UsesThreads(seed))
        {
            recorded.AssertSame(program.Run(Network(seed)));
        }

        program.Replay().AssertSame(recorded);
    }

    private static InMemoryDriver Network(int seed)
    {
        var dice = new Random(seed);
        return new InMemoryDriver(new InMemoryOptions
        {
            Seed = seed,
            SendBufferBytes = dice.Next(3) == 0 ? 64 : 64 * 1024,
            Faults = FaultPlan.Rough with
            {
                ResetChance = dice.NextDouble() * 0.3,
                ResetBytesMax = 2000,
                AcceptErrorChance = dice.NextDouble() * 0.2,
                SpuriousReadableChance = dice.NextDouble() * 0.3,
            },
        });
    }

    /// <summary>
    /// A server and clients on one loop, with timers, cancellations, executors and random numbers.
    /// </summary>
    private sealed class Program(EventLoop loop, List<string> lines, int seed)
    {
        private readonly Random _plan = new(seed);

        /// <summary>True if the turns depend on another thread.</summary>
        public static bool UsesThreads(int seed) => seed % 3 == 0;

        public async Coroutine Run()
        {
            LoopServer server = await loop.StartServer(Serve, "127.0.0.1", port: 0);
            Note($"listens on {server.EndPoints[0]} at {loop.TimeProvider.GetUtcNow():O}");
            int count = _plan.Next(1, 6);
            List<LoopTask> clients = [];
            for (int i = 0; i < count; i++)
            {
                clients.Add(loop.CreateTask(Client(i, server.EndPoints[0])));
            }

            loop.CallLater(TimeSpan.FromMilliseconds(_plan.Next(200)), () => Note("timer"));
            if (UsesThreads(seed))
            {
                int answer = await loop.RunInExecutor(() => 42);
                Note($"executor {answer}");
            }

            foreach (LoopTask client in clients)
            {
                try
                {
                    await client;
                }
                catch (Exception error) when (error is IOException or SocketException
                    or OperationCanceledException)
                {
                    Note($"client failed: {error.GetType().Name} {error.Message}");
                }
            }

            server.Close();
            await server.WaitClosedAsync();
            Note("done");
        }

        private async Coroutine Client(int number, EndPoint endPoint)
        {
            await using Connection connection = await Connection.OpenAsync(endPoint);
            Note($"client {number} {connection.LocalEndPoint}");
            int rounds = _plan.Next(1, 8);
            for (int i = 0; i < rounds; i++)
            {
                byte[] data = new byte[loop.Driver.Random.Next(1, 3000)];
                loop.Driver.Random.NextBytes(data);
                data[^1] = (byte)'\n';
                await connection.WriteAsync(data);
                if (_plan.Next(6) == 0)
                {
                    connection.Abort();
                    Note($"client {number} aborts");
                    return;
                }

                Note($"client {number} got {(await connection.ReadExactlyAsync(4)).Length}");
                await EventLoop.Delay(TimeSpan.FromMilliseconds(loop.Driver.Random.Next(20)));
            }
        }

        private async Coroutine Serve(Connection connection)
        {
            byte[] buffer = new byte[700];
            int left = 0;
            while (await connection.ReadAsync(buffer) is > 0 and var count)
            {
                left += count;
                Note($"{connection.RemoteEndPoint} {count}");
                for (int i = 0; i < buffer.AsSpan(0, count).Count((byte)'\n'); i++)
                {
                    await connection.WriteAsync("line"u8.ToArray());
                }
            }

            Note($"served {left}");
        }

        private void Note(string line) => lines.Add($"{loop.TurnCount} {loop.Time} {line}");
    }
}
