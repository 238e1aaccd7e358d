using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using Microsoft.VisualStudio.TestPlatform.ObjectModel.Client;
using Timer = System.Threading.Timer;

namespace Reactor.Progress;

/// <summary>
/// Prints a line of progress every ten seconds while a test project runs, and at its end why tests
/// were skipped and which ones belong to the category <c>Slow</c>. Without it <c>dotnet test</c> is
/// silent until a project has ended. <c>tests/.runsettings</c> selects it.
/// </summary>
/// <remarks>
/// The runner calls it from one thread, the timer from another: hence the lock.
/// </remarks>
[ExtensionUri("logger://reactor/progress")]
[FriendlyName("progress")]
public sealed class ProgressLogger : ITestLogger, IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly TestCount _count = new();
    private Timer? _timer;

    /// <inheritdoc/>
    public void Initialize(TestLoggerEvents events, string testRunDirectory)
    {
        ArgumentNullException.ThrowIfNull(events);
        events.TestResult += (_, e) => Add(e.Result);
        events.TestRunComplete += (_, _) => End();
        _timer = new Timer(_ => Print(), null, s_interval, s_interval);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Add(TestResult result)
    {
        TestCase test = result.TestCase;
        lock (_lock)
        {
            _count.Project = Path.GetFileNameWithoutExtension(test.Source);
            _count.Add(
                test.FullyQualifiedName,
                result.Duration,
                failed: result.Outcome == TestOutcome.Failed,
                isSlow: HasCategory(test, "Slow"));
            if (result.Outcome is TestOutcome.Skipped or TestOutcome.None)
            {
                _count.AddSkipped(result.ErrorMessage);
            }
        }
    }

    // NUnit's adapter keeps the categories of a test and of its fixture in a property of its own.
    private static bool HasCategory(TestCase test, string name) => test.Properties
        .Where(property => property.Id == "NUnit.TestCategory")
        .Any(property => test.GetPropertyValue(property) is string[] names && names.Contains(name));

    private void Print()
    {
        lock (_lock)
        {
            Console.WriteLine(_count.Line());
        }
    }

    private void End()
    {
        Dispose();
        lock (_lock)
        {
            foreach (string line in _count.Notes())
            {
                Console.WriteLine(line);
            }
        }
    }
}
