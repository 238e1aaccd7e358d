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

    private static readonly Func<ValueTask<int>> s_valueFails = async () => await s_fails();

    private static readonly Func<ValueTask> s_emptyValueFails = async () => await s_fails();

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
        ("ToThread of a value task", async () => await EventLoop.ToThread(s_valueFails)),
        ("ToThread of an empty value task", async () =>
            await EventLoop.ToThread(s_emptyValueFails)),
        ("ToThread of a value task with an argument", async () =>
            await EventLoop.ToThread(_ => s_valueFails(), 1)),
        ("ToThread of an empty value task with an argument", async () =>
            await EventLoop.ToThread(_ => s_emptyValueFails(), 1)),
        ("ToThread of an async lambda of a value task", async () =>
            await EventLoop.ToThread(async ValueTask () => await s_fails())),
        ("ToThread of a call of a value task", async () =>
            await EventLoop.ToThread(() => s_emptyValueFails())),
        ("RunInExecutor of a value task", async () =>
            await EventLoop.Current.RunInExecutor(s_valueFails)),
        ("RunInExecutor of an empty value task", async () =>
            await EventLoop.Current.RunInExecutor(s_emptyValueFails)),
        ("Submit of a value task", async () => await EventLoop.Current.Submit(s_valueFails)),
        ("Submit of an empty value task", async () =>
            await EventLoop.Current.Submit(s_emptyValueFails)),
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
    public void A_function_of_a_value_task_is_awaited_for_its_result()
    {
        (int, int, int, int) results = Run(async () => (
            await EventLoop.ToThread(async ValueTask<int> () => await Number()),
            await EventLoop.ToThread(async ValueTask<int> (n) => await Number() + n, 1),
            await Loop.RunInExecutor(Number),
            await Loop.Submit(Number)));

        Assert.That(results, Is.EqualTo((5, 6, 5, 5)));

        static async ValueTask<int> Number()
        {
            await Task.Yield();
            return 5;
        }
    }

    private static IEnumerable<TestCaseData> Unfinished() => new (string, Action<EventLoop>)[]
    {
        ("a task", loop => Start(loop, () => s_fails())),
        ("a value task", loop => Start(loop, () => s_valueFails())),
        ("an empty value task", loop => Start(loop, () => s_emptyValueFails())),
        ("a coroutine", loop => Start(loop, Never)),
        ("a coroutine in a task", loop => StartAsync(loop, async () => Never())),
        ("a coroutine in a value task", loop => StartValue(loop, async () => Never())),
        ("a submitted task", loop => Submit(loop, () => s_fails())),
        ("a submitted coroutine", loop => Submit(loop, Never)),
        ("a submitted coroutine in a task", loop => SubmitAsync(loop, async () => Never())),
    }.Select(way => new TestCaseData(way.Item2).SetName($"{{m}}({way.Item1})"));

    [TestCaseSource(nameof(Unfinished))]
    public void A_result_that_nothing_would_await_is_refused(Action<EventLoop> start) =>
        Assert.That(() => start(Loop), Throws.ArgumentException);

    [Test]
    public void A_task_that_an_awaited_task_gives_is_a_result_like_any_other()
    {
        Task first = Task.CompletedTask;
        var never = new TaskCompletionSource();
        Task[] results = Run(async () => new Task[]
        {
            await EventLoop.ToThread(() => Task.WhenAny(first, never.Task)),
            await EventLoop.ToThread(_ => Task.WhenAny(first, never.Task), 1),
            await Loop.RunInExecutor(() => new ValueTask<Task>(first)),
            await Loop.Submit(() => Task.WhenAny(first, never.Task)),
            await Loop.Submit(() => new ValueTask<Task>(first)),
        });

        Assert.That(results, Has.All.SameAs(first));
    }

    [Test]
    public void The_refusal_of_a_coroutine_says_where_it_runs() => Assert.That(
        () => Submit(Loop, Never),
        Throws.ArgumentException.With.Message.StartsWith(
            "The function returns a coroutine as its result, which nothing would run: start it on "
            + "the loop with CreateTask, or from another thread with Submit as a Func<Coroutine>"));

    // As a user's own helper that knows no type of the result.
    private static void Start<T>(EventLoop loop, Func<T> function) => loop.RunInExecutor(function);

    private static void StartAsync<T>(EventLoop loop, Func<Task<T>> function) =>
        loop.RunInExecutor(function);

    private static void StartValue<T>(EventLoop loop, Func<ValueTask<T>> function) =>
        loop.RunInExecutor(function);

    private static void Submit<T>(EventLoop loop, Func<T> function) => loop.Submit(function);

    private static void SubmitAsync<T>(EventLoop loop, Func<Task<T>> function) =>
        loop.Submit(function);

    private static async Coroutine Never() => await EventLoop.Yield();

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
