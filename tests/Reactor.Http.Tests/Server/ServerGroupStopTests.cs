namespace Reactor.Http.Tests.Server;

/// <summary>
/// A stop while the loops of a group start: none of them serves alone, none waits for another that
/// has ended, and what was entered is exited.
/// </summary>
[Platform("Linux")]
public sealed class ServerGroupStopTests(string driver) : ServerGroupFixture(driver)
{
    [TestCase(1)]
    [TestCase(2)]
    public void Stop_during_the_start_exits_what_was_entered_and_Run_returns(int loops)
    {
        var entered = new CountdownEvent(loops);
        int exited = 0;
        bool hasServed = false;
        var group = new ServerGroup(loops, () =>
        {
            var app = new Application();
            app.CleanupContexts.Add(Context);
            app.OnStartup.Add(async _ =>
            {
                entered.Signal();
                await EventLoop.Delay(TimeSpan.FromDays(1)); // a database that does not answer
            });
            return app;
        })
        {
            LoopOptions = OptionsOf,
            OnServing = _ => hasServed = true,
        };
        Task run = Start(group);
        Assert.That(entered.Wait(Hung));
        group.Stop();

        AssertEnds(run);
        Assert.DoesNotThrow(() => run.GetAwaiter().GetResult());
        Assert.That(exited, Is.EqualTo(loops));
        Assert.That(hasServed, Is.False);

        async IAsyncEnumerable<Unit> Context(Application app)
        {
            yield return default;
            Interlocked.Increment(ref exited);
        }
    }

    [Test]
    public void Stop_ends_every_loop_also_if_a_hook_catches_its_cancellation()
    {
        var entered = new CountdownEvent(2);
        int made = 0;
        var group = new ServerGroup(2, () =>
        {
            bool catches = Interlocked.Increment(ref made) == 1;
            var app = new Application();
            app.OnStartup.Add(async _ =>
            {
                entered.Signal();
                try
                {
                    await EventLoop.Delay(TimeSpan.FromDays(1));
                }
                catch (LoopCanceledException) when (catches)
                {
                    // As a hook that tries again after every exception does.
                }
            });
            return app;
        })
        {
            LoopOptions = OptionsOf,
        };
        Task run = Start(group);
        Assert.That(entered.Wait(Hung));
        group.Stop();

        AssertEnds(run);
        Assert.DoesNotThrow(() => run.GetAwaiter().GetResult());
    }

    [Test]
    public void Stop_at_any_moment_of_the_start_ends_every_loop()
    {
        var options = new HttpServerOptions { Shutdown = new() { AcceptTime = TimeSpan.Zero } };
        for (int run = 0; run < 100; run++)
        {
            int cleaned = 0;
            int started = 0;
            var group = new ServerGroup(2, () =>
            {
                var app = new Application();
                app.OnStartup.Add(async _ => Interlocked.Increment(ref started));
                app.OnCleanup.Add(async _ => Interlocked.Increment(ref cleaned));
                return app;
            }, options)
            {
                LoopOptions = OptionsOf,
            };
            Task end = Start(group);
            Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref started) == 2, Hung));
            Thread.SpinWait(run * 40); // from before the listeners open to after
            group.Stop();

            AssertEnds(end, $"run {run} hangs");
            Assert.DoesNotThrow(() => end.GetAwaiter().GetResult());
            Assert.That(cleaned, Is.EqualTo(2), $"run {run}");
        }
    }
}
