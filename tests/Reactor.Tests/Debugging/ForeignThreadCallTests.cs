using Reactor.Sync;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Statements C06 and C07: calls for the loop's thread alone, made from another one. Debug mode
/// finds them while the loop runs.
/// </summary>
public sealed class ForeignThreadCallTests : LoopFixture
{
    private static readonly Action s_nothing = static () => { };

    private static IEnumerable<TestCaseData> Calls()
    {
        static TestCaseData Case(string name, Action<EventLoop> call) =>
            new TestCaseData(call).SetArgDisplayNames(name);

        yield return Case("CallSoon", loop => loop.CallSoon(s_nothing));
        yield return Case("CallLater", loop => loop.CallLater(S(1), s_nothing));
        yield return Case("CallAt", loop => loop.CallAt(S(1), s_nothing));
        yield return Case("Post", loop => loop.Post(WorkOf(loop)));
        yield return Case("Arm", loop => loop.Arm(WorkOf(loop), S(1)));
        yield return Case("CreateTask", loop => loop.CreateTask(Nothing()));
    }

    /// <summary>Calls on objects that the loop has made; it has no part in the call.</summary>
    private static IEnumerable<TestCaseData> CallsOnObjects()
    {
        static TestCaseData Case(string name, Func<EventLoop, Action> make) =>
            new TestCaseData(make).SetArgDisplayNames(name);
        static TestCaseData Of(string name, Action<Promise<int>> call) => Case(name, loop =>
        {
            Promise<int> future = loop.CreateFuture<int>();
            return () => call(future);
        });

        yield return Of("SetResult", future => future.SetResult(1));
        yield return Of("TrySetResult", future => future.TrySetResult(1));
        yield return Of("SetException", future => future.SetException(new FormatException()));
        yield return Of("Cancel", future => future.Cancel());
        yield return Of("AddDoneCallback", future => future.AddDoneCallback(_ => { }));
        yield return Of("RemoveDoneCallback", future => future.RemoveDoneCallback(_ => { }));
        yield return Of("AsTask", future => future.AsTask());
        yield return Of("Shield", future => future.Shield());
        yield return Case("SetResult of a future made with new", loop =>
        {
            var future = new Promise<int>(loop);
            return () => future.SetResult(1);
        });
        yield return Case("Cancel of a task", loop => ByAction(loop.CreateTask(Nothing())));
        yield return Case("Cancel of a timer", loop => loop.CallLater(S(1), s_nothing).Cancel);
        yield return Case("Set of an event", loop =>
        {
            var happened = new AsyncEvent();
            loop.RunUntilComplete(WaitShortly(happened));
            return happened.Set;
        });
        yield return Case("Put of a queue", loop =>
        {
            var queue = new AsyncQueue<int>();
            loop.RunUntilComplete(WaitShortly(queue));
            return () => queue.Put(1);
        });

        static Action ByAction(LoopTask task) => () => task.Cancel();
    }

    [TestCaseSource(nameof(CallsOnObjects))]
    public void C06_debug_mode_refuses_calls_on_objects_of_the_loop(Func<EventLoop, Action> make)
    {
        Loop.Debug = true;
        Action call = make(Loop);

        Exception? error = CallWhileTheLoopRuns(_ => call());

        Assert.That(error, Is.TypeOf<InvalidOperationException>().With.Message.Contains(
            "Non-thread-safe operation invoked on an event loop other than the current one"));
        RunTurns(3);
        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void C06_a_future_that_was_refused_its_result_is_still_pending()
    {
        Loop.Debug = true;
        Promise<int> future = Loop.CreateFuture<int>();
        CallWhileTheLoopRuns(_ => future.SetResult(1));

        Assert.That(future.IsDone, Is.False);
        future.SetResult(2);
        Assert.That(future.Result, Is.EqualTo(2));
    }

    [TestCaseSource(nameof(Calls))]
    public void C06_debug_mode_refuses_them_and_says_what_to_call(Action<EventLoop> call)
    {
        Loop.Debug = true;

        Exception? error = CallWhileTheLoopRuns(call);

        Assert.That(error, Is.TypeOf<InvalidOperationException>().With.Message.Contains(
            "Non-thread-safe operation invoked on an event loop other than the current one")
            .And.Message.Contains("CallSoonThreadSafe"));
        Assert.That(Loop.AllTasks(), Is.Empty);
        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [TestCaseSource(nameof(Calls))]
    public void C06_another_loop_on_that_thread_makes_it_no_better(Action<EventLoop> call)
    {
        Loop.Debug = true;

        Exception? error = CallWhileTheLoopRuns(loop =>
        {
            using EventLoop other = NewLoop();
            Exception? inner = null;
            other.CallSoon(() => inner = Catch(() => call(loop)));
            other.RunBriefly();
            throw inner!;
        });

        Assert.That(error, Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public void C06_what_is_for_any_thread_stays_so()
    {
        Loop.Debug = true;

        Exception? error = CallWhileTheLoopRuns(loop =>
        {
            loop.CallSoonThreadSafe(Tell, "posted");
            _ = loop.Time;
            _ = loop.AllTasks();
        });
        RunTurns(1);

        Assert.That(error, Is.Null);
        Assert.That(Story, Is.EqualTo("posted"));
    }

    [Test]
    public void C06_without_debug_mode_nothing_is_checked()
    {
        // The loop stands still in a callback meanwhile, so nothing can break here.
        Exception? error = CallWhileTheLoopRuns(loop => loop.CallSoon(Tell, "posted"));
        RunTurns(1);

        Assert.That(error, Is.Null);
        Assert.That(Story, Is.EqualTo("posted"));
    }

    [TestCaseSource(nameof(Calls))]
    public void C07_the_check_is_off_while_the_loop_does_not_run(Action<EventLoop> call)
    {
        Loop.Debug = true;
        Exception? error = null;
        var thread = new Thread(() => error = Catch(() => call(Loop)));
        thread.Start();
        thread.Join();

        Assert.That(error, Is.Null);
        RunTurns(3);
    }

    [Test]
    public void C07_on_its_own_thread_debug_mode_lets_everything_pass()
    {
        Loop.Debug = true;
        Run(async () =>
        {
            Loop.CallSoon(Tell, "soon");
            Loop.CallLater(S(1), Tell, "later");
            await EventLoop.Delay(S(2));
        });

        Assert.That(Story, Is.EqualTo("soon later"));
    }

    private Exception? CallWhileTheLoopRuns(Action<EventLoop> call)
    {
        Exception? error = null;
        Loop.CallSoon(() =>
        {
            var thread = new Thread(() => error = Catch(() => call(Loop)));
            thread.Start();
            thread.Join();
        });
        RunTurns(1);
        return error;
    }

    private static InvalidOperationException? Catch(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    private static StateHandle<Action> WorkOf(EventLoop loop) =>
        new(loop, PlainCallback.Run, s_nothing, null, null, 0);

    private static async Coroutine Nothing() => await EventLoop.Yield();

    // A sync object is bound to a loop by the first wait.
    private static async Coroutine WaitShortly(AsyncEvent happened)
    {
        LoopTask waiter = EventLoop.Spawn(Wait());
        await EventLoop.Yield();
        waiter.Cancel();
        await EventLoop.Wait([waiter]);

        async Coroutine Wait() => await happened.WaitAsync();
    }

    private static async Coroutine WaitShortly(AsyncQueue<int> queue)
    {
        LoopTask<int> waiter = EventLoop.Spawn(Take());
        await EventLoop.Yield();
        waiter.Cancel();
        await EventLoop.Wait([waiter]);

        async Coroutine<int> Take() => await queue.TakeAsync();
    }
}
