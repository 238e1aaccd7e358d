using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Reactor.Testing;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Statements M09 to M11: signals as callbacks of the loop. The signals are real and sent to this
/// process: those that are harmless if a test should fail.
/// </summary>
[Platform("Linux,MacOsX", Reason = "It sends signals with kill.")]
[UnsupportedOSPlatform("windows")]
public sealed class M_SignalTests : LoopFixture
{
    private const PosixSignal Window = PosixSignal.SIGWINCH;
    private static readonly Action s_nothing = static () => { };

    [Test]
    public void M09_a_handler_is_a_callback_of_the_loop_also_while_it_sleeps()
    {
        int loopThread = Environment.CurrentManagedThreadId;
        Loop.AddSignalHandler(Window, () =>
        {
            Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(loopThread));
            Assert.That(EventLoop.Current, Is.SameAs(Loop));
            Tell("heard");
            Loop.Stop();
        });
        Thread sender = SendWhenTheLoopSleeps("WINCH");

        Loop.RunForever();
        sender.Join();

        Assert.That(Story, Is.EqualTo("heard"));
    }

    [Test]
    public void M09_it_gets_its_argument_and_the_context_of_its_registration()
    {
        var value = new AsyncLocal<string> { Value = "registered" };
        Loop.AddSignalHandler(Window, text =>
        {
            Tell($"{text} {value.Value}");
            Loop.Stop();
        }, "argument");
        value.Value = "later";
        Thread sender = SendWhenTheLoopSleeps("WINCH");

        Loop.RunForever();
        sender.Join();

        Assert.That(Story, Is.EqualTo("argument registered"));
    }

    [Test]
    public void M09_it_runs_each_time()
    {
        Loop.AddSignalHandler(Window, () =>
        {
            Tell("heard");
            Loop.Stop();
        });
        for (int i = 0; i < 3; i++)
        {
            Thread sender = SendWhenTheLoopSleeps("WINCH");
            Loop.RunForever();
            sender.Join();
        }

        Assert.That(Story, Is.EqualTo("heard heard heard"));
    }

    [Test]
    public void M09_a_second_handler_replaces_the_first()
    {
        Loop.AddSignalHandler(Window, Tell, "first");
        Loop.AddSignalHandler(Window, () =>
        {
            Tell("second");
            Loop.Stop();
        });
        Thread sender = SendWhenTheLoopSleeps("WINCH");

        Loop.RunForever();
        sender.Join();
        RunTurns(2);

        Assert.That(Story, Is.EqualTo("second"));
    }

    [Test]
    public void M09_a_handler_that_throws_is_reported_as_a_callback_that_does()
    {
        Loop.AddSignalHandler(Window, () =>
        {
            Loop.Stop();
            throw new FormatException();
        });
        Thread sender = SendWhenTheLoopSleeps("WINCH");

        Loop.RunForever();
        sender.Join();

        LoopErrorContext report = TakeReport();
        Assert.That(report.Exception, Is.TypeOf<FormatException>());
        Assert.That(report.Message, Does.StartWith("Exception in callback"));
    }

    [Test]
    public void M09_two_loops_both_hear_it()
    {
        var driver = new ManualDriver();
        using EventLoop other = NewLoop(driver);
        other.AddSignalHandler(Window, () =>
        {
            Tell("other");
            other.Stop();
        });
        Loop.AddSignalHandler(Window, Loop.Stop);
        Thread sender = SendWhenTheLoopSleeps("WINCH");

        Loop.RunForever();
        other.RunForever();
        sender.Join();

        Assert.That(Story, Is.EqualTo("other"));
    }

    [TestCase(0)]
    [TestCase(-11)]
    [TestCase(65)]
    [TestCase(1000)]
    [TestCase(int.MinValue)]
    public void M10_bad_numbers_are_argument_errors(int number)
    {
        Assert.That(() => Loop.AddSignalHandler((PosixSignal)number, s_nothing),
            Throws.ArgumentException);
        Assert.That(Loop.RemoveSignalHandler((PosixSignal)number), Is.False);
    }

    [TestCase(9, TestName = "M10_SIGKILL_cannot_be_caught")]
    [TestCase(19, TestName = "M10_SIGSTOP_cannot_be_caught")]
    [TestCase(11, TestName = "M10_SIGSEGV_is_the_runtimes")]
    [TestCase(34, TestName = "M10_the_signal_that_stops_threads_is_the_runtimes")]
    [Platform("Linux")]
    public void M10_uncatchable_signals_are_operation_errors(int number) => Assert.That(
        () => Loop.AddSignalHandler((PosixSignal)number, s_nothing),
        Throws.InvalidOperationException.With.Message.Contains("cannot be caught"));

    [Test]
    public void M10_remove_is_true_once_and_then_false()
    {
        Loop.AddSignalHandler(Window, s_nothing);

        Assert.That(Loop.RemoveSignalHandler(Window), Is.True);
        Assert.That(Loop.RemoveSignalHandler(Window), Is.False);
        Assert.That(Loop.RemoveSignalHandler(PosixSignal.SIGCONT), Is.False, "it had none");
    }

    [Test]
    public void M10_a_removed_handler_hears_nothing()
    {
        Loop.AddSignalHandler(Window, Tell, "removed");
        Loop.AddSignalHandler(PosixSignal.SIGCONT, Loop.Stop);
        Loop.RemoveSignalHandler(Window);
        Thread sender = SendWhenTheLoopSleeps("WINCH", "CONT");

        Loop.RunForever();
        sender.Join();
        RunTurns(2);

        Assert.That(Story, Is.Empty);
    }

    [TestCase(PosixSignal.SIGHUP, 1)]
    [TestCase(PosixSignal.SIGINT, 2)]
    [TestCase(PosixSignal.SIGTERM, 15)]
    public void M10_name_and_number_are_one_signal(PosixSignal signal, int number)
    {
        Loop.AddSignalHandler((PosixSignal)number, s_nothing);
        Assert.That(Loop.RemoveSignalHandler(signal), Is.True);
    }

    [Test]
    public void M11_close_removes_all_handlers()
    {
        var driver = new ManualDriver();
        EventLoop closed = NewLoop(driver);
        closed.AddSignalHandler(Window, Tell, "closed");
        SignalTable table = closed.Signals!;
        Assert.That(table.Handles(Window), Is.True);

        closed.Close();

        Assert.That(table.Handles(Window), Is.False);
        Assert.That(closed.RemoveSignalHandler(Window), Is.False);
        Loop.AddSignalHandler(Window, Loop.Stop);
        Thread sender = SendWhenTheLoopSleeps("WINCH");
        Loop.RunForever();
        sender.Join();
        Assert.That(Story, Is.Empty);
    }

    [Test]
    public void The_next_signal_is_the_first_of_them()
    {
        Thread sender = SendWhenTheLoopSleeps("CONT");
        PosixSignal heard = Run(async () =>
            await Loop.NextSignalAsync(Window, PosixSignal.SIGCONT));
        sender.Join();

        Assert.That(heard, Is.EqualTo(PosixSignal.SIGCONT));
    }

    [Test]
    public void A_cancelled_wait_for_a_signal_gives_the_signals_back()
    {
        Future<PosixSignal> next = Loop.NextSignalAsync(Window, PosixSignal.SIGCONT);
        next.Cancel();
        RunTurns(1);

        Assert.That(Loop.RemoveSignalHandler(Window), Is.False);
        Assert.That(Loop.RemoveSignalHandler(PosixSignal.SIGCONT), Is.False);
    }

    [Test]
    public void A_cancelled_wait_for_a_signal_leaves_a_later_handler_alone()
    {
        Future<PosixSignal> next = Loop.NextSignalAsync(Window, PosixSignal.SIGCONT);
        Loop.AddSignalHandler(Window, s_nothing);
        next.Cancel();
        RunTurns(1);

        Assert.That(Loop.RemoveSignalHandler(Window), Is.True, "it is the later one's");
        Assert.That(Loop.RemoveSignalHandler(PosixSignal.SIGCONT), Is.False);
    }

    [Test]
    public void Two_waits_for_a_signal_both_hear_it()
    {
        Thread sender = SendWhenTheLoopSleeps("CONT");
        Future<PosixSignal> first = Loop.NextSignalAsync(Window, PosixSignal.SIGCONT);
        Future<PosixSignal> second = Loop.NextSignalAsync(PosixSignal.SIGCONT);
        PosixSignal[] heard = Run(async () => await EventLoop.WhenAll([first, second]));
        sender.Join();

        Assert.That(heard, Is.All.EqualTo(PosixSignal.SIGCONT));
        Assert.That(Loop.RemoveSignalHandler(PosixSignal.SIGCONT), Is.True, "it is the loop's");
        Assert.That(Loop.Signals!.Handles(PosixSignal.SIGCONT), Is.False);
    }

    [Test]
    public void A_handler_set_before_a_wait_is_restored_after_it()
    {
        Loop.AddSignalHandler(Window, () =>
        {
            Tell("handled");
            Loop.Stop();
        });
        Future<PosixSignal> next = Loop.NextSignalAsync(Window);
        Thread first = SendWhenTheLoopSleeps("WINCH");
        Assert.That(Run(async () => await next), Is.EqualTo(Window));
        first.Join();
        RunTurns(2);
        Assert.That(Story, Is.Empty, "the wait has taken the signal");

        Thread second = SendWhenTheLoopSleeps("WINCH");
        Loop.RunForever();
        second.Join();
        Assert.That(Story, Is.EqualTo("handled"));
        Assert.That(Loop.RemoveSignalHandler(Window), Is.True);
        Assert.That(Loop.RemoveSignalHandler(Window), Is.False);
    }

    [Test]
    public void A_handler_set_before_a_cancelled_wait_hears_the_signal()
    {
        Loop.AddSignalHandler(Window, Loop.Stop);
        Loop.NextSignalAsync(Window).Cancel();
        Thread sender = SendWhenTheLoopSleeps("WINCH");
        Loop.RunForever();
        sender.Join();

        Assert.That(Loop.RemoveSignalHandler(Window), Is.True);
    }

    [Test]
    public void A_handler_set_during_a_wait_runs_and_the_wait_ends()
    {
        Future<PosixSignal> next = Loop.NextSignalAsync(Window);
        Loop.AddSignalHandler(Window, Tell, "handled");
        Thread sender = SendWhenTheLoopSleeps("WINCH");
        Assert.That(Run(async () => await next), Is.EqualTo(Window));
        sender.Join();
        RunTurns(1);

        Assert.That(Story, Is.EqualTo("handled"));
    }

    [Test]
    public void A_wait_for_signals_of_which_one_is_invalid_takes_none()
    {
        Assert.That(
            () => Loop.NextSignalAsync(Window, (PosixSignal)9), Throws.InvalidOperationException);
        Assert.That(Loop.Signals!.Handles(Window), Is.False);
    }

    // One after the other: the second when the loop has been woken by the first, if it is.
    private Thread SendWhenTheLoopSleeps(params string[] names)
    {
        var thread = new Thread(() =>
        {
            Driver.WaitUntilLoopWaits();
            foreach (string name in names)
            {
                Assert.That(ChildProcess.Signal(Environment.ProcessId, name));
            }
        });
        thread.Start();
        return thread;
    }
}
