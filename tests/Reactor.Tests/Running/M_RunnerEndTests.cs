using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements M03, M04, M07 and M08: what a runner does at its end, in which order, and what an
/// interruption makes of a run. The whole process is in InterruptedProcessTests.
/// </summary>
public sealed class M_RunnerEndTests : LoopFixture
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);

    [Test]
    public void M03_leftover_tasks_are_cancelled_and_awaited()
    {
        using (var runner = new LoopRunner(null, _ => NewLoop()))
        {
            runner.Run(async () =>
            {
                _ = EventLoop.Spawn(Beside());
                await EventLoop.Yield();
                Tell("main-ended");
            });
            Assert.That(Story, Is.EqualTo("main-ended"), "not before the end of the runner");
        }

        Assert.That(Story, Is.EqualTo("main-ended cancelled cleaned"));

        async Coroutine Beside()
        {
            try
            {
                await EventLoop.Delay(S(1000));
            }
            catch (LoopCanceledException)
            {
                Tell("cancelled");
                await EventLoop.Delay(S(1));
                Tell("cleaned");
                throw;
            }
        }
    }

    [Test]
    public void M03_their_errors_are_reported()
    {
        using (var runner = new LoopRunner(null, _ => NewLoop()))
        {
            runner.Run(async () =>
            {
                _ = EventLoop.Spawn(Fail());
                await EventLoop.Yield();
            });
        }

        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.StartWith("Unhandled exception during LoopRunner shut"));
        Assert.That(report.Exception, Is.TypeOf<FormatException>());
        Assert.That(report.Future, Is.InstanceOf<ILoopTask>());

        static async Coroutine Fail()
        {
            try
            {
                await EventLoop.Delay(S(1000));
            }
            catch (LoopCanceledException)
            {
                throw new FormatException();
            }
        }
    }

    [Test]
    public void M04_the_executor_is_shut_after_the_tasks_and_before_the_loop()
    {
        var driver = new ManualDriver();
        var executor = new TellingExecutor(Tell);
        using (var runner = new LoopRunner(null, _ => NewLoop(driver)))
        {
            EventLoop loop = runner.Loop;
            loop.DefaultExecutor = executor;
            executor.AtShutdown = () =>
            {
                Assert.That(loop.AllTasks().Where(task => task.CoroutineName == nameof(Beside)),
                    Is.Empty);
                Assert.That(driver.IsDisposed, Is.False);
            };
            runner.Run(async () =>
            {
                _ = EventLoop.Spawn(Beside());
                await EventLoop.Yield();
            });
        }

        Assert.That(Story, Does.StartWith("worked shutdown"));
        Assert.That(driver.IsDisposed, Is.True);

        async Coroutine Beside()
        {
            try
            {
                await EventLoop.Delay(S(1000));
            }
            finally
            {
                await EventLoop.ToThread(() => Tell("worked"));
            }
        }
    }

    [Test]
    public void M04_it_waits_for_work_that_runs()
    {
        using var open = new ManualResetEventSlim();
        using (var runner = new LoopRunner(null, _ => NewLoop()))
        {
            runner.Run(async () =>
            {
                _ = EventLoop.ToThread(() =>
                {
                    open.Wait(s_bound);
                    Tell("worked");
                });
                await EventLoop.Yield();
                Tell("main-ended");
                open.Set();
            });
        }

        Assert.That(Story, Is.EqualTo("main-ended worked"));
    }

    [Test]
    public void M04_five_minutes_at_most()
    {
        var driver = new ManualDriver();
        using var ended = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            var runner = new LoopRunner(null, _ => NewLoop(driver));
            runner.Loop.DefaultExecutor = new StuckExecutor();
            runner.Dispose();
            ended.Set();
        });
        thread.Start();
        PassTime(driver, TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(ended.IsSet, Is.False);
        Assert.That(driver.IsDisposed, Is.False);

        driver.Advance(TimeSpan.FromTicks(1));
        driver.Wake();
        Assert.That(ended.Wait(s_bound), Is.True);
        thread.Join();

        Assert.That(TakeReport().Message, Does.Contain("did not finish joining its threads"));
    }

    [Test]
    public void M07_the_first_interruption_cancels_main_and_is_thrown_if_main_ends_by_it()
    {
        var driver = new ManualDriver();
        using var runner = new LoopRunner(null, _ => NewLoop(driver));
        bool[] taken = [];
        Thread thread = WhenItWaits(driver, () =>
            taken = [runner.OnInterrupt(), runner.OnInterrupt()]);

        var error = Assert.Throws<InterruptException>(() => runner.Run(WaitForEver));
        thread.Join();

        Assert.That(taken, Is.EqualTo(new[] { true, false }), "the second ends the process");
        Assert.That(error!.InnerException, Is.TypeOf<LoopCanceledException>());
        Assert.That(error, Is.InstanceOf<LoopAbortException>());
        Assert.That(Story, Is.EqualTo("cleaned"));
    }

    [Test]
    public void M07_a_main_that_catches_it_goes_on_and_its_result_counts()
    {
        var driver = new ManualDriver();
        using var runner = new LoopRunner(null, _ => NewLoop(driver));
        Thread thread = WhenItWaits(driver, () => runner.OnInterrupt());

        int result = runner.Run(async () =>
        {
            try
            {
                await WaitForEver();
            }
            catch (LoopCanceledException)
            {
                await EventLoop.Delay(S(1));
            }

            return 5;
        });
        thread.Join();

        Assert.That(result, Is.EqualTo(5));
    }

    [Test]
    public void M07_an_error_of_main_on_its_way_out_is_the_error_of_the_run()
    {
        var driver = new ManualDriver();
        using var runner = new LoopRunner(null, _ => NewLoop(driver));
        Thread thread = WhenItWaits(driver, () => runner.OnInterrupt());

        Assert.Throws<FormatException>(() => runner.Run(async () =>
        {
            try
            {
                await WaitForEver();
            }
            catch (LoopCanceledException)
            {
                throw new FormatException();
            }
        }));
        thread.Join();
    }

    [Test]
    public void M07_each_run_has_its_own_first_interruption()
    {
        var driver = new ManualDriver();
        using var runner = new LoopRunner(null, _ => NewLoop(driver));
        for (int i = 0; i < 2; i++)
        {
            Thread thread = WhenItWaits(driver, () => runner.OnInterrupt());
            Assert.Throws<InterruptException>(() => runner.Run(WaitForEver));
            thread.Join();
        }
    }

    [Test]
    public void M07_with_no_main_that_runs_it_is_left_to_the_platform()
    {
        using var runner = new LoopRunner(null, _ => NewLoop());
        Assert.That(runner.OnInterrupt(), Is.False);
        runner.Run(async () => await EventLoop.Yield());
        Assert.That(runner.OnInterrupt(), Is.False);
    }

    [Test]
    public void M08_a_main_that_was_cancelled_for_another_reason_too_is_cancelled()
    {
        using var runner = new LoopRunner(null, _ => NewLoop());
        Assert.Throws<LoopCanceledException>(() => runner.Run(async () =>
        {
            ILoopTask main = LoopTask.Current!;
            EventLoop.Current.CallSoon(() =>
            {
                runner.OnInterrupt();
                main.Cancel("another reason");
            });
            await WaitForEver();
        }));
    }

    [Test]
    public void M08_a_main_that_was_cancelled_without_an_interruption_is_cancelled()
    {
        using var runner = new LoopRunner(null, _ => NewLoop());
        Assert.Throws<LoopCanceledException>(() => runner.Run(async () =>
        {
            LoopTask.Current!.Cancel();
            await WaitForEver();
        }));
    }

    private async Coroutine WaitForEver()
    {
        try
        {
            await EventLoop.Current.CreateFuture<int>();
        }
        finally
        {
            Tell("cleaned");
        }
    }

    private static Thread WhenItWaits(ManualDriver driver, Action act)
    {
        var thread = new Thread(() =>
        {
            driver.WaitUntilLoopWaits();
            act();
        });
        thread.Start();
        return thread;
    }

    // Until the loop has seen the new time and waits again.
    private static void PassTime(ManualDriver driver, TimeSpan time)
    {
        driver.WaitUntilLoopWaits();
        int polls = driver.PollCount;
        driver.Advance(time);
        driver.Wake();
        Assert.That(
            SpinWait.SpinUntil(() => polls < driver.PollCount, s_bound));
        driver.WaitUntilLoopWaits();
    }

    private sealed class TellingExecutor(Action<string> tell) : IExecutor
    {
        private readonly ThreadPoolExecutor _inner = new(new() { Threads = 1 });

        public Action? AtShutdown { get; set; }

        public Task Completion => _inner.Completion;

        public void Submit(Action work) => _inner.Submit(work);

        public void Shutdown()
        {
            tell("shutdown");
            AtShutdown?.Invoke();
            AtShutdown = null;
            _inner.Shutdown();
        }
    }

    private sealed class StuckExecutor : IExecutor
    {
        public Task Completion { get; } = new TaskCompletionSource().Task;

        public void Submit(Action work)
        {
        }

        public void Shutdown()
        {
        }
    }
}
