using System.Runtime.CompilerServices;
using System.Threading.Channels;
using System.Threading.Tasks.Sources;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement D25: value tasks and sequences of others as waits of ours, which can be cancelled. The
/// source of each is treated as its contract says, also where the wait is abandoned.
/// </summary>
public sealed class D_OnLoopTests : LoopFixture
{
    [Test]
    public void D25_a_value_task_gives_its_result_or_exception()
    {
        var error = new FormatException();
        Run(async () =>
        {
            Assert.That(await new ValueTask<int>(5).OnLoop(), Is.EqualTo(5));
            await ValueTask.CompletedTask.OnLoop();
            Future<int> failed = ValueTask.FromException<int>(error).OnLoop();
            await EventLoop.Wait([failed]);
            Assert.That(failed.Exception, Is.SameAs(error));
        });
    }

    [Test]
    public void D25_a_task_that_ends_on_the_loop_needs_no_other_thread()
    {
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = new InMemoryDriver(new InMemoryOptions { StallMax = TimeSpan.Zero }),
        });
        Assert.That(loop.RunUntilComplete(Take()), Is.EqualTo(5));

        static async Coroutine<int> Take() => await Plain().OnLoop();

        static async Task<int> Plain()
        {
            await EventLoop.Delay(S(1));
            return 5;
        }
    }

    [Test]
    public void D25_a_wait_for_what_others_end_holds_no_ambient_values()
    {
        var task = new TaskCompletionSource<int>();
        var source = new CountingSource();
        WeakReference value = Begin();
        GC.Collect();
        Assert.That(value.IsAlive, Is.False);
        task.SetResult(1);
        source.SetResult(1);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Begin()
        {
            var ambient = new AsyncLocal<object?>();
            WeakReference begun = null!;
            Loop.CallSoon(() =>
            {
                ambient.Value = new object();
                begun = new WeakReference(ambient.Value);
                _ = task.Task.OnLoop();
                _ = new ValueTask<int>(source, source.Version).OnLoop();
            });
            RunTurns(1);
            return begun;
        }
    }

    [Test]
    public void D25_a_flow_that_is_suppressed_remains_so()
    {
        var task = new TaskCompletionSource<int>();
        var source = new CountingSource();
        Run(async () =>
        {
            Future<int>[] all;
            using (ExecutionContext.SuppressFlow())
            {
                all = [task.Task.OnLoop(), new ValueTask<int>(source, source.Version).OnLoop()];
                Assert.That(ExecutionContext.IsFlowSuppressed());
            }

            task.SetResult(1);
            source.SetResult(2);
            Assert.That(await EventLoop.WhenAll(all), Is.EqualTo([1, 2]));
        });
    }

    [Test]
    public void D25_an_abandoned_value_task_consumes_its_source_once()
    {
        var source = new CountingSource();
        Run(async () =>
        {
            Exception error = await Caught(
                new ValueTask<int>(source, source.Version).OnLoop().WaitAsync(S(1)));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(1));
            Assert.That(source.Taken, Is.Zero);
            source.SetResult(1);
            await EventLoop.Yield();
            await EventLoop.Yield();
        });

        Assert.That(source.Taken, Is.EqualTo(1));
    }

    [Test]
    public void D25_so_it_does_where_the_loop_has_closed_meanwhile()
    {
        var source = new CountingSource();
        Loop.CallSoon(() => { _ = new ValueTask<int>(source, source.Version).OnLoop(); });
        RunTurns(1);
        Loop.Close();
        source.SetResult(1);

        Assert.That(source.Taken, Is.EqualTo(1));
    }

    [Test]
    public void D25_a_sequence_gives_its_items_on_the_loop_and_is_disposed_of()
    {
        var source = new SlowSource { Items = 3 };
        Run(async () =>
        {
            await foreach (int item in source.OnLoop())
            {
                Tell($"{item}");
            }
        });

        Assert.That(Story, Is.EqualTo("0 1 2"));
        Assert.That(source.Story, Is.EqualTo("disposed"));
    }

    [Test]
    public void D25_leaving_a_sequence_disposes_of_it()
    {
        var source = new SlowSource { Items = 3 };
        Run(async () =>
        {
            await foreach (int _ in source.OnLoop())
            {
                break;
            }

            Assert.That(source.Story, Is.EqualTo("disposed"));
        });
    }

    [Test]
    public void D25_an_endless_step_ends_with_the_time_out_and_the_source_hears_of_it()
    {
        var channel = Channel.CreateUnbounded<int>();
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(1), async scope =>
            {
                await foreach (int _ in channel.Reader.ReadAllAsync().OnLoop())
                {
                }
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void D25_an_abandoned_source_is_disposed_of_after_its_step_has_ended()
    {
        var source = new SlowSource { Items = 3, StepGate = new TaskCompletionSource<bool>() };
        Run(async () =>
        {
            Exception error = await Caught(TimeoutScope.Run(S(1), async scope =>
            {
                await foreach (int _ in source.OnLoop())
                {
                }
            }));
            Assert.That(error, Is.TypeOf<TimeoutException>());
            Assert.That(Seconds, Is.EqualTo(1));
            await EventLoop.Delay(S(1));
            Assert.That(source.Story, Is.EqualTo("token"), "its step has not ended");
            source.StepGate.SetResult(false);
            await EventLoop.Delay(S(1));
            Assert.That(source.Story, Is.EqualTo("token disposed"));
        });
    }

    [Test]
    public void D25_so_it_is_where_the_loop_has_closed_meanwhile()
    {
        var source = new SlowSource { Items = 3, StepGate = new TaskCompletionSource<bool>() };
        Run(async () => { await Caught(Leave(source).WaitAsync(S(1))); });
        RunTurns(1);
        Loop.Close();
        source.StepGate.SetResult(false);

        Assert.That(source.Story, Is.EqualTo("token disposed"));
    }

    [Test]
    public void D25_what_an_abandoned_source_throws_when_it_is_disposed_of_is_reported()
    {
        var source = new SlowSource
        {
            Items = 3,
            StepGate = new TaskCompletionSource<bool>(),
            FailsToDispose = true,
        };
        Run(async () =>
        {
            await Caught(Leave(source).WaitAsync(S(1)));
            source.StepGate.SetException(new FormatException());
            await EventLoop.Delay(S(1));
        });

        Assert.That(TakeReport().Exception, Is.TypeOf<ArithmeticException>());
    }

    [Test]
    public void D25_the_token_that_is_given_is_passed_on()
    {
        var source = new SlowSource { Items = 3, StepGate = new TaskCompletionSource<bool>() };
        using var cancel = new CancellationTokenSource();
        Loop.CallLater(S(1), cancel.Cancel);
        source.OnToken = () => source.StepGate.SetCanceled();
        Run(async () =>
        {
            Exception error = await Caught(Iterate());
            Assert.That(error, Is.TypeOf<LoopCanceledException>());
            Assert.That(source.Story, Is.EqualTo("token disposed"));
        });

        async Coroutine Iterate()
        {
            await foreach (int _ in source.OnLoop(cancel.Token))
            {
            }
        }
    }

    private static async Coroutine Leave(SlowSource source)
    {
        await foreach (int _ in source.OnLoop())
        {
        }
    }

    private sealed class CountingSource : IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _core;

        public int Taken { get; private set; }

        public short Version => _core.Version;

        public void SetResult(int result) => _core.SetResult(result);

        public int GetResult(short token)
        {
            Taken++;
            return _core.GetResult(token);
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }

    /// <summary>A sequence written by hand, which says what is done to it.</summary>
    private sealed class SlowSource : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        private readonly List<string> _story = [];

        public int Items { get; init; }

        public TaskCompletionSource<bool>? StepGate { get; init; }

        public bool FailsToDispose { get; init; }

        public Action? OnToken { get; set; }

        public string Story => string.Join(' ', _story);

        public int Current { get; private set; } = -1;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken)
        {
            cancellationToken.Register(() =>
            {
                _story.Add("token");
                OnToken?.Invoke();
            });
            return this;
        }

        public ValueTask<bool> MoveNextAsync() =>
            StepGate is null ? Step() : new ValueTask<bool>(StepGate.Task);

        public ValueTask DisposeAsync()
        {
            _story.Add("disposed");
            return FailsToDispose
                ? ValueTask.FromException(new ArithmeticException())
                : ValueTask.CompletedTask;
        }

        private async ValueTask<bool> Step()
        {
            await Task.Yield();
            return ++Current < Items;
        }
    }
}
