using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Statements C09, C10, C14 and C15: a function sent to another thread runs there once, with the
/// caller's context and the arguments given, and what is no such function is refused.
/// </summary>
public sealed class ToThreadTests : LoopFixture
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);

    [Test]
    public void C14_the_result_comes_back_and_the_function_was_called_once_elsewhere()
    {
        int calls = 0;
        int thread = Run(async () => await EventLoop.ToThread(() =>
        {
            Interlocked.Increment(ref calls);
            return Environment.CurrentManagedThreadId;
        }));

        Assert.That(calls, Is.EqualTo(1));
        Assert.That(thread, Is.Not.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void C14_an_exception_comes_back()
    {
        Assert.Throws<FormatException>(() => Run(async () =>
        {
            await EventLoop.ToThread(() => throw new FormatException());
        }));
    }

    [Test]
    public void C14_calls_run_at_the_same_time()
    {
        // Own threads: the runtime's pool may take a while to make a second one.
        Loop.DefaultExecutor = new ThreadPoolExecutor(new() { Threads = 2 });
        using var both = new Barrier(2);
        bool[] met = Run(async () => await EventLoop.WhenAll(
            EventLoop.ToThread(() => both.SignalAndWait(s_bound)),
            EventLoop.ToThread(() => both.SignalAndWait(s_bound)))) is var (a, b)
                ? [a, b]
                : [];

        Assert.That(met, Is.EqualTo(new[] { true, true }), "each waits for the other");
    }

    [Test]
    public void C14_an_argument_is_handed_over()
    {
        int length = Run(async () => await EventLoop.ToThread(static text => text.Length, "four"));

        Assert.That(length, Is.EqualTo(4));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void C14_context_values_flow_in_and_do_not_flow_back(bool isOwnPool)
    {
        if (isOwnPool)
        {
            Loop.DefaultExecutor = new ThreadPoolExecutor(new() { Threads = 1 });
        }

        var value = new AsyncLocal<string>();
        Run(async () =>
        {
            value.Value = "caller";
            string? seen = await EventLoop.ToThread(() =>
            {
                string? before = value.Value;
                value.Value = "thread";
                return before;
            });
            Assert.That(seen, Is.EqualTo("caller"));
            Assert.That(value.Value, Is.EqualTo("caller"));
        });
    }

    [Test]
    public void C15_values_flow_into_run_in_executor_too_as_everywhere_in_dotnet()
    {
        var executor = new ThreadPoolExecutor(new() { Threads = 1 });
        var value = new AsyncLocal<int>();
        int[] seen = Run(async () =>
        {
            value.Value = 1;
            Future<int> first = Loop.RunInExecutor(() => value.Value, executor);
            value.Value = 2;
            Future<int> second = Loop.RunInExecutor(() => value.Value, executor);
            return new[] { await first, await second };
        });
        executor.Shutdown();

        Assert.That(seen, Is.EqualTo(new[] { 1, 2 }), "the context of the call, not of the thread");
    }

    [Test]
    public void C14_without_a_running_loop_it_throws() =>
        Assert.That(() => EventLoop.ToThread(() => 1), Throws.InvalidOperationException);

    [Test]
    public void C09_cancelled_before_it_began_it_does_not_run()
    {
        var executor = new ThreadPoolExecutor(new() { Threads = 1 });
        using var open = new ManualResetEventSlim();
        Run(async () =>
        {
            Future<Unit> first = Loop.RunInExecutor(() => { open.Wait(s_bound); }, executor);
            Future<Unit> second = Loop.RunInExecutor(() => Tell("ran"), executor);
            second.Cancel();
            open.Set();
            await first;
            await Loop.RunInExecutor(() => Tell("next"), executor);
            await EventLoop.Delay(S(60)); // what did not run came back as well
        });
        executor.Shutdown();

        Assert.That(Story, Is.EqualTo("next"));
    }

    [Test]
    public void C10_a_coroutine_method_is_refused_by_the_executor()
    {
        // Through a delegate of the exact type: the compiler refuses the method itself.
        Func<Coroutine> plain = Nothing;
        Func<Coroutine<int>> typed = Number;
#pragma warning disable REACTOR002 // as a build without analyzers, or another language, can do

        Assert.That(() => Loop.RunInExecutor<Coroutine>(plain, null), Throws.ArgumentException
            .With.Message.Contains("CreateTask"));
        Assert.That(() => Loop.RunInExecutor<Coroutine<int>>(typed, null),
            Throws.ArgumentException);
        Loop.CallSoon(() => Assert.That(
            () => EventLoop.ToThread(typed), Throws.ArgumentException));
#pragma warning restore REACTOR002
        RunTurns(1);
    }

    private static async Coroutine Nothing() => await EventLoop.Yield();

    private static async Coroutine<int> Number()
    {
        await EventLoop.Yield();
        return 1;
    }
}
