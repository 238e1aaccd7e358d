using System.Diagnostics;
using Reactor.Diagnostics;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>The outcome of one run.</summary>
/// <param name="Failure">The exception of the scenario or of the end of the test; or null.</param>
/// <param name="End">The virtual time at the end.</param>
/// <param name="Faults">The faults that happened, in order.</param>
/// <param name="Report">
/// What the kit knows of the failure, unless its message says it; or null.
/// </param>
internal sealed record ChaosOutcome(
    Exception? Failure, TimeSpan End, IReadOnlyList<NetworkFault> Faults,
    string? Report)
{
    public bool Fails(Type type) => Failure?.GetType() == type;

    public bool IsLike(ChaosOutcome other) => Failure?.GetType() == other.Failure?.GetType()
        && End == other.End && Faults.SequenceEqual(other.Faults);
}

/// <summary>A run that took too long in real time; where it ended is chance.</summary>
internal sealed class LongRunException(string message) : TimeoutException(message);

/// <summary>
/// Runs a scenario once: with a fresh application, loop and server, in virtual time, and with the
/// leak check of <see cref="TestServer"/>.
/// </summary>
/// <remarks>The test's thread, without a running loop.</remarks>
internal sealed class ChaosRun(
    Func<Application> makeApplication, Func<TestClient, Coroutine> scenario, ChaosOptions options)
{
    /// <summary>
    /// Virtual time for handlers whose client has left. One that goes on for longer than a minute
    /// is a leak.
    /// </summary>
    private static readonly TimeSpan s_settleMax = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_settleStep = TimeSpan.FromMilliseconds(10);

    /// <summary>Virtual time after which a run looks at the real time that it has taken.</summary>
    private static readonly TimeSpan s_lookStep = TimeSpan.FromMinutes(1);

    /// <summary>Real time that a run may take in any case.</summary>
    private static readonly TimeSpan s_runMin = TimeSpan.FromSeconds(1);

    public ChaosOptions Options => options;

    /// <summary>Draws the faults from a seed.</summary>
    public ChaosOutcome Draw(int seed) => Run(options.Server with
    {
        Seed = seed,
        Faults = options.Plan ?? ChaosPlan.Make(seed, options.Kinds),
    });

    /// <summary>Has exactly the faults of a list.</summary>
    public ChaosOutcome Repeat(ChaosRecipe recipe) => Run(options.Server with
    {
        Seed = recipe.Seed,
        Faults = options.Plan ?? FaultPlan.None,
        OnlyFaults = recipe.Faults,
    });

    // All runs alike: the repetitions of a failure have no ambient values, so the first has none.
    private ChaosOutcome Run(TestServerOptions serverOptions) =>
        DetachedContext.Run(() => RunHere(serverOptions));

    private ChaosOutcome RunHere(TestServerOptions serverOptions)
    {
        var faults = new List<NetworkFault>();
        Application application = makeApplication();
        TestServer? server = null;
        Exception? failure = null;
        string? report = null;
        try
        {
            TestServer.Run(
                application,
                client =>
                {
                    server = client.Server;
                    return RunScenario(client);
                },
                serverOptions with
                {
                    FaultTrace = faults.Add,
                    Output = text => report = text,
                });
        }
        catch (Exception error)
        {
            failure = error;
        }

        return new ChaosOutcome(failure, server?.Time ?? default, faults, report);
    }

    private async Coroutine RunScenario(TestClient client)
    {
        LoopTask task = EventLoop.Spawn(scenario(client));
        long begun = Stopwatch.GetTimestamp();
        TimeSpan start = client.Server.Time;
        TimeSpan rest = options.ScenarioTimeMax;
        while (!task.IsDone && rest > TimeSpan.Zero)
        {
            await EventLoop.Wait([task], timeout: rest < s_lookStep ? rest : s_lookStep);
            rest = options.ScenarioTimeMax - (client.Server.Time - start);
            TimeSpan taken = Stopwatch.GetElapsedTime(begun);
            if (!task.IsDone && taken > options.TimeLimit && taken > s_runMin
                && !Debugger.IsAttached)
            {
                task.Cancel();
                throw new LongRunException(
                    $"The scenario did not end within {options.TimeLimit} of real time; it has "
                    + $"come to {client.Server.Time} of virtual time. It waits:\n"
                    + task.FormatCallGraph());
            }
        }

        if (!task.IsDone)
        {
            task.Cancel();
            throw new TimeoutException(
                $"The scenario did not end within {options.ScenarioTimeMax} of virtual time. It "
                + $"waits:\n{task.FormatCallGraph()}");
        }

        await task;
        start = client.Server.Time;
        while (client.Server.IsServing && client.Server.Time - start < s_settleMax)
        {
            await client.AdvanceAsync(s_settleStep);
        }
    }
}
