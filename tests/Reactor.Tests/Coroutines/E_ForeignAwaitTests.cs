using System.Runtime.CompilerServices;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement E32 and its mirror image: coroutines that await what is not ours, and plain async
/// methods that run on the loop and await what is. Either way the loop thread goes on.
/// </summary>
public sealed class E_ForeignAwaitTests : LoopFixture
{
    private int _loopThread;

    [SetUp]
    public void NoteThread() => _loopThread = Environment.CurrentManagedThreadId;

    [TestCase(true)]
    [TestCase(false)]
    public void E32_a_foreign_task_resumes_on_the_loop_thread(bool continueOnCapturedContext)
    {
        var source = new TaskCompletionSource<int>();
        Thread other = CompleteWhenLoopWaits(source);

        int result = Run(async () =>
        {
            ILoopTask? task = LoopTask.Current;
            int value = await source.Task.ConfigureAwait(continueOnCapturedContext);
            AssertOnLoop();
            Assert.That(LoopTask.Current, Is.SameAs(task));
            return value;
        });
        other.Join();

        Assert.That(result, Is.EqualTo(5));
    }

    [Test]
    public void E32_a_foreign_task_completed_on_the_loop_thread_resumes_in_the_next_turn()
    {
        var source = new TaskCompletionSource<int>();
        Run(async () =>
        {
            Loop.CallSoon(() =>
            {
                source.SetResult(1);
                Tell($"set:{Turns}");
            });
            await source.Task;
            Tell($"resumed:{Turns}");
        });

        Assert.That(Story, Is.EqualTo("set:2 resumed:3"));
    }

    [Test]
    public void E32_task_yield_value_tasks_and_async_enumerables_resume_on_the_loop()
    {
        Run(async () =>
        {
            await Task.Yield();
            AssertOnLoop();
            await OnThePool();
            AssertOnLoop();
            await foreach (int i in Numbers())
            {
                Tell($"{i}");
                AssertOnLoop();
            }
        });

        Assert.That(Story, Is.EqualTo("0 1 2"));

        async ValueTask OnThePool() =>
            await Loop.RunInExecutor(() => { }).AsTask().ConfigureAwait(false);

        static async IAsyncEnumerable<int> Numbers()
        {
            for (int i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    [Test]
    public void E32_the_exception_of_a_foreign_task_is_thrown_at_the_await()
    {
        var error = new FormatException();
        Assert.That(
            () => Run(async () => await Task.FromException(error)), Throws.Exception.SameAs(error));
    }

    [Test]
    public void E32_an_awaiter_that_only_has_on_completed_works()
    {
        Assert.That(Run(async () => await new PlainAwaitable()), Is.EqualTo("plain"));
    }

    [Test]
    public void E32_a_cancellation_during_a_foreign_await_is_delivered_at_the_next_of_ours()
    {
        var source = new TaskCompletionSource<int>();
        LoopTask<int> task = Loop.CreateTask(Await());
        RunTurns(1);
        task.Cancel("pending");
        RunTurns(1);
        Assert.That(task.IsDone, Is.False);
        source.SetResult(1);

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>()
            .With.Message.EqualTo("pending"));
        Assert.That(Story, Is.EqualTo("resumed"));

        async Coroutine<int> Await()
        {
            await source.Task;
            Tell("resumed");
            await EventLoop.Delay(S(1));
            Tell("slept");
            return 1;
        }
    }

    [Test]
    public void A_plain_async_method_on_the_loop_comes_back_to_the_loop_thread()
    {
        var source = new TaskCompletionSource<int>();
        Thread other = CompleteWhenLoopWaits(source);
        Task? plain = null;
        Loop.CallSoon(() => { plain = Plain(); });

        Loop.RunForever();
        other.Join();

        Assert.That(plain!.IsCompletedSuccessfully, Is.True);
        Assert.That(Story, Is.EqualTo("back"));

        async Task Plain()
        {
            await source.Task;
            AssertOnLoop();
            Assert.That(EventLoop.Current, Is.SameAs(Loop));
            Tell("back");
            Loop.Stop();
        }
    }

    [Test]
    public void A_plain_async_method_on_the_loop_can_await_all_of_ours()
    {
        var future = Loop.CreateFuture<int>();
        Loop.CallLater(S(1), future.SetResult, 1);
        Run(async () => { await Plain(); });

        Assert.That(Story, Is.EqualTo("1 child 2 value yielded failed"));
        Assert.That(Seconds, Is.EqualTo(3));

        async Task Plain()
        {
            Tell($"{await future}");
            Tell(await Child());
            Tell($"{await EventLoop.Spawn(Two())}");
            Tell(await Later(S(1), "value"));
            await EventLoop.Yield();
            Tell("yielded");
            try
            {
                await Fail();
            }
            catch (FormatException)
            {
                Tell("failed");
            }

            AssertOnLoop();
        }

        static async Coroutine<string> Child()
        {
            await EventLoop.Delay(S(1));
            return "child";
        }

        static async Coroutine<int> Two() => 2;

        static async Coroutine Fail()
        {
            await EventLoop.Yield();
            throw new FormatException();
        }
    }

    [Test]
    public void Awaiting_ours_where_no_loop_runs_throws()
    {
        Promise<int> future = Loop.CreateFuture<int>();
        Coroutine call = Nothing();

        AssertFails(async () => await call);
        AssertFails(async () => await EventLoop.Yield());
        AssertFails(async () => await EventLoop.Delay(S(1)));
        AssertFails(async () => await future);

        static async Coroutine Nothing() => await EventLoop.Yield();

        static void AssertFails(Func<Task> plain)
        {
            Task task = plain();
            Assert.That(task.IsFaulted, Is.True);
            Assert.That(task.Exception!.InnerException, Is.TypeOf<InvalidOperationException>());
        }
    }

    [Test]
    public void An_error_in_an_async_void_method_on_the_loop_is_reported()
    {
#pragma warning disable REACTOR003 // what becomes of such a method is the subject
        Loop.CallSoon(FailAndForget);
#pragma warning restore REACTOR003
        RunTurns(3);

        Assert.That(TakeReport().Exception, Is.TypeOf<FormatException>());

        static async void FailAndForget()
        {
            await Task.Yield();
            throw new FormatException();
        }
    }

    private void AssertOnLoop() =>
        Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(_loopThread));

    private Thread CompleteWhenLoopWaits(TaskCompletionSource<int> source)
    {
        var thread = new Thread(() =>
        {
            Driver.WaitUntilLoopWaits();
            source.SetResult(5);
        });
        thread.Start();
        return thread;
    }

    private sealed class PlainAwaitable : INotifyCompletion
    {
        public bool IsCompleted => false;

        public PlainAwaitable GetAwaiter() => this;

        public void OnCompleted(Action continuation)
        {
            var thread = new Thread(() => continuation());
            thread.Start();
        }

        public string GetResult() => "plain";
    }
}
