using FsCheck;
using FsCheck.Fluent;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

#pragma warning disable REACTOR001 // calls that were used up are what these tests are about

/// <summary>
/// A frame serves one call after another. Whoever still has the struct of an earlier call must be
/// refused as ever, and must neither see nor disturb the later one.
/// </summary>
public sealed class FramePoolTests : LoopFixture
{
    private const string Refusal = "Cannot reuse already awaited coroutine.";
    private const string ForNoValue = "yield";
    private const string ByHand = "get the result by hand"; // it never waits, so never begins it

    private static readonly Dictionary<string, Func<Coroutine<int>, Coroutine<int>>> s_uses = new()
    {
        ["await"] = static async call => await call,
        ["create a task"] = static async call => await EventLoop.Spawn(call),
        ["wait with a timeout"] = static async call => await call.WaitAsync(S(1)),
        ["gather"] = static async call => (await EventLoop.WhenAll<int>([call]))[0],
        [ForNoValue] = static call => Yielding(call).AsCoroutine<int>(),
        ["yield for the value"] = static call => YieldingForValue(call).AsCoroutine<int>(),
        ["await in a plain method"] = static async call => await Plain(call),
        [ByHand] = static async call => call.GetAwaiter().GetResult(),
    };

    private static string[] Uses => [.. s_uses.Keys];

    [Test]
    public void A_call_that_was_awaited_leaves_its_frame_to_the_next()
    {
        Run(Main);
        static async Coroutine Main()
        {
            Coroutine<int> first = await Reusable();
            Coroutine<int> second = Value(2);

            Assert.That(second.Key.Frame, Is.SameAs(first.Key.Frame));
            Assert.That(second, Is.Not.EqualTo(first));
            Assert.That(await second, Is.EqualTo(2));
        }
    }

    [Test]
    public void A_stale_call_is_refused_while_its_frame_waits_for_another(
        [ValueSource(nameof(Uses))] string use)
    {
        Run(Main);
        async Coroutine Main()
        {
            Coroutine<int> stale = await Reusable();
            await AssertRefused(s_uses[use](stale));
        }
    }

    [Test]
    public void A_stale_call_is_refused_and_disturbs_nothing_once_its_frame_serves_another(
        [ValueSource(nameof(Uses))] string use)
    {
        Run(Main);
        async Coroutine Main()
        {
            Coroutine<int> stale = await Reusable();
            Coroutine<int> other = Value(2);
            Assert.That(other.Key.Frame, Is.SameAs(stale.Key.Frame));

            await AssertRefused(s_uses[use](stale));

            Assert.That(await other, Is.EqualTo(2));
            await AssertRefused(other);
        }
    }

    [Test]
    public void A_stale_call_is_refused_while_its_frame_is_on_a_stack(
        [ValueSource(nameof(Uses))] string use)
    {
        Run(Main);
        async Coroutine Main()
        {
            Coroutine<int> stale = await Reusable();
            Coroutine<int> other = Value(2, S(1));
            LoopTask<int> task = EventLoop.Spawn(Outer(other));
            await EventLoop.Delay(S(0.5));

            await AssertRefused(s_uses[use](stale));

            Assert.That(await task, Is.EqualTo(2));
        }
    }

    [Test]
    public void To_discard_a_stale_call_leaves_the_later_one_alone()
    {
        Run(Main);
        static async Coroutine Main()
        {
            Coroutine<int> stale = await Reusable();
            Coroutine<int> other = Value(2);

            stale.Discard();

            Assert.That(await other, Is.EqualTo(2));
        }
    }

    [Test]
    public void An_awaiter_that_was_kept_is_refused_while_its_frame_lies_in_the_pool()
    {
        Run(Main);
        static async Coroutine Main()
        {
            Coroutine<int> first = await Reusable();
            Coroutine<int> second = Value(2);
            var kept = new Kept(second.GetAwaiter());
            Assert.That(await second, Is.EqualTo(2));

            await AssertRefused(AwaitKept(kept));

            Coroutine<int> third = Value(3);
            Assert.That(third.Key.Frame, Is.SameAs(first.Key.Frame));
            Assert.That(await third, Is.EqualTo(3));
        }

        static async Coroutine<int> AwaitKept(Kept kept) => await kept;
    }

    [Test]
    public void An_awaiter_that_was_kept_gets_no_result_of_a_later_call()
    {
        Run(Main);
        static async Coroutine Main()
        {
            Coroutine<int> first = await Reusable();
            Coroutine<int> second = Value(2);
            CoroutineAwaiter<int> kept = second.GetAwaiter();
            Assert.That(await second, Is.EqualTo(2));
            Coroutine<int> third = Value(3);
            Assert.That(third.Key.Frame, Is.SameAs(first.Key.Frame));

            Assert.Throws<InvalidOperationException>(() => kept.GetResult());

            Assert.That(await third, Is.EqualTo(3));
        }
    }

    [Test]
    public void A_frame_that_threw_serves_again()
    {
        Run(Main);
        static async Coroutine Main()
        {
            await Reusable();
            Coroutine<int> failing = Value(-1);
            Assert.That(await Caught(failing), Is.TypeOf<FormatException>());
            Coroutine<int> next = Value(2);

            Assert.That(next.Key.Frame, Is.SameAs(failing.Key.Frame));
            await AssertRefused(failing);
            Assert.That(await next, Is.EqualTo(2));
        }
    }

    [Test]
    public void A_frame_whose_task_was_cancelled_serves_again()
    {
        Run(Main);
        static async Coroutine Main()
        {
            await Reusable();
            Coroutine<int> waiting = Value(1, S(9));
            LoopTask<int> task = EventLoop.Spawn(Outer(waiting));
            await EventLoop.Yield();
            task.Cancel();
            Assert.That(await Caught(Outer(task)), Is.InstanceOf<LoopCanceledException>());
            Coroutine<int> next = Value(2);

            Assert.That(next.Key.Frame, Is.SameAs(waiting.Key.Frame));
            await AssertRefused(waiting);
            Assert.That(await next, Is.EqualTo(2));
        }
    }

    [Test]
    public void The_frame_of_a_task_stays_the_tasks()
    {
        Run(Main);
        static async Coroutine Main()
        {
            await Reusable();
            Coroutine<int> call = Value(1);
            LoopTask<int> task = EventLoop.Spawn(call);
            await task;
            await AssertRefused(call);

            Assert.That(Value(2).Key.Frame, Is.Not.SameAs(call.Key.Frame));
            Assert.That(task.CoroutineName, Does.EndWith(nameof(Value)));
        }
    }

    [Test]
    public void A_debug_loop_makes_each_frame_anew()
    {
        Loop.Debug = true;
        Run(Main);
        static async Coroutine Main()
        {
            var frames = new HashSet<CoroutineFrame>();
            for (int i = 0; i < 100; i++)
            {
                Coroutine<int> call = Value(i);
                Assert.That(frames.Add(call.Key.Frame));
                await call;
            }
        }
    }

    [Test]
    public void A_recursion_200_000_deep_leaves_no_more_than_the_pool_may_hold()
    {
        Coroutine<int> call = Down(200_000);
        Type machine = call.Key.Frame.MachineType;

        Assert.That(Loop.RunUntilComplete(call), Is.EqualTo(200_000));

        object pool = typeof(FramePool<>).MakeGenericType(machine)
            .GetMethod(nameof(FramePool<>.Of))!.Invoke(null, [Loop])!;
        int count = (int)pool.GetType().GetProperty(nameof(FramePool<>.Count))!.GetValue(pool)!;
        Assert.That(count, Is.EqualTo(FramePool<int>.FramesMax));
    }

    [Test]
    public void A_pooled_frame_holds_nothing_of_the_call_that_it_served()
    {
        WeakReference[] held = Run(UseUp);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(held.Select(one => one.IsAlive), Is.All.False);
    }

    /// <summary>
    /// Any history of calls and uses: a use of a fresh call gives its own number, any further use
    /// is refused.
    /// </summary>
    [Test]
    public void In_any_history_each_call_gives_its_own_result_once()
    {
        Config config = Config.QuickThrowOnFailure
            .WithMaxTest(300)
            .WithReplay((ulong)TestSeed.Next(), 1);
        Arbitrary<int[]> histories = Gen.Choose(0, int.MaxValue - 1).ArrayOf().ToArbitrary();
        Prop.ForAll(histories, history => Run(() => Replay(history))).Check(config);
    }

    private static async Coroutine Replay(int[] history)
    {
        await Reusable();
        var calls = new List<Coroutine<int>>();
        var used = new HashSet<int>();
        foreach (int operation in history)
        {
            int kind = operation % (s_uses.Count * 2);
            if (kind >= s_uses.Count || calls.Count == 0)
            {
                calls.Add(Value(calls.Count));
                continue;
            }

            int index = operation / 16 % calls.Count;
            string use = Uses[kind];
            Coroutine<int> outcome = s_uses[use](calls[index]);
            if (use == ByHand || !used.Add(index))
            {
                Assert.That(await Caught(outcome), Is.TypeOf<InvalidOperationException>());
            }
            else
            {
                Assert.That(await outcome, Is.EqualTo(use == ForNoValue ? 0 : index));
            }
        }
    }

    /// <summary>A call that was awaited and whose frame now lies in the pool.</summary>
    private static async Coroutine<Coroutine<int>> Reusable()
    {
        for (int i = 0; i < FramePool<int>.MadeForEachKept; i++)
        {
            await Value(i);
        }

        Coroutine<int> call = Value(1);
        await call;
        return call;
    }

    private static async Coroutine AssertRefused(Coroutine<int> use)
    {
        Exception error = await Caught(use);
        Assert.That(error, Is.TypeOf<InvalidOperationException>());
        Assert.That(error.Message, Is.EqualTo(Refusal));
    }

    private static async Coroutine<WeakReference[]> UseUp()
    {
        var held = new List<WeakReference>();
        for (int i = 0; i < 100; i++)
        {
            await HoldOne(held);
        }

        await EventLoop.Yield();
        return [.. held];
    }

    private static async Coroutine HoldOne(List<WeakReference> held)
    {
        object argument = new();
        held.Add(new WeakReference(argument));
        held.Add(new WeakReference(await Wrap(argument)));
    }

    private static async Coroutine<object[]> Wrap(object argument)
    {
        await EventLoop.Yield();
        return [argument];
    }

    private static async Coroutine<int> Value(int value, TimeSpan delay = default)
    {
        if (delay > TimeSpan.Zero)
        {
            await EventLoop.Delay(delay);
        }

        return value >= 0 ? value : throw new FormatException();
    }

    private static async Coroutine<int> Down(int n) => n == 0 ? 0 : 1 + await Down(n - 1);

    private static async Coroutine<int> Outer(Coroutine<int> inner) => await inner;

    private static async Coroutine<int> Outer(LoopTask<int> inner) => await inner;

    private static async Task<int> Plain(Coroutine<int> call) => await call;

    private static IEnumerator<object?> Yielding(Coroutine<int> call)
    {
        yield return call;
        yield return Returns.Value(0);
    }

    private static IEnumerator<object?> YieldingForValue(Coroutine<int> call)
    {
        Returns<int> value = Returns.From(call);
        yield return value;
        yield return Returns.Value(value.Result);
    }

    /// <summary>An awaiter that somebody awaits by hand.</summary>
    private readonly struct Kept(CoroutineAwaiter<int> awaiter)
    {
        public CoroutineAwaiter<int> GetAwaiter() => awaiter;
    }
}
