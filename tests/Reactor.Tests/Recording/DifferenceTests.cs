using System.Collections.Immutable;
using System.Text;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// Planted nondeterminism is found at the first call of the driver that it changes, and the report
/// names the line, both sides and the usual causes.
/// </summary>
public sealed class DifferenceTests
{
    [Test]
    public void The_wall_clock_of_the_process_is_found_in_what_is_sent() => AssertFound(
        async (_, connection) =>
        {
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"{DateTime.Now.Ticks:D20}\n"));
        },
        requested: "a send of 21 bytes of socket",
        recorded: "a send of 21 bytes of socket");

    [Test]
    public void Random_numbers_of_the_process_are_found_in_a_timer() => AssertFound(
        async (_, _) =>
        {
            await EventLoop.Delay(TimeSpan.FromTicks(Random.Shared.NextInt64(1 << 40)));
        },
        requested: "a poll until",
        recorded: "a poll until");

    [Test]
    public void The_order_of_a_set_with_other_hash_codes_is_found() => AssertFound(
        async (_, connection) =>
        {
            // The hash codes of strings differ between processes; here between runs.
            var codes = new HashCodes(Guid.NewGuid().GetHashCode());
            ImmutableHashSet<string> set = ImmutableHashSet.CreateRange(
                codes, Enumerable.Range(0, 100).Select(i => $"{i:D3}"));
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"{string.Concat(set)}\n"));
        },
        requested: "a send of 301 bytes of socket",
        recorded: "a send of 301 bytes of socket");

    [Test]
    public void The_order_of_a_set_of_strings_is_found_in_another_process()
    {
        string path = Path.Combine(
            TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.reactor");
        try
        {
            using ChildProcess recorder = SignalProcess.Start(
                "record", $"REACTOR_TEST_FILE={path}");
            Assert.That(recorder.Finish().ExitCode, Is.Zero);
            using ChildProcess replay = SignalProcess.Start("replay", $"REACTOR_TEST_FILE={path}");
            string[] lines = replay.Finish().Output.Split('\n');
            Assert.That(lines[0], Does.StartWith("a send of 301 bytes of socket"));
            Assert.That(lines[1], Does.StartWith("a send of 301 bytes of socket"));
            Assert.That(lines[2], Does.Match(@"SetOrder\.cs:\d+"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Another_request_of_the_driver_is_found()
    {
        int run = 0;
        AssertFound(
            async (loop, _) =>
            {
                if (run++ > 0)
                {
                    loop.Driver.Random.Next(10);
                }
            },
            requested: "a random number from 0 to below 10",
            recorded: "a send of 4 bytes of socket");
    }

    [Test]
    public void A_program_that_ends_earlier_is_found()
    {
        int run = 0;
        using var program = new RecordedProgram(async (_, _) =>
        {
            for (int i = run++; i < 2; i++)
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }
        });
        program.Record(new InMemoryDriver());
        LoopReplayException difference = program.ReplayDiffers();
        Assert.That(difference.Turn, Is.GreaterThan(1));
    }

    [Test]
    public void A_program_that_catches_the_difference_is_stopped_nevertheless()
    {
        int run = 0;
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            try
            {
                if (run++ > 0)
                {
                    loop.Driver.Random.Next();
                }
            }
            catch (Exception)
            {
                lines.Add("caught");
            }

            await EventLoop.Delay(TimeSpan.FromSeconds(1));
        });
        program.Record(new InMemoryDriver());
        Assert.That(program.ReplayDiffers().Requested, Does.Contain("random"));
    }

    [Test]
    public void Another_option_of_the_poll_is_named()
    {
        using var program = new RecordedProgram(async (_, _) => await EventLoop.Yield());
        program.Record(new InMemoryDriver());
        using LoopReplay replay = program.Open();
        Assert.That(
            () => new EventLoop(new EventLoopOptions
            {
                Driver = replay,
                PollSkipsMax = 7,
                PollMax = TimeSpan.FromSeconds(9),
            }),
            Throws.TypeOf<RecordingException>().With.Message.EqualTo(
                "The loop polls with other options than the recorded one, so it cannot replay it: "
                + "PollSkipsMax is 7, recorded was 32, PollMax is 00:00:09, recorded was "
                + "1.00:00:00."));
    }

    /// <summary>Runs a step of a connection twice, which must differ.</summary>
    private static void AssertFound(
        Func<EventLoop, Connection, Coroutine> step, string requested, string recorded)
    {
        using var program = new RecordedProgram(async (loop, lines) =>
        {
            LoopServer server = await loop.StartServer(
                async connection =>
                {
                    await step(loop, connection);
                    await connection.WriteAsync("end\n"u8.ToArray());
                },
                "127.0.0.1",
                port: 0);
            Connection client = await Connection.OpenAsync(server.EndPoints[0]);
            byte[] line = await client.ReadLineAsync();
            lines.Add($"{line.Length}");
            client.Close();
            server.Close();
            await server.WaitClosedAsync();
        });
        program.Record(new InMemoryDriver(new InMemoryOptions { Seed = 1 }));
        LoopReplayException difference = program.ReplayDiffers();
        Assert.Multiple(() =>
        {
            Assert.That(difference.Requested, Does.StartWith(requested));
            Assert.That(difference.Recorded, Does.StartWith(recorded));
            Assert.That(difference.Entry, Is.GreaterThan(1));
            Assert.That(difference.Turn, Is.GreaterThan(1));
            Assert.That(difference.Message, Does.Contain("Usual causes: DateTime.Now"));
        });
        Assert.That(difference.Work, Does.Match(@"DifferenceTests\.cs:\d+"));
    }

    private sealed class HashCodes(int seed) : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x == y;

        public int GetHashCode(string text) =>
            HashCode.Combine(seed, text[0], text[1], text[2]);
    }
}
