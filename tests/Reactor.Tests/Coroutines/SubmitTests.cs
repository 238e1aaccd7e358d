using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Statements C16 to C19: coroutines and functions that other threads hand to the loop, and what
/// those threads get of them.
/// </summary>
public sealed class SubmitTests : LoopFixture
{
    private const int StandingTasks = 50;
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);

    [Test]
    public void C16_a_value_passes_through_and_the_coroutine_ran_on_the_loop_thread()
    {
        int loopThread = Environment.CurrentManagedThreadId;
        (int Value, int Thread) result = FromAnotherThread(() => Loop.Submit(Add).TakeResult());

        Assert.That(result, Is.EqualTo((5, loopThread)));

        async Coroutine<(int, int)> Add()
        {
            await EventLoop.Delay(S(60));
            return (2 + 3, Environment.CurrentManagedThreadId);
        }
    }

    [Test]
    public void C16_an_exception_passes_through()
    {
        Exception? error = FromAnotherThread(() => Loop.Submit(Fail).Catch());

        Assert.That(error, Is.TypeOf<FormatException>());

        static async Coroutine Fail()
        {
            await EventLoop.Yield();
            throw new FormatException();
        }
    }

    [Test]
    public void C16_a_task_that_cancels_itself_cancels_the_thread_side()
    {
        Task task = FromAnotherThread(() =>
        {
            Task submitted = Loop.Submit(GiveUp);
            submitted.Catch();
            return submitted;
        });

        Assert.That(task.IsCanceled, Is.True);

        static async Coroutine GiveUp()
        {
            LoopTask.Current!.Cancel();
            await EventLoop.Yield();
        }
    }

    [Test]
    public void C16_a_function_runs_on_the_loop_thread_and_gives_its_value_or_exception()
    {
        int loopThread = Environment.CurrentManagedThreadId;
        var (thread, error) = FromAnotherThread(() => (
            Loop.Submit(() => Environment.CurrentManagedThreadId).TakeResult(),
            Loop.Submit(Fail).Catch()));

        Assert.That(thread, Is.EqualTo(loopThread));
        Assert.That(error, Is.TypeOf<FormatException>());

        static void Fail() => throw new FormatException();
    }

    [Test]
    public void C16_a_value_of_no_use_does_not_become_an_action()
    {
        var list = new List<int> { 1 };
        bool wasThere = FromAnotherThread(() => Loop.Submit(() => list.Remove(1)).TakeResult());

        Assert.That(wasThere, Is.True);
    }

    [Test]
    public void C17_cancelling_the_thread_side_cancels_the_loop_task()
    {
        using var cancel = new CancellationTokenSource();
        using var waits = new ManualResetEventSlim();
        Exception? error = FromAnotherThread(() =>
        {
            Task task = Loop.Submit(Wait, cancel.Token);
            waits.Wait(s_bound);
            cancel.Cancel();
            return task.Catch();
        });

        Assert.That(error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(Story, Is.EqualTo("cancelled"));
        Assert.That(Loop.AllTasks(), Is.Empty);

        async Coroutine Wait()
        {
            try
            {
                waits.Set();
                await Loop.CreateFuture<int>();
            }
            catch (LoopCanceledException)
            {
                Tell("cancelled");
                throw;
            }
        }
    }

    [Test]
    public void C17_cancelled_before_it_began_it_is_not_called()
    {
        using var cancel = new CancellationTokenSource();
        Task<int> coroutine = Loop.Submit(Number, cancel.Token);
        Task<int> function = Loop.Submit(() => 1, cancel.Token);
        cancel.Cancel();
        RunTurns(2);

        Assert.That(coroutine.IsCanceled, Is.True);
        Assert.That(function.IsCanceled, Is.True);
        Assert.That(Story, Is.Empty);

        Coroutine<int> Number()
        {
            Tell("called");
            return Loop.CreateFuture<int>().WaitAsync(S(1));
        }
    }

    [Test]
    public void C17_after_a_time_out_no_task_is_left()
    {
        using var cancel = new CancellationTokenSource();
        Exception? error = FromAnotherThread(() =>
        {
            Task<int> task = Loop.Submit(async () => await Loop.CreateFuture<int>(), cancel.Token);
            Exception? timeout = task.WaitAsync(TimeSpan.FromMilliseconds(1)).Catch();
            cancel.Cancel();
            task.Catch();
            return timeout;
        });

        Assert.That(error, Is.TypeOf<TimeoutException>());
        Assert.That(Loop.AllTasks(), Is.Empty);
        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void C18_a_throwing_task_factory_reaches_the_caller_and_the_exception_handler()
    {
        Loop.TaskFactory = new ThrowingFactory();
        Exception? error = FromAnotherThread(() => Loop.Submit(async () => 1).Catch());

        Assert.That(error, Is.TypeOf<FormatException>());
        Assert.That(TakeReport().Exception, Is.SameAs(error));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void C18_an_abort_reaches_the_caller_and_leaves_the_loop(bool isFunction)
    {
        static void Abort() => throw new LoopAbortException();
        static Coroutine AbortInstead() => throw new LoopAbortException();
        Task task = isFunction ? Loop.Submit(Abort) : Loop.Submit(AbortInstead);

        Assert.That(() => RunTurns(1), Throws.TypeOf<LoopAbortException>());
        Assert.That(task.Catch(), Is.TypeOf<LoopAbortException>());
    }

    [Test]
    public void C19_another_thread_may_list_the_tasks_while_they_come_and_go()
    {
        const int ListsMin = 300;
        int round = 0; // odd while all the standing tasks of a round are there
        int lists = 0;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                while (Volatile.Read(ref lists) < ListsMin)
                {
                    int before = Volatile.Read(ref round);
                    IReadOnlyList<ILoopTask> tasks = Loop.AllTasks();
                    if (before % 2 == 1 && Volatile.Read(ref round) == before)
                    {
                        int standing = tasks.Count(task => task.Name == "standing");
                        Assert.That(standing, Is.EqualTo(StandingTasks), $"round {before}");
                        Assert.That(tasks.Distinct().Count(), Is.EqualTo(tasks.Count));
                        Volatile.Write(ref lists, lists + 1);
                    }
                }
            }
            catch (Exception failure)
            {
                error = failure;
                Volatile.Write(ref lists, ListsMin);
            }
        });
        thread.Start();
        Run(async () =>
        {
            while (Volatile.Read(ref lists) < ListsMin)
            {
                await MoveStandingTasks(() => Interlocked.Increment(ref round));
            }
        });
        thread.Join();

        Assert.That(error, Is.Null);
        Assert.That(Loop.AllTasks(), Is.Empty);
    }

    [Test]
    public void C19_the_standing_tasks_move_into_the_gaps_of_those_that_ended()
    {
        Promise<int> end = Loop.CreateFuture<int>();
        LoopTask<int>[] early = [.. Enumerable.Range(0, 40).Select(i =>
            Loop.CreateTask(Await(Loop.CreateFuture<int>())))];
        LoopTask<int>[] late = [.. Enumerable.Range(0, 40).Select(_ =>
            Loop.CreateTask(Await(end)))];
        RunTurns(1);
        foreach (LoopTask<int> task in early.Reverse())
        {
            task.Cancel();
        }

        RunTurns(2);

        Assert.That(Loop.AllTasks(), Is.EquivalentTo(late));
        end.SetResult(1);
        RunTurns(2);
        Assert.That(Loop.AllTasks(), Is.Empty);
    }

    /// <summary>Runs the loop while another thread uses it; gives what that found.</summary>
    private T FromAnotherThread<T>(Func<T> use)
    {
        T result = default!;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                Driver.WaitUntilLoopWaits();
                result = use();
            }
            catch (Exception failure)
            {
                error = failure;
            }
            finally
            {
                Loop.CallSoonThreadSafe(Loop.Stop);
            }
        });
        thread.Start();
        Loop.RunForever();
        thread.Join();
        Assert.That(error, Is.Null);
        return result;
    }

    private static async Coroutine<int> Await(Future<int> future) => await future;

    // Those that stand come last, and fill the gaps of all that end before them.
    private async Coroutine MoveStandingTasks(Action tellBorder)
    {
        Promise<int> early = Loop.CreateFuture<int>();
        Promise<int> late = Loop.CreateFuture<int>();
        for (int i = 0; i < 6 * StandingTasks; i++)
        {
            _ = Loop.CreateTask(Await(early));
        }

        for (int i = 0; i < StandingTasks; i++)
        {
            _ = Loop.CreateTask(Await(late), name: "standing");
        }

        await EventLoop.Yield();
        tellBorder();
        early.SetResult(1);
        await EventLoop.Yield();
        await EventLoop.Yield();
        tellBorder();
        late.SetResult(1);
        await EventLoop.Yield();
        await EventLoop.Yield();
    }

    private sealed class ThrowingFactory : ITaskFactory
    {
        public LoopTask<T> Create<T>(TaskRequest<T> request) => throw new FormatException();
    }
}

/// <summary>Waiting as a thread does, bounded.</summary>
internal static class ThreadSide
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(10);

    public static T TakeResult<T>(this Task<T> task)
    {
        Assert.That(task.Wait(s_bound), Is.True, "the loop has not answered");
        return task.Result;
    }

    public static Exception? Catch(this Task task)
    {
        try
        {
            Assert.That(task.Wait(s_bound), Is.True, "the loop has not answered");
            return null;
        }
        catch (AggregateException error)
        {
            return error.InnerException;
        }
    }
}
