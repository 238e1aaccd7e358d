using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>Statements G20 to G23: a future behind a shield.</summary>
public sealed class G_ShieldTests : LoopFixture
{
    [Test]
    public void G20_result_and_exception_pass()
    {
        Run(async () =>
        {
            Assert.That(await Sleep(1).Shield(), Is.EqualTo(1));
            Promise<int> inner = new();
            Future<int> outer = inner.Shield();
            inner.SetException(new FormatException());
            await EventLoop.Wait([outer]);
            Assert.That(outer.Exception, Is.TypeOf<FormatException>());
        });
        Assert.That(CloseAndTakeReports(), Is.Empty, "the inner error was fetched");
    }

    [Test]
    public void G20_a_coroutine_without_a_result_can_be_shielded()
    {
        Run(async () => { await Note().Shield(); });
        Assert.That(Story, Is.EqualTo("noted"));

        async Coroutine Note()
        {
            await EventLoop.Yield();
            Tell("noted");
        }
    }

    [Test]
    public void G20_if_the_inner_one_is_cancelled_so_is_the_outer()
    {
        Run(async () =>
        {
            Promise<int> inner = new();
            Future<int> outer = inner.Shield();
            inner.Cancel("enough");
            await EventLoop.Wait([outer]);

            Assert.That(outer.IsCancelled, Is.True);
            Assert.That(() => outer.Result, Throws.TypeOf<LoopCanceledException>()
                .With.Message.EqualTo("enough"));
        });
    }

    [Test]
    public void G21_if_the_outer_one_is_cancelled_the_inner_goes_on_without_a_trace_of_it()
    {
        Run(async () =>
        {
            LoopTask<int> inner = EventLoop.Spawn(Sleep(2));
            LoopTask<int> waiter = EventLoop.Spawn(Await(inner.Shield()));
            await EventLoop.Delay(S(1));

            waiter.Cancel();
            await EventLoop.Wait([waiter]);

            Assert.That(waiter.IsCancelled, Is.True);
            Assert.That(inner.Cancelling, Is.Zero);
            Assert.That(inner.ToString(), Does.Not.Contain("cb="));
            Assert.That(await inner, Is.EqualTo(2));
        });
    }

    [Test]
    public void G22_after_that_an_inner_error_is_reported_if_nobody_fetches_it()
    {
        Run(async () =>
        {
            LoopTask<int> inner = EventLoop.Spawn(Fail());
            inner.Shield().Cancel();
            await EventLoop.Wait([inner]);
        });

        Assert.That(CloseAndTakeReports().Single().Message,
            Does.StartWith("Task exception was never retrieved"));
    }

    [Test]
    public void G22_and_not_if_somebody_does()
    {
        Run(async () =>
        {
            LoopTask<int> inner = EventLoop.Spawn(Fail());
            inner.Shield().Cancel();
            await EventLoop.Wait([inner]);
            Assert.That(inner.Exception, Is.TypeOf<FormatException>());
        });

        Assert.That(CloseAndTakeReports(), Is.Empty);
    }

    [Test]
    public void G22_also_if_the_outer_is_cancelled_when_the_inner_is_done_but_unheard()
    {
        Run(async () =>
        {
            Promise<int> inner = new();
            Future<int> outer = inner.Shield();
            inner.SetException(new FormatException());
            Assert.That(outer.Cancel(), Is.True);
            await EventLoop.Yield();
        });

        Assert.That(CloseAndTakeReports().Single().Message,
            Does.StartWith("Future exception was never retrieved"));
    }

    [Test]
    public void G23_the_shield_of_a_done_future_is_itself()
    {
        Promise<int> done = Loop.CreateFuture<int>();
        done.SetResult(1);
        Assert.That(done.Shield(), Is.SameAs(done));
    }

    [Test]
    public void G23_shields_inside_a_gather_keep_the_children_alive()
    {
        Run(async () =>
        {
            LoopTask<int> a = EventLoop.Spawn(Sleep(2));
            LoopTask<int> b = EventLoop.Spawn(Sleep(3));
            Future<int[]> all = EventLoop.WhenAll([a.Shield(), b.Shield()]);
            await EventLoop.Yield();

            all.Cancel();
            await EventLoop.Wait([all]);

            Assert.That(all.Exception, Is.TypeOf<LoopCanceledException>());
            Assert.That(await a + await b, Is.EqualTo(5));
        });
    }

    [Test]
    public void G23_a_gather_inside_a_shield_goes_on()
    {
        Run(async () =>
        {
            Future<int[]> all = EventLoop.WhenAll([Sleep(1), Sleep(2)]);
            Future<int[]> outer = all.Shield();
            outer.Cancel();

            Assert.That(await all, Is.EqualTo(new[] { 1, 2 }));
            Assert.That(outer.IsCancelled, Is.True);
        });
    }

    private static async Coroutine<int> Sleep(int seconds) =>
        await Later(S(seconds), seconds);

    private static async Coroutine<int> Await(Future<int> future) => await future;

    private static async Coroutine<int> Fail()
    {
        await EventLoop.Delay(S(1));
        throw new FormatException();
    }
}
