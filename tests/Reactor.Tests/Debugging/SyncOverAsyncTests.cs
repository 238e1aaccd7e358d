using System.Runtime.CompilerServices;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A synchronous wait for a task on the loop thread, which stops the loop, perhaps for ever. Debug
/// mode names the place at once, while the wait goes on: each test waits for a task that the log
/// message itself completes, so it fails by time-out if none comes.
/// </summary>
public sealed class SyncOverAsyncTests
{
    private static readonly TimeSpan s_never = TimeSpan.FromSeconds(20);

    private ListLoggerFactory _log = null!;
    private EventLoop _loop = null!;
    private TaskCompletionSource<int> _source = null!;
    private CancellationTokenSource _deadline = null!;

    [SetUp]
    public void MakeLoop()
    {
        _log = new ListLoggerFactory
        {
            OnMessage = message =>
            {
                if (message.Contains("waits for a Task"))
                {
                    _source.TrySetResult(7);
                }
            },
        };
        _source = new TaskCompletionSource<int>();
        _deadline = new CancellationTokenSource(s_never);
        _deadline.Token.Register(() => _source.TrySetException(new TimeoutException()));
        _loop = new EventLoop(new EventLoopOptions
        {
            Driver = new ManualDriver(),
            Debug = true,
            LoggerFactory = _log,
        });
    }

    [TearDown]
    public void CloseLoop()
    {
        _loop.Dispose();
        _deadline.Dispose();
        _log.Dispose();
    }

    private static IEnumerable<TestCaseData> WaysOfWaiting()
    {
        static TestCaseData Case(string name, Action<Task<int>> wait) =>
            new TestCaseData(wait).SetArgDisplayNames(name);

        yield return Case("Result", task => _ = task.Result);
        yield return Case("Wait", task => task.Wait());
        yield return Case("Wait with a time-out", task => task.Wait(s_never));
        yield return Case("GetResult", task => task.GetAwaiter().GetResult());
        yield return Case("GetResult after ConfigureAwait", task =>
            task.ConfigureAwait(false).GetAwaiter().GetResult());
        yield return Case("WaitAll", task => Task.WaitAll(task));
        yield return Case("WaitAny", task => Task.WaitAny(task));
        yield return Case("Result of an async method", task => _ = Await(task).Result);
        yield return Case("GetResult of a ValueTask", task =>
            new ValueTask<int>(Await(task)).GetAwaiter().GetResult());
    }

    [TestCaseSource(nameof(WaysOfWaiting))]
    public void A_wait_for_a_task_is_reported_while_it_lasts(Action<Task<int>> wait)
    {
        _loop.CallSoon(() => wait(_source.Task));
        _loop.RunBriefly();

        string message = TakeMessages().Single();
        Assert.That(_source.Task.IsCompletedSuccessfully, Is.True, "the message came in time");
        Assert.That(message, Does.StartWith(
            "The loop thread waits for a Task at SyncOverAsyncTests.cs:"));
        Assert.That(message, Does.Contain("in <Handle ").And.Contain("await it instead"));
    }

    [Test]
    public void The_line_of_the_wait_and_the_task_are_named()
    {
        int line = 0;
        _loop.RunUntilComplete(_loop.CreateTask(Main(), "impatient"));

        Assert.That(TakeMessages().Single(), Does.Contain($"SyncOverAsyncTests.cs:{line}, ")
            .And.Contain("name='impatient'"));

        async Coroutine Main()
        {
            await EventLoop.Yield();
            line = LineOf() + 1;
            _source.Task.Wait();
        }
    }

    [Test]
    public void Each_place_is_reported_once()
    {
        _loop.CallSoon(Twice);
        _loop.RunBriefly();

        Assert.That(TakeMessages(), Has.Length.EqualTo(1));

        void Twice()
        {
            Thread waiting = Thread.CurrentThread;
            WaitFor(_source.Task); // ended by the message
            WaitFor(Task.Run(() => SpinWait.SpinUntil(() => IsBlocked(waiting), s_never)));
        }

        static void WaitFor(Task task) => task.Wait(s_never);

        static bool IsBlocked(Thread thread) =>
            thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin);
    }

    [Test]
    public void A_task_that_is_done_is_not_waited_for()
    {
        _source.SetResult(1);
        _loop.CallSoon(() => _ = _source.Task.Result);
        _loop.RunBriefly();

        Assert.That(TakeMessages(), Is.Empty);
    }

    [Test]
    public void A_wait_for_a_lock_or_an_event_is_left_to_the_watchdog()
    {
        using var isSet = new ManualResetEventSlim();
        _loop.CallSoon(() => isSet.Wait(30));
        _loop.RunBriefly();

        Assert.That(TakeMessages(), Is.Empty);
    }

    [Test]
    public void Without_debug_mode_nothing_is_reported()
    {
        _loop.Debug = false;
        _loop.CallSoon(() => new TaskCompletionSource().Task.Wait(30));
        _loop.RunBriefly();

        Assert.That(TakeMessages(), Is.Empty);
    }

    [Test]
    public void Another_thread_may_wait_as_it_likes()
    {
        bool isOver = false;
        _loop.CallSoon(() =>
        {
            var thread = new Thread(() => isOver = !new TaskCompletionSource().Task.Wait(30));
            thread.Start();
            thread.Join();
        });
        _loop.RunBriefly();

        Assert.That(isOver, Is.True);
        Assert.That(TakeMessages(), Is.Empty);
    }

    [Test]
    public void The_driver_of_sockets_may_wait()
    {
        using var loop = new EventLoop(
            new EventLoopOptions { Debug = true, LoggerFactory = _log });
        loop.CallLater(TimeSpan.FromMilliseconds(5), loop.Stop);
        loop.RunForever();

        Assert.That(TakeMessages(), Is.Empty);
    }

    private string[] TakeMessages()
    {
        LogQueue.Flush(s_never);
        return [.. _log.Messages.Where(message => message.Contains("waits for a Task"))];
    }

    private static async Task<int> Await(Task<int> task) => await task.ConfigureAwait(false);

    private static int LineOf([CallerLineNumber] int line = 0) => line;
}
