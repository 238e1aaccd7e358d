using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statement G41: attempts that begin one after the other, and the first to succeed wins.
/// </summary>
public sealed class G_RaceTests : LoopFixture
{
    [Test]
    public void G41_the_first_to_succeed_wins_with_its_index_and_the_others_are_cancelled()
    {
        RaceResult<string> result = Run(async () => await EventLoop.StaggeredRace<string>(
            [() => Slow(9, "a"), () => Slow(2, "b"), () => Slow(9, "c")], S(1)));

        // They begin at 0, 1 and 2 s; the second is done at 3 s.
        Assert.That(Seconds, Is.EqualTo(3));
        Assert.That(result.Winner, Is.EqualTo("b"));
        Assert.That(result.WinnerIndex, Is.EqualTo(1));
        Assert.That(result.Exceptions, Has.Count.EqualTo(3));
        Assert.That(result.Exceptions[0], Is.TypeOf<LoopCanceledException>());
        Assert.That(result.Exceptions[1], Is.Null);
        Assert.That(result.Exceptions[2], Is.TypeOf<LoopCanceledException>());
        Assert.That(Loop.AllTasks(), Is.Empty);
    }

    [Test]
    public void G41_a_winner_in_time_leaves_the_next_attempt_uncalled()
    {
        RaceResult<string> result = Run(async () => await EventLoop.StaggeredRace<string>(
            [() => Slow(1, "a"), () => throw new AssertionException("not reached")], S(5)));

        Assert.That(result.WinnerIndex, Is.Zero);
        Assert.That(result.Exceptions, Is.EqualTo(new Exception?[] { null }));
        Assert.That(Seconds, Is.EqualTo(1));
    }

    [Test]
    public void G41_a_failure_begins_the_next_at_once()
    {
        RaceResult<string> result = Run(async () => await EventLoop.StaggeredRace(
            [() => Fail(1), () => Slow(1, "b")], S(60)));

        Assert.That(result.WinnerIndex, Is.EqualTo(1));
        Assert.That(result.Exceptions[0], Is.TypeOf<FormatException>());
        Assert.That(Seconds, Is.EqualTo(2));
    }

    [Test]
    public void G41_the_failure_of_an_earlier_attempt_does_not_shorten_the_head_start()
    {
        RaceResult<string> result = Run(async () => await EventLoop.StaggeredRace(
            [() => Fail(12), () => Slow(15, "b"), () => Slow(1, "c")], S(10)));

        // The second begins at 10 s and has until 20 s; the failure at 12 s is not its own.
        Assert.That(result.WinnerIndex, Is.EqualTo(2));
        Assert.That(Seconds, Is.EqualTo(21));
    }

    [Test]
    public void G41_without_a_delay_the_next_begins_when_the_one_before_has_failed()
    {
        RaceResult<string> result = Run(async () => await EventLoop.StaggeredRace(
            [() => Fail(100), () => Slow(1, "b")], null));

        Assert.That(result.WinnerIndex, Is.EqualTo(1));
        Assert.That(Seconds, Is.EqualTo(101));
    }

    [Test]
    public void G41_if_all_fail_there_is_no_winner_and_all_exceptions()
    {
        RaceResult<string> result = Run(async () => await EventLoop.StaggeredRace(
            [() => Fail(1), () => throw new ArithmeticException()], S(5)));

        Assert.That(result.WinnerIndex, Is.Null);
        Assert.That(result.Winner, Is.Null);
        Assert.That(result.Exceptions[0], Is.TypeOf<FormatException>());
        Assert.That(result.Exceptions[1], Is.TypeOf<ArithmeticException>());
    }

    [Test]
    public void G41_of_no_attempts_there_is_no_winner()
    {
        RaceResult<string> result = Run(async () =>
            await EventLoop.StaggeredRace(Array.Empty<Func<Coroutine<string>>>(), S(5)));

        Assert.That(result.WinnerIndex, Is.Null);
        Assert.That(result.Exceptions, Is.Empty);
    }

    [Test]
    public void G41_cancelling_cancels_all_and_waits_for_them()
    {
        var race = Loop.CreateTask(EventLoop.StaggeredRace(
            [() => SlowToDie("a"), () => SlowToDie("b")], S(1)));
        Loop.CallLater(S(3), () => race.Cancel());

        Assert.That(() => Loop.RunUntilComplete(race), Throws.TypeOf<LoopCanceledException>());
        Assert.That(Story, Is.EqualTo("a b"));
        Assert.That(Seconds, Is.EqualTo(5));
        Assert.That(Loop.AllTasks(), Is.Empty);
    }

    [Test]
    public void G41_with_an_eager_factory_it_is_the_same()
    {
        Loop.TaskFactory = new EagerTaskFactory();
        RaceResult<string> result = Run(async () => await EventLoop.StaggeredRace(
            [() => Fail(0), () => Slow(0, "b"), () => Slow(1, "c")], S(1)));

        Assert.That(result.WinnerIndex, Is.EqualTo(1));
    }

    private static async Coroutine<string> Slow(int seconds, string value)
    {
        if (seconds > 0)
        {
            await EventLoop.Delay(S(seconds));
        }

        return value;
    }

    private static async Coroutine<string> Fail(int seconds)
    {
        await Slow(seconds, "");
        throw new FormatException();
    }

    private async Coroutine<string> SlowToDie(string name)
    {
        try
        {
            return await Later(S(60), name);
        }
        finally
        {
            await EventLoop.Delay(S(2));
            Tell(name);
        }
    }
}
