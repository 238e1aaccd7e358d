using System.Threading.Channels;

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// A test fails if its outcome depends on real time or another thread, with the name of the wait;
/// a foreign await whose end the loop itself decides is no such wait.
/// </summary>
public sealed class ForeignWaitTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Test]
    public void An_await_that_another_thread_ends_fails_with_task_stack_seed_and_remedy()
    {
        using var server = new TestServer(new Application(), new() { Seed = 77 });
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(
            () => server.Run(WaitForThread))!;
        Assert.That(error.Message, Does.Contain("'test'")
            .And.Contains(nameof(WaitForThread))
            .And.Contains("ForeignWaitTests.cs:")
            .And.Contains("ToThread")
            .And.Contains("TimeProvider")
            .And.Contains("Seed 77,"));
        Assert.That(error.Waits, Has.Count.EqualTo(1));
    }

    [Test]
    public void It_fails_once_so_that_the_end_of_the_server_hides_nothing()
    {
        var server = new TestServer(new Application());
        Assert.Throws<ForeignWaitException>(() => server.Run(WaitForThread));
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void An_await_over_which_the_clock_jumps_is_named_in_place_of_the_time_limit()
    {
        var never = new TaskCompletionSource();
        var server = new TestServer(new Application());
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(() => server.Run(
            () => WaitOnLoopAsync(never.Task).WaitAsync(s_second)))!;
        Assert.That(error.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(error.Message, Does.Contain(nameof(WaitOnLoopAsync)));
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_wait_that_virtual_time_cancels_fails_the_test_even_if_it_expects_that()
    {
        var never = new TaskCompletionSource();
        var server = new TestServer(new Application());
        Assert.That(
            () => server.Run(async () =>
            {
                try
                {
                    await WaitOnLoopAsync(never.Task).WaitAsync(s_second);
                }
                catch (TimeoutException)
                {
                    // The test expects it, but the task might have ended in time.
                }
            }),
            Throws.InstanceOf<ForeignWaitException>());
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void An_await_that_never_ends_is_named_with_the_deadlock()
    {
        var never = new TaskCompletionSource();
        var server = new TestServer(new Application());
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(
            () => server.Run(async () => await never.Task))!;
        Assert.That(error.InnerException, Is.InstanceOf<InvalidOperationException>());
        Assert.That(error.Waits, Has.Count.EqualTo(1));
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_deadlock_without_a_foreign_wait_has_seed_and_time()
    {
        var server = new TestServer(new Application(), new() { Seed = 5 });
        server.Advance(s_second);
        Assert.That(
            () => server.Run(async () => await server.Loop.CreateFuture<Unit>()),
            Throws.InvalidOperationException.With.Message.Contains(
                "Seed 5, at 00:00:01 of virtual time."));
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_plain_method_that_waits_for_the_loop_is_no_wait_for_real_time()
    {
        using var server = new TestServer(new Application());
        server.Run(async () =>
        {
            await PlainAsync(s_second);
            Task begun = PlainAsync(s_second);
            await server.AdvanceAsync(s_second / 2);
            await begun;
        });
        Assert.That(server.Time, Is.EqualTo(2 * s_second));
        Assert.That(server.ForeignWaits, Is.Empty);
    }

    [Test]
    public void A_source_and_a_channel_that_tasks_of_the_loop_use_are_no_waits_for_real_time()
    {
        var source = new TaskCompletionSource<int>();
        Channel<int> channel = Channel.CreateUnbounded<int>();
        using var server = new TestServer(new Application());
        int sum = server.Run(async () =>
        {
            LoopTask<int> first = EventLoop.Spawn(async () => await source.Task);
            LoopTask<int> second = EventLoop.Spawn(async () => await channel.Reader.ReadAsync());
            await server.AdvanceAsync(s_second);
            source.SetResult(1);
            channel.Writer.TryWrite(2);
            return await first + await second;
        });
        Assert.That(sum, Is.EqualTo(3));
        Assert.That(server.ForeignWaits, Is.Empty);
    }

    [Test]
    public void A_callback_that_another_thread_posts_fails_the_test()
    {
        var server = new TestServer(new Application());
        Assert.That(
            () => server.Run(async () =>
            {
                Promise<Unit> called = server.Loop.CreateFuture<Unit>();
                await EventLoop.ToThread(
                    () => server.Loop.CallSoonThreadSafe(() => called.SetResult(default)));
                await called;
            }),
            Throws.InstanceOf<ForeignWaitException>().With.Message.Contains("another thread"));
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_post_that_arrives_after_a_time_limit_explains_it()
    {
        using var isEnding = new ManualResetEventSlim();
        Thread? thread = null;
        Application app = Wire.App("/", async _ =>
        {
            var answer = new Promise<Unit>();
            EventLoop loop = EventLoop.Current;
            thread = new Thread(() =>
            {
                isEnding.Wait();
                loop.CallSoonThreadSafe(() => answer.TrySetResult(default));
            });
            thread.Start();
            await answer;
            return new Response(204);
        });
        app.OnShutdown.Add(async _ =>
        {
            isEnding.Set();
            thread!.Join();
            await EventLoop.Yield();
        });
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(
            () => TestServer.Run(app, static client => client.Get("/")))!;
        Assert.That(error.InnerException, Is.InstanceOf<ClientTimeoutException>());
        Assert.That(error.Waits[0], Does.Contain("posted by another thread"));
    }

    [Test]
    public void What_the_thread_of_the_test_posts_between_two_runs_is_no_foreign_post()
    {
        bool isCalled = false;
        using var server = new TestServer(new Application());
        server.Loop.CallSoonThreadSafe(() => isCalled = true);
        server.Advance(TimeSpan.Zero);
        Assert.That(isCalled);
    }

    [Test]
    public void An_option_allows_foreign_awaits_and_they_are_listed_still()
    {
        using var server = new TestServer(
            new Application(), new TestServerOptions { AllowsForeignAwaits = true });
        server.Run(WaitForThread);
        Assert.That(server.ForeignWaits, Has.Count.EqualTo(1));
    }

    // The executor holds the clock until its thread has posted, which it does once the task waits.
    private static async Coroutine WaitForThread()
    {
        var source = new TaskCompletionSource();
        using var waits = new ManualResetEventSlim();
        Future<Unit> completed = EventLoop.ToThread(() =>
        {
            waits.Wait();
            source.SetResult();
        });
        EventLoop.Current.CallSoon(waits.Set);
        await source.Task;
        await completed;
    }

    private static async Coroutine WaitOnLoopAsync(Task task) => await task.OnLoop();

    private static async Task PlainAsync(TimeSpan time) => await EventLoop.Delay(time);
}
