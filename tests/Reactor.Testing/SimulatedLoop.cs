using System.Net;
using System.Text;
using Reactor.Drivers;
using Reactor.Simulation;

namespace Reactor.Testing;

/// <summary>
/// A loop on the in-memory driver for one test: virtual time, a printed seed, and an end that fails
/// the test if the loop reported an error nobody caught.
/// </summary>
/// <remarks>The test's thread only.</remarks>
public sealed class SimulatedLoop : IDisposable
{
    private readonly List<LoopErrorContext> _errors = [];

    /// <summary>A loop on a fresh in-memory driver.</summary>
    /// <param name="options">How the driver is set up.</param>
    /// <param name="decorate">
    /// Puts a driver of the test's between the loop and the in-memory one.
    /// </param>
    public SimulatedLoop(
        InMemoryOptions? options = null, Func<LoopDriver, LoopDriver>? decorate = null)
    {
        options ??= new InMemoryOptions();
        Driver = new InMemoryDriver(options with { Seed = options.Seed ?? TestSeed.Next() });
        Loop = new EventLoop(new EventLoopOptions { Driver = decorate?.Invoke(Driver) ?? Driver })
        {
            ExceptionHandler = (_, error) => _errors.Add(error),
        };
    }

    public InMemoryDriver Driver { get; }

    public EventLoop Loop { get; }

    /// <summary>What the loop reported; a test that expects something looks here.</summary>
    public IReadOnlyList<LoopErrorContext> Errors => _errors;

    /// <summary>Timers of the loop that wait for their moment.</summary>
    public int ArmedTimers => Loop.ArmedTimers;

    /// <summary>True for a test that expects the loop to report something.</summary>
    public bool MayReport { get; init; }

    /// <summary>An address for a listener; nobody listens there yet.</summary>
    public static IPEndPoint AnyPort => new(IPAddress.Loopback, 0);

    /// <summary>Runs a coroutine to its end.</summary>
    public void Run(Func<Coroutine> main) => Loop.RunUntilComplete(main());

    /// <summary>Runs the loop for a virtual while.</summary>
    public void RunFor(TimeSpan duration) => Loop.RunUntilComplete(Sleep(duration));

    /// <summary>
    /// Runs the loop until there is nothing left to do now: a tick of virtual time passes only
    /// then.
    /// </summary>
    public void Settle() => RunFor(TimeSpan.FromTicks(1));

    public void Dispose()
    {
        Loop.Close();
        if (!MayReport && _errors.Count > 0)
        {
            var text = new StringBuilder("The loop reported:");
            foreach (LoopErrorContext error in _errors)
            {
                text.AppendLine().Append(error.Message).Append(' ').Append(error.Exception);
            }

            Assert.Fail(text.ToString());
        }
    }

    private static async Coroutine Sleep(TimeSpan duration) => await EventLoop.Delay(duration);
}
