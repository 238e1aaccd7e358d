using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Other threads beside the loop's: posts that must wake it and must not be lost, handles cancelled
/// while they start, and a loop that one thread makes and another runs.
/// </summary>
public sealed class ThreadTests : LoopFixture
{
    private static readonly Action s_nothing = static () => { };

    [Test]
    public void C01_a_post_from_another_thread_wakes_a_loop_that_waits_in_its_poll()
    {
        int loopThread = Environment.CurrentManagedThreadId;
        var thread = new Thread(() =>
        {
            Driver.WaitUntilLoopWaits();
            Loop.CallSoonThreadSafe(() =>
            {
                Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(loopThread));
                Tell("woken");
                Loop.Stop();
            });
        });
        thread.Start();

        Loop.RunForever();
        thread.Join();

        Assert.That(Story, Is.EqualTo("woken"));
    }

    [TestCase("manual")]
    [TestCase("sockets")]
    public void C01_nothing_is_lost_when_many_threads_post_at_once(string driver)
    {
        const int Threads = 4;
        const int Posts = 20_000;
        using EventLoop? own = driver == "sockets" ? new EventLoop() : null;
        EventLoop loop = own ?? Loop;
        var seen = new List<int>[Threads];
        int left = Threads * Posts;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            seen[number] = [];
            for (int i = 0; i < Posts; i++)
            {
                loop.CallSoonThreadSafe(Note, (number, i));
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());

        loop.RunForever();
        Array.ForEach(threads, thread => thread.Join());

        foreach (List<int> ofOne in seen)
        {
            Assert.That(ofOne, Is.EqualTo(Enumerable.Range(0, Posts)), "in its thread's order");
        }

        void Note((int Thread, int Number) post)
        {
            seen[post.Thread].Add(post.Number);
            if (--left == 0)
            {
                loop.Stop();
            }
        }
    }

    [Test]
    public void C01_a_loop_made_here_and_run_elsewhere_is_woken_from_here()
    {
        // The first post comes while the other thread begins to run, again and again.
        for (int i = 0; i < 300; i++)
        {
            using EventLoop loop = NewLoop();
            var thread = new Thread(() => loop.RunForever());
            thread.Start();
            loop.CallSoonThreadSafe(loop.Stop);
            Assert.That(thread.Join(S(5)), Is.True, $"the loop sleeps on, round {i}");
        }
    }

    [Test]
    public void C02_on_its_own_thread_it_is_first_in_first_out_with_call_soon()
    {
        Loop.CallSoon(() =>
        {
            Loop.CallSoon(Tell, "a");
            Loop.CallSoonThreadSafe(Tell, "b");
            Loop.CallSoon(Tell, "c");
        });

        RunTurns(2);

        Assert.That(Story, Is.EqualTo("a b c"));
    }

    [Test]
    public void C02_before_the_run_too()
    {
        Loop.CallSoon(Tell, "a");
        Loop.CallSoonThreadSafe(Tell, "b");
        Loop.CallSoon(Tell, "c");

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("a b c"));
    }

    [Test]
    public void C03_its_handle_can_be_cancelled_from_another_thread_until_it_starts()
    {
        LoopHandle handle = Loop.CallSoonThreadSafe(Tell, "cancelled");
        var thread = new Thread(handle.Cancel);
        thread.Start();
        thread.Join();

        RunTurns(1);

        Assert.That(Story, Is.Empty);
        Assert.That(handle.IsCancelled, Is.True);
    }

    [Test]
    public void C03_a_cancel_at_the_moment_of_the_start_leaves_it_whole_or_undone()
    {
        const int Rounds = 300_000;
        var handles = new LoopHandle[Rounds + 2];
        string argument = "whole";
        int reached = 0;
        int torn = 0;
        for (int i = 0; i < handles.Length; i++)
        {
            int number = i;
            handles[i] = Loop.CallSoon(
                text =>
                {
                    Volatile.Write(ref reached, number);
                    torn += text is null ? 1 : 0;
                },
                argument);
        }

        // It runs beside the loop and cancels what is about to start.
        var thread = new Thread(() =>
        {
            int seen;
            while ((seen = Volatile.Read(ref reached)) < Rounds - 1)
            {
                handles[seen + 1].Cancel();
                handles[seen + 2].Cancel();
            }
        });
        thread.Start();
        RunTurns(1);
        Volatile.Write(ref reached, Rounds);
        thread.Join();

        Assert.That(torn, Is.Zero);
    }

    [Test]
    public void C05_a_callback_that_cancels_its_own_handle_runs_to_the_end()
    {
        LoopHandle handle = null!;
        handle = Loop.CallSoonThreadSafe(() =>
        {
            handle.Cancel();
            Tell("end");
        });

        RunTurns(1);

        Assert.That(Story, Is.EqualTo("end"));
        Assert.That(handle.IsCancelled, Is.True);
    }

    [Test]
    public void Posts_to_a_loop_that_has_closed_meanwhile_are_dropped_in_silence()
    {
        Loop.Close();

        var thread = new Thread(() =>
        {
            Loop.PostThreadSafe(new StateHandle<Action>(
                Loop, PlainCallback.Run, s_nothing, null, null, 0));
        });
        thread.Start();
        thread.Join();

        Assert.That(TakeReports(), Is.Empty);
    }
}
