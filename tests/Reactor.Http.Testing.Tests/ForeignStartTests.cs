using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Reactor.Testing;

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// What begins on the loop and ends in real time or on another thread fails the test each time, at
/// its begin: whether it has ended before its await is chance, and decides nothing.
/// </summary>
public sealed class ForeignStartTests
{
    /// <summary>
    /// A race that is lost once in thousands of runs is looked for under load, with more of them.
    /// </summary>
    private static readonly int s_runs = TestRuns.Or(20);

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private sealed class PoolExecutor : IExecutor
    {
        public Task Completion => Task.CompletedTask;

        public void Submit(Action work) => Task.Run(work);

        public void Shutdown()
        {
        }
    }

    private static readonly Dictionary<string, Func<TestServer, Coroutine>> s_fail = new()
    {
        ["a delay"] = static async _ => await Task.Delay(1),
        ["a delay that has ended"] = static async _ => await Ended(Task.Delay(1)),
        ["a delay of a plain method"] = static async _ => await DelayAsync(),
        ["a delay that virtual time cancels"] = static async _ =>
        {
            using var limit = new CancellationTokenSource(
                s_second, EventLoop.Current.TimeProvider);
            await Task.Delay(20_000, limit.Token);
        },
        ["a delay that is one of two"] = static async _ => await Task.WhenAny(
            WaitAsync(s_second), Task.Delay(20_000)),
        ["a time limit"] = static async _ =>
        {
            using var limit = new CancellationTokenSource(20_000);
            await EventLoop.Delay(s_second);
        },
        ["a timer"] = static async _ =>
        {
            var source = new TaskCompletionSource();
            await using var timer = new Timer(_ => source.TrySetResult(), null, 1, -1);
            await source.Task;
        },
        ["a timer of 29999 ms"] = static async _ =>
        {
            await using var timer = new Timer(static _ => { }, null, 29_999, -1);
            await EventLoop.Yield();
        },
        ["a function on the pool"] = static async _ => await Task.Run(static () => 1),
        ["a function that has ended"] = static async _ =>
            await Ended(Task.Run(static () => 1)),
        ["a function that the factory of a service begins"] = static async _ =>
        {
            await using ServiceProvider services = new ServiceCollection()
                .AddTransient(static _ => Task.Run(static () => 1)).BuildServiceProvider();
            await services.GetRequiredService<Task<int>>();
        },
        ["a function that nothing awaits"] = static async server =>
        {
            _ = Task.Run(static () => 1);
            await server.AdvanceAsync(s_second);
        },
        ["a function in OnLoop"] = static async _ => await Task.Run(static () => 1).OnLoop(),
        ["a continuation on the pool"] = static async server =>
        {
            var source = new TaskCompletionSource();
            Task waits = WaitElsewhereAsync(source.Task);
            await server.AdvanceAsync(s_second);
            source.SetResult();
            await waits;
        },
        ["a loop in parallel"] = static async _ => await Parallel.ForEachAsync(
            [1, 2, 3], static (_, _) => ValueTask.CompletedTask),
        ["a file"] = static async _ => await File.ReadAllBytesAsync(
            typeof(ForeignStartTests).Assembly.Location),
        ["a semaphore with a time limit"] = static async _ =>
        {
            using var gate = new SemaphoreSlim(0);
            await gate.WaitAsync(1);
        },
        ["the items of a channel"] = static async server =>
        {
            Channel<int> channel = Channel.CreateUnbounded<int>();
            LoopTask<int> sum = EventLoop.Spawn(SumAsync(channel));
            await server.AdvanceAsync(s_second);
            channel.Writer.TryWrite(1);
            channel.Writer.Complete();
            await sum;
        },
        ["a client of .NET"] = static async _ =>
        {
            using var client = new HttpClient();
            try
            {
                await client.GetAsync(new Uri("http://127.0.0.1:1/"));
            }
            catch (HttpRequestException)
            {
                // The port is closed, which takes real time to know.
            }
        },
        ["the resolution of a host"] = static async _ =>
            await Dns.GetHostAddressesAsync("localhost"),
    };

    private static readonly Dictionary<string, Func<TestServer, Coroutine>> s_pass = new()
    {
        ["Task.Yield"] = static async _ => await Task.Yield(),
        ["a delay of the loop"] = static async server =>
            await Task.Delay(s_second, server.Loop.TimeProvider),
        ["a time limit of the loop"] = static async server =>
        {
            using var limit = new CancellationTokenSource(s_second, server.Loop.TimeProvider);
            await server.AdvanceAsync(2 * s_second);
            Assert.That(limit.IsCancellationRequested);
        },
        ["a timer of 30000 ms"] = static async _ =>
        {
            await using var timer = new Timer(static _ => { }, null, 30_000, -1);
            await EventLoop.Yield();
        },
        ["a function on an executor"] = static async _ =>
            Assert.That(await EventLoop.ToThread(static () => 1), Is.EqualTo(1)),
        ["a function on an executor of the test"] = static async server =>
            await server.Loop.RunInExecutor(static () => { }, new PoolExecutor()),
        ["an async function on an executor"] = static async _ =>
            await EventLoop.ToThread(static async () => await Task.Delay(1)),
        // From its second use the container compiles it on the pool, and nothing waits for that.
        ["a service of a container"] = static async _ =>
        {
            await using ServiceProvider services = new ServiceCollection()
                .AddTransient<object>().BuildServiceProvider();
            for (int use = 0; use < 3; use++)
            {
                services.GetRequiredService<object>();
            }
        },
        ["a semaphore"] = static async server =>
        {
            using var gate = new SemaphoreSlim(0);
            Task entered = EnterAsync(gate);
            await server.AdvanceAsync(s_second);
            gate.Release();
            await entered;
        },
        ["a source that continues asynchronously"] = static async server =>
        {
            var source = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously);
            LoopTask waits = EventLoop.Spawn(async () => await source.Task);
            await server.AdvanceAsync(s_second);
            source.SetResult();
            await waits;
        },
        ["a channel"] = static async server =>
        {
            Channel<int> channel = Channel.CreateUnbounded<int>();
            LoopTask<bool> waits =
                EventLoop.Spawn(async () => await channel.Reader.WaitToReadAsync());
            await server.AdvanceAsync(s_second);
            channel.Writer.TryWrite(1);
            Assert.That(await waits);
        },
        ["a semaphore by OnLoop"] = static async server =>
        {
            using var gate = new SemaphoreSlim(0);
            LoopTask entered = EventLoop.Spawn(async () => { await gate.WaitAsync().OnLoop(); });
            await server.AdvanceAsync(s_second);
            gate.Release();
            await entered;
        },
        ["a source that continues asynchronously by OnLoop"] = static async server =>
        {
            var source = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously);
            LoopTask waits = EventLoop.Spawn(async () => { await source.Task.OnLoop(); });
            await server.AdvanceAsync(s_second);
            source.SetResult();
            await waits;
        },
        ["a channel by OnLoop"] = static async server =>
        {
            Channel<int> channel = Channel.CreateUnbounded<int>();
            LoopTask<bool> waits =
                EventLoop.Spawn(async () => await channel.Reader.WaitToReadAsync().OnLoop());
            await server.AdvanceAsync(s_second);
            channel.Writer.TryWrite(1);
            Assert.That(await waits);
        },
        ["a value task without a result by OnLoop"] = static async server =>
        {
            Channel<int> channel = Channel.CreateBounded<int>(1);
            channel.Writer.TryWrite(1);
            LoopTask written = EventLoop.Spawn(
                async () => { await channel.Writer.WriteAsync(2).OnLoop(); });
            await server.AdvanceAsync(s_second);
            Assert.That(await channel.Reader.ReadAsync(), Is.EqualTo(1));
            await written;
        },
    };

    private static IEnumerable<string> Failing => s_fail.Keys;

    private static IEnumerable<string> Passing => s_pass.Keys;

    [TestCaseSource(nameof(Failing))]
    public void It_fails_each_time_and_names_the_line(string name)
    {
        for (int i = 0; i < s_runs; i++)
        {
            var server = new TestServer(new Application());
            ForeignWaitException error = Assert.Throws<ForeignWaitException>(
                () => server.Run(() => s_fail[name](server)))!;
            Assert.That(error.Waits[0], Does.Contain("ForeignStartTests.cs:"));
        }
    }

    [TestCaseSource(nameof(Passing))]
    public void What_ends_on_the_loop_passes_each_time(string name)
    {
        for (int i = 0; i < s_runs; i++)
        {
            TestServer.Run(new Application(), client => s_pass[name](client.Server));
        }
    }

    [Test]
    public void A_handler_that_reads_a_file_is_named()
    {
        var server = new TestServer(Wire.App("/", static async _ =>
        {
            await File.ReadAllBytesAsync(typeof(ForeignStartTests).Assembly.Location);
            return new Response(204);
        }));
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(
            () => server.CreateClient().Get("/"))!;
        Assert.That(
            error.Waits[0],
            Does.StartWith("work for the thread pool at ForeignStartTests.cs:")
                .And.Contains("name='connection'"));
    }

    [Test]
    public void What_a_test_does_between_two_runs_of_the_loop_is_its_own_business()
    {
        using var server = new TestServer(Wire.Hello());
        TestClient client = server.CreateClient();
        Assert.That(client.Get("/").Status, Is.EqualTo(200));
        Task.Run(static () => 1).Wait();
        Assert.That(client.Get("/").Status, Is.EqualTo(200));
        Assert.That(server.ForeignWaits, Is.Empty);
    }

    [Test]
    public void A_test_that_goes_on_in_another_thread_may_post_there()
    {
        using var server = new TestServer(Wire.Hello());
        bool isCalled = false;
        var other = new Thread(() =>
        {
            server.Loop.CallSoonThreadSafe(() => isCalled = true);
            server.Advance(TimeSpan.Zero);
        });
        other.Start();
        other.Join();
        Assert.That(isCalled);
    }

    [Test]
    public void The_shutdown_may_cancel_what_a_background_task_waits_for()
    {
        var never = new TaskCompletionSource();
        var app = new Application();
        app.Spawn("worker", async _ => await never.Task.OnLoop());
        var server = new TestServer(app);
        server.Advance(s_second);
        Assert.That(server.Dispose, Throws.Nothing);
    }

    private static async Coroutine Ended(Task task)
    {
        SpinWait.SpinUntil(() => task.IsCompleted);
        await task;
    }

    private static async Coroutine<int> SumAsync(Channel<int> channel)
    {
        int sum = 0;
        await foreach (int item in channel.Reader.ReadAllAsync().OnLoop())
        {
            sum += item;
        }

        return sum;
    }

    private static async Task DelayAsync()
    {
        await EventLoop.Delay(s_second);
        await Task.Delay(1);
    }

    private static async Task WaitAsync(TimeSpan time) => await EventLoop.Delay(time);

    private static async Task WaitElsewhereAsync(Task task) => await task.ConfigureAwait(false);

    private static async Task EnterAsync(SemaphoreSlim gate) => await gate.WaitAsync();
}
