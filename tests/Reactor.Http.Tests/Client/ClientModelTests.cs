using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Random scenarios of a whole session against servers that the tests play: whatever servers,
/// network and callers do, each response is the one of its request, each call ends in its time with
/// a cause, no bound is exceeded and no slot lost, no request is sent once too often, nothing is
/// left, and a seed repeats its run.
/// </summary>
/// <remarks>
/// A failure prints its seed: REACTOR_TEST_SEED with it repeats the run as the first one.
/// REACTOR_RUNS sets the number of scenarios for each weather.
/// </remarks>
public sealed class ClientModelTests
{
    /// <summary>Each so many-th scenario runs twice.</summary>
    private const int RunsPerReplay = 5;

    private static readonly int s_runs = TestRuns.Or(60);

    [Test]
    public void Whatever_happens_the_client_keeps_its_promises([Values] Weather weather)
    {
        int first = TestSeed.Next();
        int whole = 0;
        for (int i = 0; i < s_runs; i++)
        {
            int seed = unchecked(first + i) & int.MaxValue;
            ModelRecord record = Run(weather, seed);
            whole += record.Whole;
            if (i % RunsPerReplay == 0)
            {
                Assert.That(Run(weather, seed).Events, Is.EqualTo(record.Events));
            }
        }

        Assert.That(whole, Is.GreaterThan(s_runs * 5), "responses that were read whole");
    }

    private static ModelRecord Run(Weather weather, int seed)
    {
        using var world = new ModelWorld(ModelScenario.Draw(weather, seed));
        try
        {
            world.Run();
        }
        catch (Exception error)
        {
            world.Record.Violate(error.ToString());
        }

        if (world.Record.Violations is [var wrong, ..])
        {
            TestContext.Out.WriteLine(string.Join('\n', world.Record.Events));
            Assert.Fail($"REACTOR_TEST_SEED={seed} ({weather}): {wrong}");
        }

        return world.Record;
    }
}
