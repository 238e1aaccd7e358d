using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Async functions given to executors and to <c>Submit</c>: they are awaited to their end, and no
/// exception is lost.
/// </summary>
[TestFixture]
public sealed class AsyncExecutorWorkTests : LoopFixture
{
    private static readonly Func<Task<int>> s_fails = async () =>
    {
        await Task.Yield();
        throw new FormatException("at the end");
    };

    private static IEnumerable<TestCaseData> Ways() => new (string, Func<Coroutine>)[]
    {
        ("ToThread", async () => await EventLoop.ToThread(s_fails)),
        ("ToThread without a result", async () => await EventLoop.ToThread((Func<Task>)s_fails)),
        ("ToThread with an argument", async () => await EventLoop.ToThread(_ => s_fails(), 1)),
        ("RunInExecutor", async () => await EventLoop.Current.RunInExecutor(s_fails)),
        ("RunInExecutor with an executor", async () =>
        {
            var pool = new ThreadPoolExecutor();
            try
            {
                await EventLoop.Current.RunInExecutor(s_fails, pool);
            }
            finally
            {
                pool.Shutdown();
            }
        }),
        ("Submit", async () => await EventLoop.Current.Submit(s_fails)),
        ("Submit without a result", async () =>
            await EventLoop.Current.Submit((Func<Task>)s_fails)),
    }.Select(way => new TestCaseData(way.Item2).SetName($"{{m}}({way.Item1})"));

    [TestCaseSource(nameof(Ways))]
    public void The_exception_of_an_async_function_comes_back(Func<Coroutine> way)
    {
        FormatException error = Assert.Throws<FormatException>(() => Run(way))!;

        Assert.That(error.Message, Is.EqualTo("at the end"));
    }

    [Test]
    public void An_async_function_is_awaited_for_its_result()
    {
        (int, int, int, int) results = Run(async () => (
            await EventLoop.ToThread(async () => await Number()),
            await EventLoop.ToThread(async n => await Number() + n, 1),
            await Loop.RunInExecutor(Number),
            await Loop.Submit(Number)));

        Assert.That(results, Is.EqualTo((5, 6, 5, 5)));

        static async Task<int> Number()
        {
            await Task.Yield();
            return 5;
        }
    }

    [Test]
    public void It_begins_on_another_thread_and_sees_the_values_of_the_caller()
    {
        var value = new AsyncLocal<string> { Value = "flows in" };
        int loopThread = Environment.CurrentManagedThreadId;
        string? seen = null;
        int thread = Run(async () => await EventLoop.ToThread(async () =>
        {
            int here = Environment.CurrentManagedThreadId;
            await Task.Yield();
            seen = value.Value;
            return here;
        }));

        Assert.That(thread, Is.Not.EqualTo(loopThread));
        Assert.That(seen, Is.EqualTo("flows in"));
    }

    [Test]
    public void A_throw_before_the_first_await_comes_back_too()
    {
        Assert.Throws<FormatException>(() => Run(async () => await EventLoop.ToThread(
            Task<int> () => throw new FormatException())));
        Assert.Throws<InvalidOperationException>(() => Run(async () => await EventLoop.ToThread(
            Task<int> () => null!)));
        Assert.Throws<InvalidOperationException>(() => Run(async () => await EventLoop.ToThread(
            Task () => null!)));
    }

    [Test]
    public void A_function_that_is_cancelled_cancels_its_future()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Run(async () =>
        {
            Future<Unit> work = EventLoop.ToThread(
                async () => await Task.Delay(Timeout.Infinite, source.Token));
            await EventLoop.Wait([work]);
            Assert.That(work.IsCancelled);
        });
    }

    [Test]
    public void Virtual_time_stands_still_until_the_function_has_ended()
    {
        var driver = new InMemoryDriver();
        TimeSpan time = EventLoop.Run(
            async () =>
            {
                var loop = EventLoop.Current;
                bool isOver = false;
                loop.CallLater(S(1), () => isOver = true);
                bool seen = await EventLoop.ToThread(async () =>
                {
                    await Task.Run(() => Thread.SpinWait(100));
                    return isOver;
                });
                Assert.That(seen, Is.False);
                return loop.Time;
            },
            new EventLoopOptions { Driver = driver });

        Assert.That(time, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void The_end_of_the_program_waits_for_an_async_function_whose_future_was_cancelled()
    {
        using var log = new ListLoggerFactory();
        var gate = new TaskCompletionSource();
        bool hasEnded = false;
        EventLoop.Run(
            async () =>
            {
                Future<Unit> work = EventLoop.ToThread(async Task () =>
                {
                    await gate.Task.ConfigureAwait(false);
                    hasEnded = true;
                    throw new FormatException("after the cancellation");
                });
                await EventLoop.ToThread(() => { }); // it has begun
                work.Cancel();
                EventLoop.Current.DefaultExecutor.Submit(gate.SetResult);
            },
            new EventLoopOptions { Driver = new InMemoryDriver(), LoggerFactory = log });
        LogQueue.Flush(TimeSpan.FromSeconds(10));

        Assert.That(hasEnded);
        Assert.That(log.Messages, Has.Some.Contains("failed after its future was cancelled"));
    }

    [Test]
    public void The_end_of_the_program_waits_for_an_async_function_and_reports_what_it_threw()
    {
        using var log = new ListLoggerFactory();
        var gate = new TaskCompletionSource();
        EventLoop.Run(
            async () =>
            {
                _ = EventLoop.ToThread(async () =>
                {
                    await gate.Task.ConfigureAwait(false);
                    throw new FormatException("after main");
                });
                await EventLoop.Yield();
                EventLoop.Current.DefaultExecutor.Submit(gate.SetResult);
            },
            new EventLoopOptions { Driver = new InMemoryDriver(), LoggerFactory = log });
        LogQueue.Flush(TimeSpan.FromSeconds(10));

        Assert.That(log.Messages, Has.Some.Contains("never retrieved"));
    }
}
