using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// What Ctrl+C does to a whole process (statements M07, M09 and M10): the first lets it clean up,
/// the second ends it, whatever it does.
/// </summary>
[Platform("Linux,MacOsX", Reason = "It sends signals with kill.")]
public sealed class InterruptedProcessTests
{
    private const int InterruptExitCode = 130;

    [TestCase("run")]
    [TestCase("runner")]
    public void M07_the_first_runs_all_the_cleanup_and_ends_quietly_with_130(string program)
    {
        using ChildProcess process = SignalProcess.Start(program);
        Assert.That(process.ReadLine(), Is.EqualTo("ready"));

        process.Signal("INT");

        Assert.That(process.ReadRest(), Is.EqualTo(
            new[] { "main cleans up", "the other cleans up" }));
        Assert.That(process.WaitForExit(), Is.EqualTo(InterruptExitCode));
        Assert.That(process.Errors, Is.Empty);
    }

    [Test]
    public void M07_the_interruption_can_be_caught()
    {
        using ChildProcess process = SignalProcess.Start("caught");
        Assert.That(process.ReadLine(), Is.EqualTo("ready"));

        process.Signal("INT");

        Assert.That(process.ReadRest(), Is.EqualTo(
            new[] { "main cleans up", "the other cleans up", "caught" }));
        Assert.That(process.WaitForExit(), Is.EqualTo(3));
    }

    [Test]
    public void M07_a_main_that_ignores_the_first_is_ended_by_the_second()
    {
        using ChildProcess process = SignalProcess.Start("stubborn");
        Assert.That(process.ReadLine(), Is.EqualTo("ready"));
        process.Signal("INT");
        Assert.That(process.ReadLine(), Is.EqualTo("ignored"));

        process.Signal("INT");

        Assert.That(process.WaitForExit(), Is.EqualTo(InterruptExitCode));
    }

    [Test]
    public void M07_a_loop_that_stands_still_is_ended_all_the_same()
    {
        using ChildProcess process = SignalProcess.Start("blocked");
        Assert.That(process.ReadLine(), Is.EqualTo("ready"));

        // It cannot say that it heard the first; two that come at once may count as one.
        for (int i = 0; i < 100 && !process.HasExited; i++)
        {
            process.Signal("INT");
        }

        Assert.That(process.WaitForExit(), Is.EqualTo(InterruptExitCode));
    }

    [Test]
    public void M09_a_handler_of_the_loop_comes_before_the_runner()
    {
        using ChildProcess process = SignalProcess.Start("handler");
        Assert.That(process.ReadLine(), Is.EqualTo("ready"));
        process.Signal("INT");
        Assert.That(process.ReadLine(), Is.EqualTo("handled"));
        process.Signal("INT");
        Assert.That(process.ReadLine(), Is.EqualTo("handled"));

        Assert.That(process.WaitForExit(), Is.Zero, "main has ended by itself");
        Assert.That(process.Errors, Is.Empty);
    }

    [TestCase("INT", "SIGINT", "INT", InterruptExitCode)]
    [TestCase("TERM", "SIGTERM", "INT", InterruptExitCode)]
    [TestCase("INT", "SIGINT", "TERM", 143)]
    public void M07_who_waited_for_the_first_signal_is_ended_by_the_second(
        string first, string name, string second, int exitCode)
    {
        using ChildProcess process = SignalProcess.Start("next");
        Assert.That(process.ReadLine(), Is.EqualTo("ready"));
        process.Signal(first);
        Assert.That(process.ReadLine(), Is.EqualTo(name));

        process.Signal(second);

        Assert.That(process.WaitForExit(), Is.EqualTo(exitCode));
    }

    [Test]
    public void Two_waits_for_one_signal_both_hear_it()
    {
        using ChildProcess process = SignalProcess.Start("waits");
        process.ReadLine();
        process.Signal("TERM");

        Assert.That(process.ReadLine(), Is.EqualTo("SIGTERM SIGTERM"));
        Assert.That(process.WaitForExit(), Is.Zero);
    }

    [Test]
    public void A_handler_that_was_set_before_a_wait_has_the_next_signal_again()
    {
        using ChildProcess process = SignalProcess.Start("restored");
        process.ReadLine();
        process.Signal("INT");
        Assert.That(process.ReadLine(), Is.EqualTo("SIGINT False"));
        process.Signal("INT");

        Assert.That(process.ReadLine(), Is.EqualTo("handled"));
        Assert.That(process.WaitForExit(), Is.Zero);
    }

    [Test]
    public void M07_without_the_option_the_signal_is_left_to_others()
    {
        using ChildProcess process = SignalProcess.Start("foreign");
        Assert.That(process.ReadLine(), Is.EqualTo("ready"));

        process.Signal("INT");

        Assert.That(process.ReadRest(), Is.EqualTo(new[] { "heard it myself" }));
        Assert.That(process.WaitForExit(), Is.Zero);
    }

    [Test]
    public void M10_removing_a_handler_restores_the_default()
    {
        using ChildProcess process = SignalProcess.Start("restore");
        string number = process.ReadLine().Split(' ')[1];
        process.Signal(number);
        Assert.That(process.ReadLine(), Is.EqualTo("removed True"));

        process.Signal(number);

        Assert.That(process.WaitForExit(), Is.EqualTo(128 + int.Parse(number, null)));
    }
}
