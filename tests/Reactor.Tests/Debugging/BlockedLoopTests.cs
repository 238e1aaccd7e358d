using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A loop that runs one turn for too long, outside debug mode: one line names what it runs, and
/// another says when the block has ended. Most tests look in the watchdog's place, at moments of
/// their own.
/// </summary>
public sealed class BlockedLoopTests : LoopFixture
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private ListLoggerFactory _log = null!;
    private BlockWatch _watch = null!;

    [SetUp]
    public void MakeWatch()
    {
        _log = new ListLoggerFactory();
        _watch = new BlockWatch(Loop, Loop.Meter, _log.Logger, S(1));
    }

    [TearDown]
    public void CloseLog() => _log.Dispose();

    [Test]
    public void A_turn_is_reported_at_exactly_the_limit_and_only_once()
    {
        InTurn(() =>
        {
            Look(10, 10.5);
            _watch.Look(S(11) - s_tick);
            Assert.That(_log.Messages, Is.Empty);

            Look(11);
            Assert.That(_log.Warnings.Single(), Does.Contain("is blocked").And.Contain("1.000"));
            Look(12, 100);
            Assert.That(_log.Messages, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void The_end_of_the_block_is_reported_with_its_duration()
    {
        InTurn(() => Look(10, 10.5, 11));
        Look(12.5, 13, 14);

        Assert.That(_log.Messages, Has.Count.EqualTo(2));
        Assert.That(_log.Warnings.Last(), Does.Contain("runs again").And.Contain("2.500"));
    }

    [Test]
    public void So_it_is_if_the_run_ends_before_the_next_look()
    {
        InTurn(() => Look(10, 10.5, 11));
        _watch.EndRun();

        Assert.That(_log.Warnings.Last(), Does.Contain("runs again"));
        Look(20, 30, 40);
        Assert.That(_log.Messages, Has.Count.EqualTo(2));
    }

    [Test]
    public void Turns_that_follow_each_other_are_no_block()
    {
        for (int i = 0; i < 10; i++)
        {
            int second = i;
            InTurn(() => Look(second, second + 0.5));
        }

        Assert.That(_log.Messages, Is.Empty);
    }

    [Test]
    public void A_process_that_was_stopped_in_between_is_not_blocked()
    {
        InTurn(() => Look(10, 500));

        Assert.That(_log.Messages, Is.Empty);
    }

    [Test]
    public void A_loop_that_waits_for_events_is_not_blocked()
    {
        var thread = new Thread(() =>
        {
            Driver.WaitUntilLoopWaits();
            Look(10, 20, 30, 40);
            Loop.CallSoonThreadSafe(Loop.Stop);
        });
        thread.Start();
        Loop.RunForever();
        thread.Join();

        Assert.That(_log.Messages, Is.Empty);
    }

    [Test]
    public void Task_coroutine_and_what_its_object_says_are_named()
    {
        var shop = new Shop(() => Look(10, 10.5, 11));
        Loop.RunUntilComplete(Loop.CreateTask(shop.Serve(), "customer-7"));

        Assert.That(
            _log.Warnings.Single(),
            Does.Contain("<Task name='customer-7' coro=<Shop.Serve>> in Shop.Order, order 7"));
    }

    [Test]
    public void An_object_that_cannot_describe_its_work_does_not_end_the_watchdog()
    {
        var shop = new Shop(() => Look(10, 10.5, 11)) { CannotDescribe = true };
        Loop.RunUntilComplete(shop.Serve());

        Assert.That(_log.Warnings.Single(), Does.Contain("in Shop.Order. Nothing else"));
    }

    [Test]
    public void Debug_mode_names_what_is_slow_itself()
    {
        Loop.Debug = true;
        InTurn(() => Look(10, 10.5, 11));
        Loop.Debug = false;

        Assert.That(_log.Messages, Is.Empty);
    }

    [Test]
    public void Null_turns_it_off_and_the_time_must_be_positive()
    {
        Assert.That(new EventLoopOptions().BlockedAfter, Is.EqualTo(S(1)));
        using var off = new EventLoop(new EventLoopOptions
        {
            Driver = new ManualDriver(),
            BlockedAfter = null,
        });
        Assert.That(BlockWatch.Of(off, off.Meter, _log.Logger, off.Options.BlockedAfter), Is.Null);
        Assert.That(
            () => new EventLoop(new EventLoopOptions
            {
                Driver = new ManualDriver(),
                BlockedAfter = TimeSpan.Zero,
            }),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_watchdog_names_a_block_while_it_lasts_and_its_end(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        using var isNamed = new ManualResetEventSlim();
        using var hasEnded = new ManualResetEventSlim();
        _log.OnMessage = message =>
        {
            if (message.Contains("is blocked"))
            {
                isNamed.Set();
            }
            else if (message.Contains("runs again"))
            {
                hasEnded.Set();
            }
        };
        using var loop = new EventLoop(new EventLoopOptions
        {
            Driver = LoopDrivers.Create(driver),
            LoggerFactory = _log,
            BlockedAfter = S(0.05),
        });
        bool wasNamed = false;
        loop.CallSoon(() => wasNamed = isNamed.Wait(S(20)));
        loop.RunBriefly();

        Assert.That(wasNamed, Is.True, "no line came while the callback ran");
        Assert.That(hasEnded.Wait(S(20)), Is.True, "no line told the end");
    }

    private void InTurn(Action action)
    {
        Loop.CallSoon(action);
        Loop.RunBriefly();
    }

    private void Look(params double[] seconds)
    {
        foreach (double moment in seconds)
        {
            _watch.Look(S(moment));
        }
    }

    private sealed class Shop(Action block) : IWorkDescription
    {
        public bool CannotDescribe { get; init; }

        public async Coroutine Serve()
        {
            await EventLoop.Yield();
            await Order();
        }

        public string? DescribeWork() =>
            CannotDescribe ? throw new InvalidOperationException() : "order 7";

        private async Coroutine Order()
        {
            await EventLoop.Yield();
            block();
        }
    }
}
