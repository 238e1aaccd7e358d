using System.Runtime.InteropServices;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A source that lives as long as the process, and waits for it that end early: nothing of them may
/// remain. The ways of leaving a combinator are taken in turn, 10,000 times or more, and the heap
/// after them is compared with the heap after the first tenth. An explicit test takes each way by
/// itself 10,000 times, which lasts minutes.
/// </summary>
[NonParallelizable]
[Category("Slow")]
[Category("Measured")]
public sealed class LongLivedSourceTests : RemainsFixture
{
    private TaskCompletionSource<int> _task = null!;
    private CancellationTokenSource _token = null!;
    private Future<int> _future = null!;
    private LoopTask<int> _loopTask = null!;

    private enum Source
    {
        Task,
        Future,
        LoopTask,
    }

    /// <summary>What ends the wait; if it does not, the waiter is cancelled.</summary>
    private enum Way
    {
        OtherHasResult,
        OtherFails,
        OtherIsCancelled,
        WaiterIsCancelled,
        TimeoutAround,
    }

    [SetUp]
    public void MakeSources()
    {
        _task = new TaskCompletionSource<int>();
        _token = new CancellationTokenSource();
        _future = Loop.CreateFuture<int>();
        _loopTask = Loop.CreateTask(Await(Loop.CreateFuture<int>()));
        RunTurns(1);
    }

    [TearDown]
    public void EndSources()
    {
        Assert.That(_task.Task.IsCompleted || _future.IsDone || _loopTask.IsDone, Is.False);
        _loopTask.Cancel();
        RunTurns(3);
        _token.Dispose();
    }

    /// <summary>
    /// The combinators that wait for a source and another future. Those that cancel what they wait
    /// for get a future of their own for each round.
    /// </summary>
    private static IEnumerable<TestCaseData> Combinators()
    {
        (string Name, bool Cancels, Func<Future<int>, Future<int>, Coroutine> Wait)[] all = [
            ("WhenAll", true, async (a, b) => await EventLoop.WhenAll([a, b])),
            ("WhenAll of two", true, async (a, b) => await EventLoop.WhenAll(a, b)),
            ("WhenAllSettled", true, async (a, b) => await EventLoop.WhenAllSettled([a, b])),
            ("Wait for all", false, async (a, b) => await EventLoop.Wait([a, b])),
            ("Wait for the first", false, async (a, b) =>
                await EventLoop.Wait([a, b], WaitUntil.FirstCompleted)),
            ("Wait for an exception", false, async (a, b) =>
                await EventLoop.Wait([a, b], WaitUntil.FirstException)),
            ("Wait with its own timeout", false, async (a, b) =>
                await EventLoop.Wait([a, b], timeout: S(1))),
            ("WhenEach", false, async (a, b) =>
            {
                await foreach (var _ in EventLoop.WhenEach([a, b]))
                {
                }
            }),
            ("WhenEach left by break", false, async (a, b) =>
            {
                await foreach (var _ in EventLoop.WhenEach([a, b], timeout: S(1000)))
                {
                    break;
                }
            }),
            ("WhenEach with its own timeout", false, async (a, b) =>
            {
                await foreach (var _ in EventLoop.WhenEach([a, b], timeout: S(1)))
                {
                }
            }),
            ("WhenEach as IAsyncEnumerable", false, (a, b) => AwaitPlain(a, b)),
            ("StaggeredRace", true, async (a, b) =>
                await EventLoop.StaggeredRace([() => Await(a), () => Await(b)], S(0.1))),
            ("TaskGroup", true, (a, b) => TaskGroup.Run(async group =>
            {
                _ = group.Spawn(Await(a));
                await b;
            })),
            ("await", true, async (a, b) =>
            {
                b.AddDoneCallback(_ => a.Cancel());
                await a;
            }),
            ("WaitAsync", true, async (a, _) => await a.WaitAsync(S(1))),
            ("WaitAsync without time", true, async (a, _) => await a.WaitAsync(TimeSpan.Zero)),
            ("Shield", false, async (a, _) => await a.Shield()),
            ("TimeoutScope", true, (a, _) =>
                TimeoutScope.Run(S(1), async scope => { await a; })),
            ("AsTask", false, async (a, b) =>
            {
                _ = a.AsTask();
                await b.Shield();
            }),
        ];
        foreach (var (name, cancels, wait) in all)
        {
            yield return new TestCaseData(cancels, wait).SetArgDisplayNames(name);
        }
    }

    private static IEnumerable<(Source Source, Way Way)> Cases =>
        from source in Enum.GetValues<Source>()
        from way in Enum.GetValues<Way>()
        select (source, way);

    [TestCaseSource(nameof(Combinators))]
    public void Nothing_remains_of_a_combinator_that_was_left(
        bool cancels, Func<Future<int>, Future<int>, Coroutine> wait)
    {
        (Source Source, Way Way)[] cases = [.. Cases];
        int round = 0;
        AssertNothingRemains(
            () =>
            {
                (Source source, Way way) = cases[round++ % cases.Length];
                return LeaveBy(way, source, cancels, wait);
            },
            rounds: 1_000 * cases.Length);
    }

    [TestCaseSource(nameof(Combinators))]
    [Explicit("It takes each way of leaving by itself 10,000 times, which lasts minutes.")]
    public void Nothing_remains_of_a_combinator_that_was_left_10_000_times_in_each_way(
        bool cancels, Func<Future<int>, Future<int>, Coroutine> wait)
    {
        foreach (var (source, way) in Cases)
        {
            TestContext.Out.WriteLine($"{source} {way}");
            AssertNothingRemains(() => LeaveBy(way, source, cancels, wait));
        }
    }

    [Test]
    public void Nothing_remains_of_a_cancelled_OnLoop() =>
        AssertNothingRemains(() =>
        {
            _task.Task.OnLoop().Cancel();
            ((Task)_task.Task).OnLoop().Cancel();
        });

    [Test]
    public void Nothing_remains_of_a_cancelled_Ensure() =>
        AssertNothingRemains(() =>
        {
            EventLoop.Ensure(_task.Task).Cancel();
            EventLoop.Ensure((Task)_task.Task).Cancel();
            EventLoop.Ensure(_future).Shield().Cancel();
        });

    [Test]
    public void Nothing_remains_of_a_gather_of_the_source_itself_whose_other_child_failed() =>
        AssertNothingRemains(async () =>
        {
            foreach (Future<int> source in new[] { _future, _loopTask })
            {
                await EndByFailure(other => EventLoop.WhenAll([source, other]));
                await EndByFailure(other => EventLoop.WhenAll(other, source));
            }
        });

    [Test]
    public void Nothing_remains_of_a_WhenEach_that_was_disposed() =>
        AssertNothingRemains(async () =>
        {
            IAsyncEnumerable<Future<int>> each = EventLoop.WhenEach([_future], S(1000));
            await each.GetAsyncEnumerator().DisposeAsync();
        });

    [Test]
    public void Nothing_remains_of_a_WhenEach_that_was_never_entered() =>
        AssertNothingRemains(() =>
        {
            _ = EventLoop.WhenEach([_future], S(1000));
            _ = EventLoop.WhenEach<Future>([_future, _loopTask]);
        });

    [Test]
    public void Nothing_remains_of_a_WhenEach_whose_step_a_token_ended() =>
        AssertNothingRemains(async () =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_token.Token);
            EventLoop.Current.CallSoon(end.Cancel);
            await Caught(Enumerate(EventLoop.WhenEach([_future]), end.Token));
        });

    [Test]
    public void Nothing_remains_of_waits_for_a_sync_object() =>
        AssertNothingRemains(new SyncObjects().LeaveEach);

    [Test]
    public void Nothing_remains_of_a_cancelled_wait_for_a_signal() =>
        AssertNothingRemains(() => Loop.NextSignalAsync(PosixSignal.SIGTERM).Cancel());

    [Test]
    public void Nothing_remains_of_a_wait_for_a_signal_beside_a_handler_and_another_wait()
    {
        Loop.AddSignalHandler(PosixSignal.SIGTERM, static () => { });
        Future<PosixSignal> other = Loop.NextSignalAsync(PosixSignal.SIGTERM);
        AssertNothingRemains(() => Loop.NextSignalAsync(PosixSignal.SIGTERM).Cancel());
        other.Cancel();
    }

    [Test]
    public void Nothing_remains_of_a_coroutine_that_was_submitted_with_a_token() =>
        AssertNothingRemains(async () =>
        {
            Task<int> submitted = Loop.Submit(Five, _token.Token);
            await EventLoop.Delay(S(1));
            await submitted;
        });

    [Test]
    public void Nothing_remains_of_a_WhenEach_that_a_token_watches() =>
        AssertNothingRemains(async () =>
        {
            Promise<int> other = new();
            other.SetResult(1);
            IAsyncEnumerable<Future<int>> each = EventLoop.WhenEach([_future, other]);
            await foreach (Future<int> _ in each.WithCancellation(_token.Token))
            {
                break;
            }
        });

    [Test]
    public void Nothing_remains_of_a_delay_with_a_token() =>
        AssertNothingRemains(async () =>
        {
            LoopTask sleeper = EventLoop.Spawn(
                async () => await EventLoop.Delay(S(1000), _token.Token));
            await EventLoop.Yield();
            sleeper.Cancel();
            await EventLoop.Wait([sleeper]);
        });

    [Test]
    public void Nothing_remains_of_a_sequence_with_a_token_also_if_its_disposal_throws() =>
        AssertNothingRemains(async () =>
        {
            try
            {
                await foreach (int _ in Failing().OnLoop(_token.Token))
                {
                    break;
                }
            }
            catch (FormatException)
            {
                // The source is gone all the same.
            }
        });

    private static async IAsyncEnumerable<int> Failing()
    {
        try
        {
            yield return 1;
            await Task.Yield();
        }
        finally
        {
            Fail();
        }

        static void Fail() => throw new FormatException();
    }

    private static async Coroutine EndByFailure(Func<Future<int>, Future> gather)
    {
        Promise<int> other = new();
        Future all = gather(other);
        other.SetException(new FormatException());
        await EventLoop.Wait([all]);
        all.Cancel(); // it is done: this counts as fetching its exception
        other.Cancel();
    }

    private static async Coroutine Enumerate(
        WhenEachSequence<Future<int>> each, CancellationToken token)
    {
        await foreach (Future<int> _ in each.WithCancellation(token))
        {
        }
    }

    private static async Coroutine<int> Await(Future<int> future) => await future;

    private static async Coroutine<int> Five()
    {
        await EventLoop.Yield();
        return 5;
    }

    private static async Coroutine AwaitPlain(Future<int> a, Future<int> b)
    {
        IAsyncEnumerable<Future<int>> each = EventLoop.WhenEach([a, b], S(1));
        await foreach (Future<int> _ in each)
        {
            break;
        }
    }

    private Future<int> Take(Source source, bool isOwn) => source switch
    {
        Source.Task => _task.Task.OnLoop(),
        Source.Future => isOwn ? _future.Shield() : _future,
        _ => isOwn ? _loopTask.Shield() : _loopTask,
    };

    private async Coroutine LeaveBy(
        Way way, Source source, bool cancels, Func<Future<int>, Future<int>, Coroutine> wait)
    {
        Future<int> first = Take(source, cancels);
        Promise<int> other = new();
        LoopTask waiter = EventLoop.Spawn(way == Way.TimeoutAround
            ? TimeoutScope.Run(S(0.5), _ => wait(first, other))
            : wait(first, other));
        await EventLoop.Yield();
        await EventLoop.Yield();
        switch (way)
        {
            case Way.OtherHasResult:
                other.SetResult(1);
                break;
            case Way.OtherFails:
                other.SetException(new FormatException());
                break;
            case Way.OtherIsCancelled:
                other.Cancel();
                break;
            case Way.WaiterIsCancelled:
                waiter.Cancel();
                break;
            default:
                break;
        }

        await EventLoop.Delay(S(2));
        waiter.Cancel();
        await EventLoop.Wait([waiter]);
        waiter.Cancel(); // it is done: this counts as fetching its exception
        other.Cancel();
        if (cancels || source == Source.Task)
        {
            first.Cancel(); // it was made for this round
        }
    }
}
