namespace Reactor.Testing;

/// <summary>
/// A test class whose tests each get a fresh loop on a <see cref="ManualDriver"/>, so that hours
/// pass in microseconds. After each test the loop is closed, and whatever it reported that the test
/// has not taken fails the test: no error passes unseen.
/// </summary>
public abstract class LoopFixture
{
    private readonly List<LoopErrorContext> _reports = [];
    private readonly List<string> _story = [];

    /// <summary>The driver under <see cref="Loop"/>.</summary>
    protected ManualDriver Driver { get; private set; } = null!;

    /// <summary>The loop of this test.</summary>
    protected EventLoop Loop { get; private set; } = null!;

    /// <summary>What <see cref="Tell"/> was told, in order, with blanks between.</summary>
    protected string Story => string.Join(' ', _story);

    /// <summary>How many turns the loop has made.</summary>
    protected int Turns => Driver.PollCount;

    /// <summary>The loop's clock, in seconds.</summary>
    protected double Seconds => Loop.Time.TotalSeconds;

    [SetUp]
    public void MakeLoop()
    {
        _reports.Clear();
        _story.Clear();
        Driver = new ManualDriver();
        Loop = NewLoop(Driver);
    }

    [TearDown]
    public void CloseLoop()
    {
        Loop.Dispose();
        Assert.That(
            _reports.Select(report => $"{report.Message} {report.Exception}"), Is.Empty,
            "the loop reported errors that the test did not expect");
    }

    /// <summary>Another loop, whose reports are taken together with those of the first.</summary>
    protected EventLoop NewLoop(ManualDriver? driver = null) =>
        new(new EventLoopOptions { Driver = driver ?? new ManualDriver(), Debug = false })
        {
            ExceptionHandler = (_, context) => _reports.Add(context),
        };

    /// <summary>Notes that something happened.</summary>
    protected void Tell(string what) => _story.Add(what);

    /// <summary>Sleeps, and gives a value back.</summary>
    protected static async Coroutine<T> Later<T>(TimeSpan delay, T value)
    {
        await EventLoop.Delay(delay);
        return value;
    }

    /// <summary>Runs a coroutine to its end.</summary>
    protected void Run(Func<Coroutine> main) => Loop.RunUntilComplete(main());

    /// <summary>Runs a coroutine to its end and gives its result.</summary>
    protected T Run<T>(Func<Coroutine<T>> main) => Loop.RunUntilComplete(main());

    /// <summary>Runs turns that do not wait.</summary>
    protected void RunTurns(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Loop.RunBriefly();
        }
    }

    /// <summary>What the loop has reported since the last call.</summary>
    protected LoopErrorContext[] TakeReports()
    {
        LoopErrorContext[] taken = [.. _reports];
        _reports.Clear();
        return taken;
    }

    /// <summary>Closes the loop and takes what it reported then and before.</summary>
    protected LoopErrorContext[] CloseAndTakeReports()
    {
        Loop.Close();
        return TakeReports();
    }

    /// <summary>Takes the one error that the loop has reported.</summary>
    protected LoopErrorContext TakeReport()
    {
        LoopErrorContext[] taken = TakeReports();
        Assert.That(taken, Has.Length.EqualTo(1));
        return taken[0];
    }

    /// <summary>What a coroutine throws, which it must.</summary>
    protected static Coroutine<Exception> Caught(Coroutine coroutine) => Caught(coroutine.Call);

    /// <inheritdoc cref="Caught(Coroutine)"/>
    protected static async Coroutine<Exception> Caught<T>(Coroutine<T> coroutine)
    {
        try
        {
            await coroutine;
        }
        catch (Exception error)
        {
            return error;
        }

        throw new AssertionException("nothing was thrown");
    }

    /// <summary>Seconds as a duration: <c>S(0.5)</c>.</summary>
    protected static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);
}
