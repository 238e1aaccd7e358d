using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// The options of a <see cref="TestServer"/>: seed, faults, server, client, and what a test may
/// wait for. Immutable.
/// </summary>
public sealed record TestServerOptions
{
    /// <summary>
    /// The seed of all random numbers, those of the faults included. Default 1, so that a test has
    /// the same outcome in each run; <c>ChaosSearch</c> tries many.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>The faults of the network. Default none.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>
    /// The date at virtual zero. Default 2000-01-01, which exposes code that reads the real clock.
    /// </summary>
    public DateTimeOffset StartUtc { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Whether a test may wait for real time or other threads, so that its outcome is a matter of
    /// chance. Default false: it fails with <see cref="ForeignWaitException"/>. The message of each
    /// failure lists the waits in both cases.
    /// </summary>
    public bool AllowsForeignAwaits { get; init; }

    /// <summary>
    /// The options of the server. Without a logger factory, warnings and errors are kept for the
    /// message of a failure (<see cref="TestServer.Log"/>).
    /// </summary>
    public HttpServerOptions Http { get; init; } = new();

    /// <summary>How the server accepts connections.</summary>
    public ServerOptions Listener { get; init; } = new();

    /// <summary>The options of clients that are created without their own.</summary>
    public ClientOptions Client { get; init; } = new();

    /// <summary>
    /// Whether the loop is in debug mode: its messages name where tasks were made. Default false.
    /// </summary>
    public bool Debug { get; init; }

    /// <summary>
    /// Real time for which work on an executor stops the clock. Default 30 s, as
    /// <see cref="InMemoryOptions.WorkElsewhereMax"/>. May be infinite.
    /// </summary>
    public TimeSpan WorkElsewhereMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the text that explains a failure whose exception is not of the kit, such as a failed
    /// assertion: seed, virtual time, waits, log and what is left. On the test's thread. Default
    /// the standard output, which NUnit and MSTest show with the test; xUnit needs
    /// <c>ITestOutputHelper.WriteLine</c>, or in version 3 <c>[assembly: CaptureConsole]</c>.
    /// </summary>
    public Action<string> Output { get; init; } = Write;

    /// <summary>Called for each event of the network, on the loop thread.</summary>
    public Action<NetworkTrace>? Trace { get; init; }

    /// <summary>The faults of a run that is repeated; see <see cref="InMemoryOptions"/>.</summary>
    internal IReadOnlyList<Fault>? OnlyFaults { get; init; }

    /// <summary>Called for each fault that has an effect, on the loop thread.</summary>
    internal Action<NetworkFault>? FaultTrace { get; init; }

#pragma warning disable RS0030 // the frameworks attach the output of the console to the test
    private static void Write(string text) => Console.WriteLine(text);
#pragma warning restore RS0030

    internal InMemoryDriver MakeDriver() => new(new InMemoryOptions
    {
        Seed = Seed,
        StartUtc = StartUtc,
        Faults = Faults,
        OnlyFaults = OnlyFaults,
        FaultTrace = FaultTrace,
        Trace = Trace,
        WorkElsewhereMax = WorkElsewhereMax,
        // If nothing can happen any more, a wait for a thread would let the test depend on it.
        StallMax = AllowsForeignAwaits ? new InMemoryOptions().StallMax : TimeSpan.Zero,
    });
}
