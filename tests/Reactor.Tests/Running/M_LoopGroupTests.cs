using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Several loops that run one main: what they share, which is nothing; how they begin, end and fail
/// together. Real threads are the subject, so the tests wait for events.
/// </summary>
[CancelAfter(60_000)]
public class M_LoopGroupTests
{
    private const int Loops = 3;

    [Test]
    public void Each_main_runs_on_a_loop_and_a_thread_of_its_own_and_the_first_on_the_callers()
    {
        var seen = new ConcurrentDictionary<int, (EventLoop Loop, Thread Thread)>();
        new LoopGroup(Loops).Run(async member =>
        {
            Assert.That(member.Count, Is.EqualTo(Loops));
            await member.MeetAsync();
            seen[member.Index] = (EventLoop.Current, Thread.CurrentThread);
        });

        Assert.That(seen.Keys, Is.EquivalentTo(new[] { 0, 1, 2 }));
        Assert.That(seen.Values.Select(one => one.Loop), Is.Unique);
        Assert.That(seen[0].Thread, Is.SameAs(Thread.CurrentThread));
        Assert.That(
            seen.Values.Skip(1).Select(one => one.Thread.Name),
            Is.EqualTo(new[] { "loop-1", "loop-2" }));
        Assert.That(seen.Values.Select(one => one.Loop.IsClosed), Is.All.True);
    }

    [TestCase(1, "mine")]
    [TestCase(2, "mine-0", "mine-1")]
    public void The_loops_bear_their_numbers(int count, params string[] names)
    {
        var seen = new ConcurrentQueue<string>();
        new LoopGroup(count, _ => new EventLoopOptions { Name = "mine" }).Run(async member =>
        {
            await member.MeetAsync();
            seen.Enqueue(EventLoop.Current.Options.Name);
        });

        Assert.That(seen, Is.EquivalentTo(names));
    }

    [Test]
    public void Ctrl_c_is_left_to_the_first_loop()
    {
        var seen = new ConcurrentDictionary<int, bool>();
        new LoopGroup(2).Run(async member =>
        {
            await member.MeetAsync();
            seen[member.Index] = EventLoop.Current.Options.HandleInterrupt;
        });

        Assert.That((seen[0], seen[1]), Is.EqualTo((true, false)));
    }

    [Test]
    public void Nobody_goes_on_before_all_have_come_and_they_may_meet_again()
    {
        int come = 0;
        var seen = new ConcurrentQueue<int>();
        new LoopGroup(Loops).Run(async member =>
        {
            for (int round = 1; round <= 100; round++)
            {
                Interlocked.Increment(ref come);
                await member.MeetAsync();
                seen.Enqueue(Volatile.Read(ref come) - (round * Loops));
                await member.MeetAsync();
            }
        });

        Assert.That(seen, Has.Count.EqualTo(100 * Loops).And.All.Zero);
    }

    [Test]
    public void When_one_main_throws_the_others_are_cancelled_and_what_it_threw_is_thrown(
        [Range(0, Loops - 1)] int bad)
    {
        var cancelled = new ConcurrentQueue<int>();
        var group = new LoopGroup(Loops);
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(
            () => group.Run(async member =>
            {
                try
                {
                    await member.MeetAsync();
                    if (member.Index == bad)
                    {
                        throw new InvalidOperationException("mine");
                    }

                    await member.Stopped;
                }
                catch (LoopCanceledException)
                {
                    cancelled.Enqueue(member.Index);
                    throw;
                }
            }));

        Assert.That(error!.Message, Is.EqualTo("mine"));
        Assert.That(cancelled, Is.EquivalentTo(Enumerable.Range(0, Loops).Where(i => i != bad)));
    }

    [Test]
    public void A_loop_that_aborts_ends_the_others()
    {
        Assert.Throws<LoopAbortException>(() => new LoopGroup(2).Run(async member =>
        {
            await member.MeetAsync();
            if (!member.IsFirst)
            {
                EventLoop.Current.CallSoon(() => throw new LoopAbortException("over"));
            }

            await member.Stopped;
        }));
    }

    [Test]
    public void Who_fails_before_the_others_have_met_leaves_nobody_waiting()
    {
        Assert.Throws<InvalidOperationException>(() => new LoopGroup(Loops).Run(
            member => member.IsFirst ? Throw("early") : member.MeetAsync()));
    }

    [Test]
    public void Options_that_cannot_be_made_end_all()
    {
        Assert.Throws<NotSupportedException>(() => new LoopGroup(2, index => index == 1
            ? throw new NotSupportedException()
            : new EventLoopOptions()).Run(async member => await member.Stopped));
    }

    [Test]
    public void The_error_of_the_first_is_thrown_and_that_of_a_second_is_reported()
    {
        var log = new ListLoggerFactory();
        var group = new LoopGroup(2, _ => new EventLoopOptions { LoggerFactory = log });
        Exception? error = Assert.Throws<InvalidOperationException>(() => group.Run(async member =>
        {
            try
            {
                await member.MeetAsync();
                await (member.IsFirst ? Throw("first") : Wait(member));
            }
            finally
            {
                if (!member.IsFirst)
                {
                    await Throw("second");
                }
            }
        }));
        LogQueue.Flush(TimeSpan.FromSeconds(30));

        Assert.That(error!.Message, Is.EqualTo("first"));
        Assert.That(log.Exceptions.Select(one => one.Message), Does.Contain("second"));
    }

    [Test]
    public void Stop_is_heard_by_all_whoever_calls_it_and_by_those_who_begin_later()
    {
        var group = new LoopGroup(Loops);
        group.Run(async member =>
        {
            if (member.Index == 1)
            {
                group.Stop();
            }

            await member.Stopped;
            await member.Stopped;
        });

        var stoppedBefore = new LoopGroup(Loops);
        stoppedBefore.Stop();
        stoppedBefore.Stop();
        stoppedBefore.Run(async member => await member.Stopped);
    }

    [Test]
    public void It_runs_once_and_not_on_a_loop()
    {
        var group = new LoopGroup(1);
        EventLoop.Run(async () =>
        {
            await EventLoop.Yield();
            Assert.Throws<InvalidOperationException>(() => group.Run(member => member.MeetAsync()));
        });
        group.Run(member => member.MeetAsync());

        Assert.Throws<InvalidOperationException>(() => group.Run(member => member.MeetAsync()));
    }

    [Test]
    public void There_are_1_to_1024_loops()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new LoopGroup(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new LoopGroup(1025));
        Assert.That(new LoopGroup(1).Count, Is.EqualTo(1));
        Assert.That(new LoopGroup(1024).Count, Is.EqualTo(1024));
    }

    [Test]
    public void The_loops_loggers_have_its_name_behind_their_categories()
    {
        using var factory = new Categories();
        var group = new LoopGroup(2, _ => new EventLoopOptions { LoggerFactory = factory });
        group.Run(async member =>
        {
            await member.MeetAsync();
            Assert.That(member.LoggersOf(null), Is.Null);
            ILoggerFactory none = NullLoggerFactory.Instance;
            Assert.That(member.LoggersOf(none), Is.SameAs(none));
            member.LoggersOf(factory).CreateLogger("mine");
        });
        new LoopGroup(1).Run(async member =>
        {
            await member.MeetAsync();
            Assert.That(member.LoggersOf(factory), Is.SameAs(factory));
        });

        Assert.That(factory.Made, Is.EquivalentTo(new[]
        {
            "Reactor.EventLoop.loop-0", "Reactor.EventLoop.loop-1", "mine.loop-0", "mine.loop-1",
        }));
    }

    private static async Coroutine Throw(string message)
    {
        await EventLoop.Yield();
        throw new InvalidOperationException(message);
    }

    private static async Coroutine Wait(LoopGroupMember member) => await member.Stopped;

    private sealed class Categories : ILoggerFactory
    {
        public ConcurrentQueue<string> Made { get; } = new();

        public ILogger CreateLogger(string categoryName)
        {
            Made.Enqueue(categoryName);
            return NullLogger.Instance;
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
