using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Law 1: a loop that has work may leave out a poll that is a system call, and I/O waits no longer
/// than the options say. At the limit and one beyond, on a clock that the test moves.
/// </summary>
public sealed class StarvedPollTests
{
    private static readonly TimeSpan s_timeMax = TimeSpan.FromMicroseconds(100);

    [TestCase(32, 33)]
    [TestCase(1, 2)]
    [TestCase(0, 1)]
    public void A_busy_loop_polls_again_after_so_many_turns(int skipsMax, int turnsPerPoll)
    {
        ManualDriver driver = NewDriver();
        using EventLoop loop = NewLoop(driver, skipsMax);
        RunChain(loop, 1 + (3 * turnsPerPoll), _ => { });

        // The first turn polls, and then one turn in so many.
        Assert.That(driver.PollCount, Is.EqualTo(4));
    }

    [Test]
    public void A_busy_loop_polls_again_when_the_time_is_over()
    {
        ManualDriver driver = NewDriver();
        using EventLoop loop = NewLoop(driver);
        var polls = new List<int>();
        TimeSpan tick = TimeSpan.FromTicks(1);
        RunChain(loop, 4, turn =>
        {
            polls.Add(driver.PollCount);
            driver.Advance(turn switch { 1 => s_timeMax - tick, 2 => tick, _ => TimeSpan.Zero });
        });

        Assert.That(polls, Is.EqualTo(new[] { 1, 1, 2, 2 }), "a tick before, and at the limit");
    }

    [Test]
    public void What_io_completed_comes_within_the_bound()
    {
        ManualDriver driver = NewDriver();
        using EventLoop loop = NewLoop(driver);
        int completedIn = 0;
        int turns = 0;
        RunChain(loop, 100, turn =>
        {
            turns = turn;
            if (turn == 1)
            {
                driver.CompleteInNextPoll(() => completedIn = turns);
            }
        });

        Assert.That(completedIn, Is.EqualTo(33), "32 turns after the poll of the first");
    }

    [Test]
    public void Timers_and_letters_of_other_threads_do_not_wait_for_a_poll()
    {
        ManualDriver driver = NewDriver();
        using EventLoop loop = NewLoop(driver);
        var story = new List<string>();
        RunChain(loop, 5, turn =>
        {
            story.Add($"{turn}");
            if (turn == 2)
            {
                loop.CallLater(TimeSpan.Zero, () => story.Add("timer"));
                var thread = new Thread(
                    () => loop.CallSoonThreadSafe(() => story.Add("letter")));
                thread.Start();
                thread.Join();
            }
        });

        Assert.That(string.Join(' ', story), Is.EqualTo("1 2 3 letter timer 4 5"));
        Assert.That(driver.PollCount, Is.EqualTo(1));
    }

    [Test]
    public void A_loop_that_has_nothing_to_run_polls_and_so_does_each_turn_of_its_own()
    {
        ManualDriver driver = NewDriver();
        using EventLoop loop = NewLoop(driver);
        loop.CallSoon(() => loop.CallLater(TimeSpan.FromSeconds(1), loop.Stop));
        loop.RunForever();
        Assert.That(driver.PollCount, Is.EqualTo(2));

        loop.CallSoon(() => { });
        loop.RunOnce();
        loop.CallSoon(() => { });
        loop.RunOnce();
        Assert.That(driver.PollCount, Is.EqualTo(4), "the first turn of a run polls");
    }

    [Test]
    public void A_driver_whose_poll_costs_nothing_is_polled_in_every_turn()
    {
        var driver = new ManualDriver();
        using EventLoop loop = NewLoop(driver);
        RunChain(loop, 50, _ => { });

        Assert.That(driver.PollCount, Is.EqualTo(50));
    }

    private static ManualDriver NewDriver() => new() { IsCostly = true };

    private static EventLoop NewLoop(ManualDriver driver, int skipsMax = 32) =>
        new(new EventLoopOptions
        {
            Driver = driver,
            Debug = false,
            PollSkipsMax = skipsMax,
            PollSkipTimeMax = s_timeMax,
        });

    /// <summary>Runs a callback that books itself again, once in each of so many turns.</summary>
    private static void RunChain(EventLoop loop, int turns, Action<int> onTurn)
    {
        int turn = 0;
        void Step()
        {
            onTurn(++turn);
            if (turn < turns)
            {
                loop.CallSoon(Step);
            }
            else
            {
                loop.Stop();
            }
        }

        loop.CallSoon(Step);
        loop.RunForever();
    }
}
