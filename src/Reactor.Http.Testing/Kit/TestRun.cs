using System.Collections;
using System.Globalization;
using System.Text;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// The loop of one test, with what it is watched for: runs coroutines on it, and explains failures
/// by the seed, the waits for real time and the log.
/// </summary>
/// <remarks>The test's thread.</remarks>
internal sealed class TestRun
{
    private readonly TestServerOptions _options;
    private readonly List<LoopErrorContext> _errors = [];
    private readonly List<Future> _unfinished = [];
    private bool _hasThrownChance;

    public TestRun(TestServerOptions options)
    {
        _options = options;
        Driver = options.MakeDriver();
        Loop = new EventLoop(new EventLoopOptions
        {
            Driver = Driver,
            Debug = options.Debug,
            LoggerFactory = Log,
            BlockedAfter = null, // a debugger holds the loop
            Name = "test",
        })
        {
            ExceptionHandler = (_, error) => _errors.Add(error),
        };
        Watch = new ForeignWatch(Loop, Driver);
    }

    public InMemoryDriver Driver { get; }

    public EventLoop Loop { get; }

    public LogCapture Log { get; } = new();

    public ForeignWatch Watch { get; }

    /// <summary>What the loop has reported.</summary>
    public IReadOnlyList<LoopErrorContext> Errors => _errors;

    /// <summary>True once the kit itself failed the test: what is left follows from that.</summary>
    public bool HasFailed => _hasThrownChance || _unfinished.Count > 0;

    /// <summary>Coroutines of the test whose run the driver broke off.</summary>
    public IReadOnlyList<Future> Unfinished => _unfinished;

    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    public static void ThrowIfLoopRuns(string member, string remedy)
    {
        if (EventLoop.TryGetCurrent() is not null)
        {
            throw new InvalidOperationException(
                $"{member} runs the loop, but a loop runs on this thread already: {remedy}.");
        }
    }

    public async Coroutine AdvanceAsync(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        if (duration > TimeSpan.Zero)
        {
            await EventLoop.Delay(duration);
        }

        await QuietWork.WaitAsync(Driver);
    }

    /// <summary>Runs a coroutine to its end, and fails if chance had a part in it.</summary>
    public T Run<T>(Coroutine<T> coroutine, string name)
    {
        LoopTask<T> task = Loop.CreateTask(coroutine, name);
        T result;
        try
        {
            result = Loop.RunUntilComplete(task);
        }
        catch (Exception error) when (Replace(error, task) is { } explained)
        {
            throw explained;
        }

        ThrowIfChance(null);
        LastThrown.Forget();
        return result;
    }

    /// <exception cref="ForeignWaitException">A wait has ended by chance; thrown once.</exception>
    public void ThrowIfChance(Exception? thrown)
    {
        if (!_options.AllowsForeignAwaits && !_hasThrownChance && Watch.HasEnded)
        {
            throw MakeChance(thrown);
        }
    }

    /// <summary>Whether an exception may come from a wait that ended by chance.</summary>
    public static bool MayFollowFromWait(Exception error) =>
        IsOfTime(error) || error is ClientException;

    /// <summary>The message of a failure.</summary>
    /// <param name="leaks">What is left.</param>
    /// <param name="thrown">What the test threw before and may not have caught, or null.</param>
    public string Explain(IReadOnlyList<string> leaks, Exception? thrown)
    {
        var text = new StringBuilder("The test left something behind:");
        AppendList(text, leaks);
        if (thrown is not null)
        {
            text.AppendLine().Append(
                "The test threw an exception before this, which is the inner exception. If the "
                + "test did not catch it, it is the failure, and the rest may follow from it. "
                + "TestServer.Run keeps them apart. It is: ").Append(thrown.Message);
        }

        AppendContext(text);
        return text.ToString();
    }

    /// <summary>Writes what the kit knows of a failure whose exception does not say it.</summary>
    public void Report(IReadOnlyList<string> leaks)
    {
        if (HasFailed)
        {
            return; // that exception has the context, and what is left follows from it
        }

        var text = new StringBuilder();
        AppendContext(text);
        if (leaks.Count > 0)
        {
            text.AppendLine().Append("After this failure the test left something behind:");
            AppendList(text, leaks);
        }

        _options.Output(text.ToString().TrimStart());
    }

    /// <summary>
    /// The exception to throw in place of one: that of the wait for real time behind a time limit
    /// of virtual time, or the driver's with what the kit knows. Null: the exception itself.
    /// </summary>
    private Exception? Replace(Exception error, Future task)
    {
        bool isOfDriver = !task.IsDone;
        if (isOfDriver)
        {
            _unfinished.Add(task);
        }

        bool isChance = Watch.HasEnded
            ? isOfDriver || MayFollowFromWait(error)
            : (isOfDriver || IsOfTime(error)) && Watch.MayBlock(isOvertaken: !isOfDriver);
        if (isChance && !_options.AllowsForeignAwaits && !_hasThrownChance)
        {
            return MakeChance(error);
        }

        if (!isOfDriver)
        {
            return null;
        }

        var text = new StringBuilder(error.Message).AppendLine();
        AppendContext(text);
        return new InvalidOperationException(text.ToString(), error);
    }

    // A wait that goes on can make nothing but these.
    private static bool IsOfTime(Exception error) => error is ClientTimeoutException
        or TimeoutException or OperationCanceledException;

    private ForeignWaitException MakeChance(Exception? inner)
    {
        _hasThrownChance = true;
        IReadOnlyList<string> waits = Watch.Describe();
        var text = new StringBuilder(
            "The test depends on real time or on another thread, so its outcome is a matter of "
            + "chance. Run that work with EventLoop.ToThread or loop.RunInExecutor, which hold the "
            + "virtual clock, pass loop.TimeProvider to it, or replace it by a fake that waits on "
            + "the loop. TestServerOptions.AllowsForeignAwaits turns this check off.");
        if (inner is not null)
        {
            text.AppendLine().Append("It led to: ").Append(inner.Message);
        }

        text.AppendLine();
        AppendContext(text);
        return new ForeignWaitException(text.ToString(), waits, inner);
    }

    private void AppendContext(StringBuilder text)
    {
        text.AppendLine().Append(
            CultureInfo.InvariantCulture, $"Seed {Driver.Seed}, at {Driver.Now} of virtual time.");
        Append("Waits for real time or other threads:", Watch.Describe());
        Append("The server logged:", Log.Lines);

        void Append(string title, IReadOnlyList<string> lines)
        {
            if (lines.Count > 0)
            {
                text.AppendLine().Append(title);
                AppendList(text, lines);
            }
        }
    }

    private static void AppendList(StringBuilder text, IEnumerable lines)
    {
        foreach (string line in lines)
        {
            text.AppendLine().Append("* ").Append(
                line.TrimEnd().ReplaceLineEndings(Environment.NewLine + "  "));
        }
    }
}
