using System.Threading.Channels;
using Reactor.Testing;

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// Background tasks that wait for what a handler gives them by .NET's own objects: their tests pass
/// each time if a cancellation ends the wait, and no failure of a test is blamed on them.
/// </summary>
public sealed class BackgroundWaitTests
{
    /// <summary>As for <see cref="ForeignStartTests"/>.</summary>
    private static readonly int s_runs = TestRuns.Or(20);

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private sealed class Jobs : IDisposable
    {
        public Channel<int> Channel { get; } = System.Threading.Channels.Channel
            .CreateUnbounded<int>();

        public SemaphoreSlim Gate { get; } = new(0);

        public int Done { get; private set; }

        public void Take()
        {
            while (Channel.Reader.TryRead(out _))
            {
                Done++;
            }
        }

        public void Dispose() => Gate.Dispose();
    }

    private static readonly Dictionary<string, Func<Jobs, Coroutine>> s_pass = new()
    {
        ["WaitToReadAsync with the token"] = static async jobs =>
        {
            while (await jobs.Channel.Reader.WaitToReadAsync(LoopTask.CurrentToken))
            {
                jobs.Take();
            }
        },
        ["WaitToReadAsync with the token in a plain method"] = static async jobs =>
            await ReadAsync(jobs, LoopTask.CurrentToken),
        ["WaitToReadAsync by OnLoop"] = static async jobs =>
        {
            while (await jobs.Channel.Reader.WaitToReadAsync().OnLoop())
            {
                jobs.Take();
            }
        },
        ["ReadAsync with the token"] = static async jobs =>
        {
            while (true)
            {
                int job = await jobs.Channel.Reader.ReadAsync(LoopTask.CurrentToken);
                jobs.Channel.Writer.TryWrite(job);
                jobs.Take();
            }
        },
        ["a semaphore by OnLoop"] = static async jobs =>
        {
            while (true)
            {
                await jobs.Gate.WaitAsync().OnLoop();
                jobs.Take();
            }
        },
    };

    /// <summary>.NET passes what they wait for over the thread pool.</summary>
    private static readonly Dictionary<string, Func<Jobs, Coroutine>> s_hop = new()
    {
        ["a semaphore with the token"] = static async jobs =>
        {
            while (true)
            {
                await jobs.Gate.WaitAsync(LoopTask.CurrentToken);
                jobs.Take();
            }
        },
        ["ReadAllAsync by OnLoop"] = static async jobs =>
        {
            await foreach (int _ in jobs.Channel.Reader.ReadAllAsync().OnLoop())
            {
                jobs.Take();
            }
        },
        ["ReadAllAsync with the token"] = static async jobs =>
        {
            CancellationToken token = LoopTask.CurrentToken;
            await foreach (int _ in jobs.Channel.Reader.ReadAllAsync(token))
            {
                jobs.Take();
            }
        },
    };

    private static IEnumerable<string> Passing => s_pass.Keys;

    private static IEnumerable<string> Hopping => s_hop.Keys;

    [TestCaseSource(nameof(Passing))]
    public void It_ends_with_the_server_each_time(string name)
    {
        for (int i = 0; i < s_runs; i++)
        {
            using var jobs = new Jobs();
            TestServer.Run(Serve(jobs, s_pass[name]), client =>
            {
                client.Get("/");
                client.Advance(s_second);
                client.Get("/");
            });
            Assert.That(jobs.Done, Is.EqualTo(2));
        }
    }

    [Test]
    public void Two_of_them_end_with_the_server_each_time()
    {
        for (int i = 0; i < s_runs; i++)
        {
            using Jobs jobs = new(), more = new();
            Application app = Serve(jobs, s_pass["WaitToReadAsync with the token"]);
            app.Spawn("more", async _ => await s_hop["a semaphore with the token"](more));
            TestServer.Run(app, client => client.Advance(s_second));
        }
    }

    [TestCaseSource(nameof(Hopping))]
    public void What_goes_over_the_pool_ends_with_the_server_each_time_if_nothing_arrives(
        string name)
    {
        for (int i = 0; i < s_runs; i++)
        {
            using var jobs = new Jobs();
            TestServer.Run(Serve(jobs, s_hop[name]), client => client.Advance(s_second));
        }
    }

    [TestCaseSource(nameof(Hopping))]
    public void What_goes_over_the_pool_fails_once_something_arrives(string name)
    {
        using var jobs = new Jobs();
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(() => TestServer.Run(
            Serve(jobs, s_hop[name]), client =>
            {
                client.Get("/");
                client.Get("/");
            }))!;
        Assert.That(
            error.Waits[0],
            Does.StartWith("work for the thread pool at BackgroundWaitTests.cs:"));
    }

    [Test]
    public void A_wait_that_no_cancellation_ends_is_a_leak()
    {
        using var jobs = new Jobs();
        TestLeakException error = Assert.Throws<TestLeakException>(
            () => TestServer.Run(Serve(jobs, WaitForEverAsync), client => client.Get("/")))!;
        Assert.That(error.Message, Does.Contain("Task 'worker'"));
    }

    [Test]
    public void A_writer_that_the_shutdown_completes_ends_it()
    {
        using var jobs = new Jobs();
        Application app = Serve(jobs, WaitForEverAsync);
        app.OnShutdown.Add(async _ =>
        {
            jobs.Channel.Writer.Complete();
            await EventLoop.Yield();
        });
        TestServer.Run(app, client => client.Get("/"));
        Assert.That(jobs.Done, Is.EqualTo(1));
    }

    [Test]
    public void What_a_test_expects_of_time_is_not_blamed_on_it(
        [Values] bool isSpawnedByHandler)
    {
        using var jobs = new Jobs();
        Application app = Serve(
            isSpawnedByHandler ? new Jobs() : jobs, s_pass["WaitToReadAsync by OnLoop"]);
        app.Get("/spawn", async _ =>
        {
            app.Spawn("late", async _ => await s_pass["WaitToReadAsync by OnLoop"](jobs));
            await EventLoop.Yield();
            return new Response(204);
        });
        app.Get("/slow", async _ =>
        {
            await EventLoop.Delay(10 * s_second);
            return new Response(204);
        });
        TestServer.Run(app, static client =>
        {
            client.Get("/spawn");
            client.Advance(s_second);
            TestClient hasty = client.Server.CreateClient(new() { HeadTimeout = s_second });
            Assert.Throws<ClientTimeoutException>(() => hasty.Get("/slow"));
            Assert.Throws<ClientConnectException>(() => hasty.Get("http://x.test:81/"));
            client.Advance(20 * s_second);
        });
    }

    [Test]
    public void What_a_handler_waits_for_is_blamed_still()
    {
        using var jobs = new Jobs();
        var never = new TaskCompletionSource();
        Application app = Serve(jobs, s_pass["WaitToReadAsync by OnLoop"]);
        app.Get("/never", async _ =>
        {
            await never.Task;
            return new Response(204);
        });
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(
            () => TestServer.Run(app, static client => client.Get("/never")))!;
        Assert.That(error.InnerException, Is.InstanceOf<ClientTimeoutException>());
        never.SetResult();
    }

    [Test]
    public void A_deadlock_of_the_test_is_not_blamed_on_it()
    {
        using var jobs = new Jobs();
        Assert.That(
            () => TestServer.Run(
                Serve(jobs, s_pass["WaitToReadAsync by OnLoop"]),
                async client => { await client.Server.Loop.CreateFuture<Unit>(); }),
            Throws.InvalidOperationException.With.Message.Contains("Deadlock"));
    }

    [Test]
    public void A_search_with_it_is_deterministic()
    {
        ChaosException found = Assert.Throws<ChaosException>(() => ChaosSearch.Run(
            static () => Serve(new Jobs(), s_pass["WaitToReadAsync with the token"]),
            static async client =>
            {
                await client.AdvanceAsync(s_second);
                throw new TimeoutException("planted");
            }))!;
        Assert.That(found.IsDeterministic, found.Message);
        Assert.That(found.InnerException, Is.TypeOf<TimeoutException>());
    }

    private static Application Serve(Jobs jobs, Func<Jobs, Coroutine> work)
    {
        Application app = Wire.App("/", async _ =>
        {
            jobs.Channel.Writer.TryWrite(1);
            jobs.Gate.Release();
            await EventLoop.Yield();
            return new Response(204);
        });
        app.Spawn("worker", async _ => await work(jobs));
        return app;
    }

    private static async Task ReadAsync(Jobs jobs, CancellationToken token)
    {
        while (await jobs.Channel.Reader.WaitToReadAsync(token))
        {
            jobs.Take();
        }
    }

    private static async Coroutine WaitForEverAsync(Jobs jobs)
    {
        while (await jobs.Channel.Reader.WaitToReadAsync())
        {
            jobs.Take();
        }
    }
}
