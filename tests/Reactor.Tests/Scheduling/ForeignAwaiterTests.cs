using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Foreign awaiters that break their contract: they call back twice, late, inside
/// <c>OnCompleted</c>, throw there, or never call. The other waits of the task go on as if nothing
/// had happened, and the loop says once what it saw.
/// </summary>
public sealed class ForeignAwaiterTests : LoopFixture
{
    private const int AwaitsPerRound = 2_000;

    /// <summary>
    /// Of an await of Task.Yield: the runtime allocates for the post. More than a handle of the
    /// loop would be ours.
    /// </summary>
    private const int BytesOfPlainAwait = 96;

    [Test]
    public void An_awaiter_that_calls_back_twice_does_not_cut_the_next_wait_short()
    {
        var twice = new ManualAwaitable();
        LoopTask task = Loop.CreateTask(Body());
        RunTurns(1);
        twice.Call();
        twice.Call();
        Loop.RunUntilComplete(task);

        Assert.That(Seconds, Is.EqualTo(10), "the delay was cut short");
        AssertReportedOnce();

        async Coroutine Body()
        {
            await twice;
            await EventLoop.Delay(S(10));
        }
    }

    [Test]
    public void An_awaiter_that_calls_back_late_does_not_end_the_next_foreign_wait()
    {
        var late = new ManualAwaitable();
        var next = new ManualAwaitable();
        LoopTask task = Loop.CreateTask(Body());
        RunTurns(1);
        late.Call();
        RunTurns(1);
        late.Call();
        RunTurns(2);
        Assert.That(Story, Is.EqualTo("first"), "the second await has not ended");
        next.Call();
        Loop.RunUntilComplete(task);

        Assert.That(Story, Is.EqualTo("first second"));
        AssertReportedOnce();

        async Coroutine Body()
        {
            await late;
            Tell("first");
            await next;
            Tell("second");
        }
    }

    [Test]
    public void An_awaiter_that_calls_back_after_the_task_has_ended_does_no_harm()
    {
        var late = new ManualAwaitable();
        LoopTask task = Loop.CreateTask(Body());
        RunTurns(1);
        late.Call();
        Loop.RunUntilComplete(task);
        late.Call();
        late.Call();
        RunTurns(2);

        Assert.That(LoopFixtureStep(), Is.Null);
        AssertReportedOnce();
        Run(async () => { await EventLoop.Yield(); });

        async Coroutine Body() => await late;
    }

    [Test]
    public void Two_threads_that_call_back_at_once_resume_the_task_once()
    {
        int resumed = 0;
        for (int round = 0; round < 200; round++)
        {
            var awaitable = new ManualAwaitable();
            LoopTask task = Loop.CreateTask(Body(awaitable));
            RunTurns(1);
            Parallel.Invoke(awaitable.Call, awaitable.Call);
            Loop.RunUntilComplete(task);
            RunTurns(1);
        }

        Assert.That(resumed, Is.EqualTo(200));
        Assert.That(TakeReports(), Has.Length.EqualTo(200), "one for each second call");

        async Coroutine Body(ManualAwaitable awaitable)
        {
            await awaitable;
            resumed++;
            await EventLoop.Yield();
        }
    }

    [Test]
    public void A_value_task_source_that_calls_back_twice_is_held_to_one_call()
    {
        var source = new TwiceSource();
        Run(async () =>
        {
            Loop.CallSoon(source.CallTwice);
            await new ValueTask(source, 0);
            await EventLoop.Delay(S(10));
        });

        Assert.That(Seconds, Is.EqualTo(10));
        AssertReportedOnce();
    }

    [Test]
    public void An_awaiter_that_calls_back_inside_OnCompleted_and_again_later_resumes_once()
    {
        var inline = new ManualAwaitable { CallsInline = true };
        Run(async () =>
        {
            await inline;
            inline.Call();
            await EventLoop.Delay(S(10));
        });

        Assert.That(Seconds, Is.EqualTo(10));
        AssertReportedOnce();
    }

    [Test]
    public void An_awaiter_that_throws_in_OnCompleted_and_calls_back_later_wakes_no_other_wait()
    {
        var broken = new ManualAwaitable { Throws = true };
        Run(async () =>
        {
            Assert.That(await Caught(Await(broken)), Is.TypeOf<FormatException>());
            Loop.CallLater(S(1), broken.Call);
            await EventLoop.Delay(S(10));
            Assert.That(Seconds, Is.EqualTo(10));
        });

        AssertReportedOnce();
    }

    [Test]
    public void An_awaiter_that_throws_after_it_has_called_back_is_reported_and_the_await_ends()
    {
        var broken = new ManualAwaitable { CallsInline = true, Throws = true };
        Run(async () =>
        {
            await Await(broken);
            Tell("resumed");
            await EventLoop.Delay(S(10));
        });

        Assert.That(Story, Is.EqualTo("resumed"));
        Assert.That(Seconds, Is.EqualTo(10));
        Assert.That(TakeReport().Exception, Is.TypeOf<FormatException>());
    }

    [Test]
    public void After_an_awaiter_that_threw_the_next_wait_can_be_cancelled()
    {
        var broken = new ManualAwaitable { Throws = true };
        LoopTask task = Loop.CreateTask(Body());
        Loop.CallLater(S(1), () => task.Cancel());

        Assert.That(() => Loop.RunUntilComplete(task), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Seconds, Is.EqualTo(1));

        async Coroutine Body()
        {
            await Caught(Await(broken));
            await EventLoop.Delay(S(10));
        }
    }

    [Test]
    public void An_awaiter_of_our_kind_that_resumes_a_task_after_its_end_is_reported()
    {
        var own = new LateOwnAwaitable();
        Run(async () => { await own; });
        own.Resume();
        RunTurns(1);

        Assert.That(TakeReport().Message, Does.Contain("resumed after it had ended"));
        Assert.That(LoopFixtureStep(), Is.Null);
        Run(async () => { await EventLoop.Yield(); });
    }

    [Test]
    public void An_awaiter_that_never_calls_back_is_named_when_the_loop_closes()
    {
        var silent = new ManualAwaitable();
        Loop.CreateTask(Await(silent), name: "stuck");
        RunTurns(1);

        string message = CloseAndTakeReports().Single().Message;
        Assert.That(message, Does.Contain("stuck"));
        Assert.That(message, Does.Contain(nameof(ManualAwaitable)));
        Assert.That(message, Does.Contain("ForeignAwaiterTests.cs:"));
        Assert.That(message, Does.Contain("CurrentToken").And.Contain("OnLoop()"));
    }

    [Test]
    public void In_debug_mode_one_that_never_calls_back_is_named_when_it_holds_a_cancellation_up()
    {
        Loop.Debug = true;
        LoopTask task = Loop.CreateTask(Await(new ManualAwaitable()), name: "stuck");
        Loop.CallLater(S(1), () => task.Cancel());
        Run(async () => { await EventLoop.Delay(S(5)); });

        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.StartWith("A cancellation waits for a foreign await")
            .And.Contain("stuck")
            .And.Contain($"{nameof(ManualAwaitable)} at ForeignAwaiterTests.cs:")
            .And.Contain("CurrentToken").And.Contain("OnLoop()"));
        Assert.That(report.Future, Is.SameAs(task));
        Assert.That(
            CloseAndTakeReports().Single().Message, Does.Contain(nameof(ManualAwaitable)));
    }

    [Test]
    public void The_end_of_a_run_names_the_foreign_await_that_outlasts_it()
    {
        var reports = new List<LoopErrorContext>();
        EventLoop.Run(
            async () =>
            {
                EventLoop.Current.ExceptionHandler = (_, report) => reports.Add(report);
                _ = EventLoop.Spawn(Await(new ManualAwaitable()), name: "deaf");
                await EventLoop.Yield();
            },
            new EventLoopOptions { Driver = new ManualDriver(), CancelTimeout = S(1) });

        Assert.That(reports.Single().Message, Does.Contain("deaf")
            .And.Contain(nameof(ManualAwaitable)).And.Contain("ForeignAwaiterTests.cs:"));
    }

    [Test]
    [Category("Measured")]
    public void Awaiting_tasks_one_after_the_other_makes_no_object_for_each_continuation()
    {
        AllocationTests.AssumeOptimized();
        Driver.KeepsRecord = false;
        long hoped = AwaitsPerRound * BytesOfPlainAwait;
        Assert.That(
            Loop.RunUntilComplete(AllocationTests.LeastBytes(YieldRound, hoped)),
            Is.LessThanOrEqualTo(hoped));
    }

    private static async Coroutine Await(ManualAwaitable awaitable) => await awaitable;

    private TaskStep? LoopFixtureStep() => Loop.RunningStep;

    private void AssertReportedOnce()
    {
        RunTurns(1);
        LoopErrorContext report = TakeReport();
        Assert.That(report.Message, Does.Contain("called its continuation again")
            .And.Contain("ignored"));
        Assert.That(report.Future, Is.Not.Null);
    }

    private static async Coroutine<long> YieldRound()
    {
        long before = AllocationTests.Counter;
        for (int i = 0; i < AwaitsPerRound; i++)
        {
            await YieldOnce();
        }

        return AllocationTests.Counter - before;
    }

    private static async Coroutine YieldOnce() => await Task.Yield();

    /// <summary>Calls its continuation whenever the test says so.</summary>
    private sealed class ManualAwaitable : ICriticalNotifyCompletion
    {
        private Action? _continuation;

        public bool CallsInline { get; init; }

        public bool Throws { get; init; }

        public bool IsCompleted => false;

        public ManualAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            _continuation = continuation;
            if (CallsInline)
            {
                continuation();
            }

            if (Throws)
            {
                throw new FormatException();
            }
        }

        public void Call() => _continuation!();
    }

    /// <summary>Resumes at once, and again when asked.</summary>
    private sealed class LateOwnAwaitable : ILoopAwaiter
    {
        private TaskStep? _step;

        public bool IsCompleted => false;

        public LateOwnAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnSuspend(TaskStep step)
        {
            _step = step;
            step.Resume();
        }

        public void OnCompleted(Action continuation) => throw new NotSupportedException();

        public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();

        public void Resume() => _step!.Resume();
    }

    private sealed class TwiceSource : IValueTaskSource
    {
        private Action<object?>? _continuation;
        private object? _state;

        public void CallTwice()
        {
            _continuation!(_state);
            _continuation(_state);
        }

        public void GetResult(short token)
        {
        }

        public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending;

        public void OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags)
        {
            _continuation = continuation;
            _state = state;
        }
    }
}
