using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace Reactor.Http.Testing;

/// <summary>
/// Runs a scenario in virtual time with many seeds, each with other faults of the network, until
/// one fails; then shrinks the faults to the few that matter.
/// </summary>
/// <remarks>
/// <para>
/// Explored is what the network does: delays, which also change the order in which tasks run, split
/// writes, resets, and clients that leave. Tasks that are ready at the same moment always run in
/// the order of the loop's laws, as in production; no other order is tried.
/// </para>
/// <para>
/// The scenario decides which failures are faults of the application: with resets and disconnects
/// a correct client sees <see cref="ClientException"/>, so a scenario catches it and retries.
/// </para>
/// <para>The test's thread, without a running loop. Runs share nothing but static state.</para>
/// </remarks>
/// <example><code>
/// ChaosSearch.Run(MakeApplication, async client =>
/// {
///     await EventLoop.WhenAll(Order(client), Order(client));
///     using ClientResponse response = await client.GetAsync("/stock");
///     Assert.That(await response.TextAsync(), Is.EqualTo("8"));
/// });
/// </code></example>
public static class ChaosSearch
{
    /// <summary>
    /// Tries seeds until one fails, or the limit of seeds or time is reached. Every exception of
    /// the scenario, every leak and every error that the loop reports is a failure.
    /// </summary>
    /// <param name="makeApplication">Makes the application of a run, with fresh state.</param>
    /// <param name="scenario">The requests of a run and what must be true of them.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>How many seeds were tried without a failure.</returns>
    /// <exception cref="ChaosException">A seed fails.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    [OverloadResolutionPriority(1)]
    public static ChaosResult Run(
        Func<Application> makeApplication, Func<TestClient, Coroutine> scenario,
        ChaosOptions? options = null)
    {
        ChaosRun run = Prepare(makeApplication, scenario, options, nameof(Run));
        int first = run.Options.FirstSeed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        long start = Stopwatch.GetTimestamp();
        int seeds = 0;
        TimeSpan elapsed;
        do
        {
            int seed = unchecked(first + seeds++);
            ChaosOutcome outcome = run.Draw(seed);
            if (outcome.Failure is not null)
            {
                throw new ChaosFailure(run, seed, seeds, options is not null).Explain(outcome);
            }

            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (seeds < run.Options.SeedsMax && elapsed < run.Options.TimeLimit);
        return new ChaosResult(first, seeds, elapsed);
    }

    /// <summary>
    /// The same for a plain async method, as of F# and Visual Basic. An async lambda of C# is a
    /// coroutine.
    /// </summary>
    /// <inheritdoc
    /// cref="Run(Func{Application}, Func{TestClient, Coroutine}, ChaosOptions)"/>
    public static ChaosResult Run(
        Func<Application> makeApplication, Func<TestClient, Task> scenario,
        ChaosOptions? options = null) => Run(makeApplication, AsCoroutine(scenario), options);

    /// <summary>
    /// Repeats the run of a <see cref="ChaosException.Recipe"/> and throws its exception. Returns
    /// if the run does not fail, so the call is also a regression test.
    /// </summary>
    /// <param name="recipe">For example <c>seed 17 delay@5=20ms reset@9=120</c>.</param>
    /// <param name="makeApplication">As for the search.</param>
    /// <param name="scenario">As for the search.</param>
    /// <param name="options">As for the search.</param>
    /// <exception cref="FormatException">The text is not a recipe.</exception>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    [OverloadResolutionPriority(1)]
    public static void Replay(
        string recipe, Func<Application> makeApplication, Func<TestClient, Coroutine> scenario,
        ChaosOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ChaosRecipe parsed = ChaosRecipe.Parse(recipe);
        ChaosRun run = Prepare(makeApplication, scenario, options, nameof(Replay));
        ChaosOutcome outcome = run.Repeat(parsed);
        if (outcome.Failure is { } failure)
        {
            if (outcome.Report is { } report)
            {
                run.Options.Server.Output(report);
            }

            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>The same for a plain async method.</summary>
    /// <inheritdoc
    /// cref="Replay(string, Func{Application}, Func{TestClient, Coroutine}, ChaosOptions)"/>
    public static void Replay(
        string recipe, Func<Application> makeApplication, Func<TestClient, Task> scenario,
        ChaosOptions? options = null) =>
        Replay(recipe, makeApplication, AsCoroutine(scenario), options);

    private static Func<TestClient, Coroutine> AsCoroutine(Func<TestClient, Task> scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return async client => await scenario(client).OnLoop();
    }

    private static ChaosRun Prepare(
        Func<Application> makeApplication, Func<TestClient, Coroutine> scenario,
        ChaosOptions? options, string member)
    {
        ArgumentNullException.ThrowIfNull(makeApplication);
        ArgumentNullException.ThrowIfNull(scenario);
        options ??= new ChaosOptions();
        options.Validate();
        TestRun.ThrowIfLoopRuns($"ChaosSearch.{member}", "call it outside of the loop");
        return new ChaosRun(makeApplication, scenario, options);
    }
}

/// <summary>A search that found no failure.</summary>
/// <param name="FirstSeed">The first seed.</param>
/// <param name="Seeds">The number of seeds tried.</param>
/// <param name="Elapsed">Real time.</param>
public sealed record ChaosResult(int FirstSeed, int Seeds, TimeSpan Elapsed)
{
    /// <summary>Returns, for example, <c>no failure in 1000 seeds from 17, in 0.8 s</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"no failure in {Seeds} seeds from {FirstSeed}, in {Elapsed.TotalSeconds:0.0} s");
}
