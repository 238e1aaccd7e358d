using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A process that ends while log lines are queued, or whose work throws on a thread of ours: the
/// lines are written, and only what must ends the process.
/// </summary>
public sealed class EndOfLogTests
{
    [TestCase("exit", 7)]
    [TestCase("crash", 134)]
    public void What_is_queued_is_written_before_the_process_ends(string program, int exitCode)
    {
        using ChildProcess process = SignalProcess.Start(program);
        Assert.That(process.WaitForExit(), Is.EqualTo(exitCode));
        string[] lines = [.. process.Errors.Split('\n')
            .Where(line => line.StartsWith("error: queued", StringComparison.Ordinal))];
        Assert.That(lines, Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"error: queued {i}")));
    }

    [Test]
    public void Work_that_throws_on_a_thread_of_an_executor_ends_neither_thread_nor_process()
    {
        using ChildProcess process = SignalProcess.Start("work");
        Assert.That(process.WaitForExit(), Is.Zero);
        Assert.That(
            process.ReadRest(), Is.EqualTo(new[] { "the thread lives", "the pool lives" }));
        Assert.That(
            process.Errors,
            Does.Contain("work of a thread").And.Contain("default work")
                .And.Contain("RunInExecutor"));
    }
}
