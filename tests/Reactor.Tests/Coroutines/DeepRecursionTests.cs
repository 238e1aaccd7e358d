using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Statement E33: coroutines that await themselves 200,000 deep. The native stack must not grow,
/// and an exception on its way up must not carry a trace that grows with each await.
/// </summary>
public sealed class DeepRecursionTests : LoopFixture
{
    private const int Depth = 200_000;

    /// <summary>A tenth of it: enough to fill a native stack that grows.</summary>
    private const int QuickDepth = 20_000;

    private const int AttemptsMax = 4;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(2);

    [Test]
    public void E33_recursion_200_000_awaits_deep_returns() =>
        Assert.That(Run(() => Count(Depth)), Is.EqualTo(Depth));

    [Test]
    public void E33_recursion_that_suspends_at_the_bottom_returns() =>
        Assert.That(Run(() => CountThenSleep(Depth)), Is.EqualTo(Depth));

    [TestCase(QuickDepth)]
    [TestCase(Depth, Category = "Slow")]
    [Category("Measured")]
    public void E33_an_exception_at_that_depth_arrives_in_time_with_a_bounded_trace(int depth) =>
        AssertArrivesInTime<FormatException>(() => Loop.CreateTask(Fail(depth)));

    [TestCase(QuickDepth)]
    [TestCase(Depth, Category = "Slow")]
    [Category("Measured")]
    public void E33_an_exception_after_a_suspension_at_that_depth_does_so_too(int depth) =>
        AssertArrivesInTime<FormatException>(() =>
        {
            LoopTask<int> task = Loop.CreateTask(SleepThenFail(depth));
            RunTurns(1);
            return task;
        });

    [TestCase(QuickDepth)]
    [TestCase(Depth, Category = "Slow")]
    [Category("Measured")]
    public void E33_a_cancellation_at_that_depth_arrives_in_time_with_a_bounded_trace(int depth)
    {
        LoopCanceledException error = AssertArrivesInTime<LoopCanceledException>(() =>
        {
            LoopTask<int> task = Loop.CreateTask(CountThenSleep(depth));
            RunTurns(1);
            task.Cancel("deep");
            return task;
        });

        Assert.That(error.Message, Is.EqualTo("deep"));
    }

    [TestCase(QuickDepth)]
    [TestCase(Depth, Category = "Slow")]
    public void E33_every_frame_on_the_way_runs_its_finally(int depth)
    {
        int finallies = 0;
        LoopTask<int> task = Loop.CreateTask(CountFinallies(depth));
        RunTurns(1);
        task.Cancel();

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());

        Assert.That(finallies, Is.EqualTo(depth));

        async Coroutine<int> CountFinallies(int n)
        {
            if (n == 0)
            {
                return await Later(S(1), 0);
            }

            try
            {
                return await CountFinallies(n - 1);
            }
            finally
            {
                finallies++;
            }
        }
    }

    [Test]
    public void E33_the_whole_await_stack_is_available_from_the_task()
    {
        LoopTask<int> task = Loop.CreateTask(CountThenSleep(Depth));
        RunTurns(1);

        Assert.That(task.GetStack(), Has.Count.EqualTo(Depth + 2), "and that of Later");
        Assert.That(Loop.RunUntilComplete(task), Is.EqualTo(Depth));
    }

    [Test]
    public void E33_the_trace_of_a_shallow_failure_has_every_await()
    {
        var error = Assert.Throws<FormatException>(() => Run(() => Fail(40)));

        Assert.That(Awaits(error!), Is.GreaterThanOrEqualTo(41));
    }

    /// <summary>
    /// The least processor time of the process in a few attempts is what the way up costs: the
    /// first compiles the code, and a neighbour on the same core slows any of them.
    /// </summary>
    private TError AssertArrivesInTime<TError>(Func<LoopTask<int>> fail)
        where TError : Exception
    {
        TimeSpan least = TimeSpan.MaxValue;
        TError? error = null;
        for (int i = 0; i < AttemptsMax && least >= s_longest; i++)
        {
            LoopTask<int> task = fail();
            TimeSpan begin = Environment.CpuUsage.TotalTime;
            error = Assert.Throws<TError>(() => Loop.RunUntilComplete(task));
            TimeSpan taken = Environment.CpuUsage.TotalTime - begin;
            least = taken < least ? taken : least;
        }

        Assert.That(least, Is.LessThan(s_longest));
        AssertTraceIsBounded(error!);
        return error!;
    }

    private static void AssertTraceIsBounded(Exception error)
    {
        // 64 awaits are traced; what rethrows at the end may add a few of its own.
        Assert.That(Awaits(error), Is.InRange(60, 72));
    }

    private static int Awaits(Exception error) =>
        error.StackTrace!.Split('\n').Count(line => line.Contains("DeepRecursionTests."));

    private static async Coroutine<int> Count(int n) => n == 0 ? 0 : 1 + await Count(n - 1);

    private static async Coroutine<int> CountThenSleep(int n) =>
        n == 0 ? await Later(S(1), 0) : 1 + await CountThenSleep(n - 1);

    private static async Coroutine<int> Fail(int n) =>
        n == 0 ? throw new FormatException() : 1 + await Fail(n - 1);

    private static async Coroutine<int> SleepThenFail(int n)
    {
        if (n > 0)
        {
            return 1 + await SleepThenFail(n - 1);
        }

        await EventLoop.Delay(S(1));
        throw new FormatException();
    }
}
