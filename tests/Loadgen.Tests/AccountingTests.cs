using Reactor;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// The books add up whatever happens: a rough network that resets, and a server that answers,
/// closes, cuts off, babbles or keeps silent as the dice fall. <see cref="LoadWorld.Run"/> holds
/// the sums.
/// </summary>
public class AccountingTests
{
    [Test]
    public void Every_request_is_in_exactly_one_row_under_every_misfortune()
    {
        Random random = TestSeed.NewRandom();
        long errors = 0;
        for (int i = 0; i < 30; i++)
        {
            int seed = random.Next();
            var dice = new Random(seed);
            using var world = new LoadWorld(
                exchange => AnswerSomehow(exchange, dice),
                new InMemoryOptions
                {
                    Seed = seed,
                    WindowBytes = 500, // so that sends have to wait, too
                    Faults = FaultPlan.Rough with { ResetChance = 0.2, ResetBytesMax = 2000 },
                });
            LoadResult result = world.Run(LoadWorld.Plan(3000, plan => plan with
            {
                Connections = 8,
                PipelineDepth = 1 + dice.Next(40),
                WarmUp = TimeSpan.FromMilliseconds(dice.Next(2) * 500),
                Timeout = TimeSpan.FromMilliseconds(800),
                Drain = TimeSpan.FromMilliseconds(dice.Next(500)),
            }));
            errors += result.Measured.Failed;
        }

        Assert.That(errors, Is.Positive);
    }

    [Test]
    public void T7_an_open_loop_counts_every_request_once_under_every_misfortune(
        [Values("Queue", "Open", "Drop")] string onFull)
    {
        Random random = TestSeed.NewRandom();
        long errors = 0;
        for (int i = 0; i < 10; i++)
        {
            int seed = random.Next();
            var dice = new Random(seed);
            using var world = new LoadWorld(
                exchange => AnswerSomehow(exchange, dice),
                new InMemoryOptions
                {
                    Seed = seed,
                    WindowBytes = 500,
                    Faults = FaultPlan.Rough with { ResetChance = 0.2, ResetBytesMax = 2000 },
                });
            LoadResult result = world.Run(LoadWorld.OpenPlan(500, 3000, plan => plan with
            {
                Connections = 4,
                OnFull = Enum.Parse<OnFull>(onFull),
                PipelineDepth = 1 + dice.Next(4),
                RequestsPerConnection = dice.Next(2) == 0 ? null : 1 + dice.Next(50),
                WarmUp = TimeSpan.FromMilliseconds(dice.Next(2) * 500),
                Timeout = TimeSpan.FromMilliseconds(800),
                Drain = TimeSpan.FromMilliseconds(dice.Next(500)),
            }));
            errors += result.Measured.Failed;
            Assert.That(result.Measured.Scheduled, Is.EqualTo(1500), "500/s for 3 s");
        }

        Assert.That(errors, Is.Positive);
    }

    private static async Coroutine AnswerSomehow(LoadWorld.Exchange exchange, Random dice)
    {
        await EventLoop.Delay(TimeSpan.FromMilliseconds(dice.Next(20)));
        switch (dice.Next(40))
        {
            case 0:
                exchange.Connection.Abort();
                break;
            case 1:
                exchange.Connection.Close();
                break;
            case 2:
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                await exchange.SendAsync();
                break;
            case 3:
                await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut");
                exchange.Connection.Close();
                break;
            case 4:
                await exchange.SendAsync("nonsense\r\n\r\n");
                break;
            case 5:
                await exchange.SendAsync(
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                break;
            default:
                await exchange.SendAsync();
                break;
        }
    }
}
