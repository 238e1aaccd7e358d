using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Reactor.Net;
using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Simulation;

/// <summary>
/// What a task awaits that is none of ours, while the virtual clock jumps: if that takes real time,
/// it ends at an arbitrary virtual moment. The driver reports it once, or throws; what waits for
/// the virtual clock itself is no such thing.
/// </summary>
public class ForeignAwaitTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Test]
    public void A_jump_of_the_clock_during_a_foreign_await_is_reported_once()
    {
        using var world = new SimulatedLoop { MayReport = true };
        var outcome = new TaskCompletionSource();
        LoopTask task = world.Loop.CreateTask(AwaitForeign(), "the client");
        world.RunFor(s_second);
        world.RunFor(s_second);
        world.Loop.CallSoon(outcome.SetResult);
        world.Loop.RunUntilComplete(task);
        world.Loop.CreateTask(AwaitAgain());
        world.RunFor(s_second);

        Assert.That(world.Errors.Select(error => error.Message), Has.Exactly(1).Items);
        Assert.That(
            world.Errors[0].Message, Does.Contain("jumps from 00:00:00 to 00:00:01")
                .And.Contain("the client").And.Match("ForeignAwaitTests.cs:[0-9]+")
                .And.Contain("EventLoop.ToThread"));

        async Coroutine AwaitForeign() => await outcome.Task;

        async Coroutine AwaitAgain() => await new TaskCompletionSource().Task;
    }

    [Test]
    public void With_the_strict_option_it_is_an_error()
    {
        using var world =
            new SimulatedLoop(new() { RejectForeignAwaits = true }) { MayReport = true };
        world.Loop.CreateTask(AwaitForeign(), "the client");

        Assert.That(
            () => world.RunFor(s_second),
            Throws.InvalidOperationException.With.Message.Contains("the client")
                .And.Message.Contains("ForeignAwaitTests.cs:")
                .And.Message.Contains("EventLoop.ToThread"));
        Assert.That(world.Driver.Now, Is.EqualTo(TimeSpan.Zero), "the clock has not jumped");

        async Coroutine AwaitForeign() => await new Never();
    }

    [TestCase(0)]
    [TestCase(2000)]
    public void The_place_is_that_of_the_await_however_many_came_before(int awaits)
    {
        using var world = new SimulatedLoop { MayReport = true };
        int line = 0;
        world.Loop.CreateTask(AwaitForeign());
        world.RunFor(s_second);

        Assert.That(
            world.Errors.Single().Message, Does.Contain($" at ForeignAwaitTests.cs:{line} in "));

        async Coroutine AwaitForeign()
        {
            for (int i = 0; i < awaits; i++)
            {
                await Task.Yield();
            }

            line = Line() + 1;
            await new TaskCompletionSource().Task;
        }
    }

    [Test]
    public void A_task_that_has_ended_is_not_kept()
    {
        using var world = new SimulatedLoop();
        WeakReference ended = RunToEnd(world);
        GC.Collect();

        Assert.That(ended.IsAlive, Is.False);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunToEnd(SimulatedLoop world)
    {
        LoopTask task = world.Loop.CreateTask(AwaitForeign());
        world.Settle();
        Assert.That(task.IsDone);
        return new WeakReference(task);

        static async Coroutine AwaitForeign() => await Task.Yield();
    }

    [Test]
    public void A_plain_method_that_waits_for_something_foreign_is_reported_too()
    {
        using var world = new SimulatedLoop { MayReport = true };
        world.Loop.CreateTask(AwaitPlain());
        world.RunFor(s_second);

        Assert.That(world.Errors, Has.Count.EqualTo(1));

        async Coroutine AwaitPlain() => await Plain();

        async Task Plain() => await new TaskCompletionSource().Task;
    }

    [Test]
    public void A_wait_for_a_task_of_threads_by_way_of_a_future_is_reported_too()
    {
        using var world = new SimulatedLoop { MayReport = true };
        world.Loop.CreateTask(AwaitOnLoop(), "the client");
        world.RunFor(s_second);

        Assert.That(
            world.Errors.Single().Message,
            Does.Contain("the client").And.Match(" at ForeignAwaitTests.cs:[0-9]+ in "));

        async Coroutine AwaitOnLoop() => await new TaskCompletionSource().Task.OnLoop();
    }

    [Test]
    public void A_wait_for_a_sequence_by_way_of_OnLoop_names_the_task_and_its_own_line()
    {
        using var world = new SimulatedLoop { MayReport = true };
        int line = 0;
        world.Loop.CreateTask(AwaitSequence(), "the client");
        world.RunFor(s_second);

        Assert.That(
            world.Errors.Single().Message,
            Does.Contain("the client").And.Contain($" at ForeignAwaitTests.cs:{line} in "));

        async Coroutine AwaitSequence()
        {
            line = Line() + 1;
            await foreach (int _ in Channel.CreateUnbounded<int>().Reader.ReadAllAsync().OnLoop())
            {
            }
        }
    }

    [Test]
    public void A_future_of_OnLoop_behind_a_combinator_names_the_task_that_made_it()
    {
        using var world = new SimulatedLoop { MayReport = true };
        world.Loop.CreateTask(AwaitShielded(), "the client");
        world.RunFor(s_second);

        Assert.That(world.Errors.Single().Message, Does.Contain("the client"));

        async Coroutine AwaitShielded() => await new TaskCompletionSource().Task.OnLoop().Shield();
    }

    [Test]
    public void A_future_of_OnLoop_that_was_cancelled_is_not_reported()
    {
        using var world = new SimulatedLoop(new() { RejectForeignAwaits = true });
        LoopTask task = world.Loop.CreateTask(AwaitOther());
        world.RunFor(s_second);
        Assert.That(task.IsDone);

        async Coroutine AwaitOther()
        {
            new TaskCompletionSource().Task.OnLoop().Cancel();
            await EventLoop.Delay(s_second / 2);
        }
    }

    [Test]
    public void What_tells_the_task_what_it_waits_for_is_not_foreign()
    {
        using var world = new SimulatedLoop(new() { RejectForeignAwaits = true });
        LoopTask task = world.Loop.CreateTask(AwaitGiven());
        world.RunFor(s_second);
        Assert.That(task.IsDone, Is.False);
        task.Cancel();
        world.Settle();
        Assert.That(task.IsDone);

        async Coroutine AwaitGiven() => await new Told();
    }

    [TestCase("executor")]
    [TestCase("thread")]
    [TestCase("plain delay")]
    [TestCase("nested plain delay")]
    [TestCase("time provider")]
    [TestCase("plain future")]
    [TestCase("plain event")]
    [TestCase("future as task")]
    [TestCase("pipe")]
    [TestCase("stream")]
    [TestCase("ended")]
    public void What_waits_for_the_loop_or_holds_the_clock_is_not_reported(string what)
    {
        using var world = new SimulatedLoop(new() { RejectForeignAwaits = true });
        LoopTask task = world.Loop.CreateTask(Await(world, what));
        world.Loop.CallLater(s_second, static () => { });
        world.Loop.RunUntilComplete(task);
        Assert.That(world.Errors, Is.Empty);
    }

    private static async Coroutine Await(SimulatedLoop world, string what)
    {
        EventLoop loop = world.Loop;
        switch (what)
        {
            case "executor":
                await loop.RunInExecutor(() => Thread.Sleep(1));
                break;
            case "thread":
                await EventLoop.ToThread(() => Thread.Sleep(1));
                break;
            case "plain delay":
                await PlainDelay();
                break;
            case "nested plain delay":
                await NestedDelay();
                break;
            case "time provider":
                await Task.Delay(5 * s_second, loop.TimeProvider);
                break;
            case "plain future":
                var future = loop.CreateFuture<int>();
                loop.CallLater(5 * s_second, () => future.SetResult(1));
                await PlainFuture(future);
                break;
            case "plain event":
                var ready = new AsyncEvent();
                loop.CallLater(5 * s_second, ready.Set);
                await PlainEvent(ready);
                break;
            case "future as task":
                await EventLoop.Spawn(Later()).AsTask();
                break;
            case "ended":
                await Task.CompletedTask;
                await Task.Yield();
                await EventLoop.Delay(5 * s_second);
                break;
            default:
                await ReadFromServer(loop, what == "stream");
                break;
        }
    }

    private static async Coroutine ReadFromServer(EventLoop loop, bool isStream)
    {
        LoopServer server = await loop.StartServer(
            async connection =>
            {
                await EventLoop.Delay(5 * s_second);
                await connection.WriteAsync("late"u8.ToArray());
            },
            "127.0.0.1",
            0);
        Connection client = await Connection.OpenAsync(server.EndPoints[0]);
        if (isStream)
        {
            await client.AsStream().ReadExactlyAsync(new byte[4]);
        }
        else
        {
            await client.Input.ReadAsync();
        }

        client.Close();
        server.Close();
        await server.WaitClosedAsync();
    }

    private static async Task NestedDelay() => await PlainDelay();

    private static async Task PlainDelay() => await EventLoop.Delay(5 * s_second);

    private static async Task PlainFuture(Future<int> future) => await future;

    private static async Task PlainEvent(AsyncEvent ready) => await ready.WaitAsync();

    private static async Coroutine Later() => await EventLoop.Delay(5 * s_second);

    private static int Line([CallerLineNumber] int line = 0) => line;

    /// <summary>A foreign awaitable that knows whose continuation it is given.</summary>
    private readonly struct Told : INotifyCompletion, IWaitSource
    {
        public bool IsCompleted => false;

        public Told GetAwaiter() => this;

        public void OnCompleted(Action continuation) =>
            TaskStep.Of(continuation)!.SuspendOn(this);

        public void GetResult()
        {
        }

        public bool CancelWait(TaskStep waiter, string? message) => false;
    }

    /// <summary>An awaitable that never completes.</summary>
    private readonly struct Never : INotifyCompletion
    {
        public bool IsCompleted => false;

        public Never GetAwaiter() => this;

        public void OnCompleted(Action continuation)
        {
        }

        public void GetResult()
        {
        }
    }
}
