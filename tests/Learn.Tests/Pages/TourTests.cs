// The tour of the library: its table names files that exist, and a page that leaves out a type is
// found.

using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Pages;

[TestFixture]
public sealed class TourTests
{
    private const string Path = "docs/lessons/en/15-mailbox.md";

    [Test]
    public void Every_file_of_the_table_exists() => Assert.That(
        Tour.Files.Values.SelectMany(entries => entries)
            .Where(entry => !System.IO.Path.Exists(System.IO.Path.Combine(
                RepositoryFolder.Path, "src/Reactor", entry))),
        Is.Empty);

    [Test]
    public void A_stop_is_a_type_and_the_files_that_declare_it()
    {
        IReadOnlyList<TourStop> stops = Tour.Stops(RepositoryFolder.Path, "06");
        Assert.That(stops.Single(stop => stop.Type == "EventLoop").Files, Is.EqualTo(new[]
        {
            "src/Reactor/EventLoop.cs", "src/Reactor/Loop/EventLoop.Scheduler.cs",
        }));
        Assert.That(stops.Select(stop => stop.Type), Does.Contain("ReadyQueue"));
        Assert.That(
            Tour.Stops(RepositoryFolder.Path, "07").Select(stop => stop.Type),
            Does.Contain("TimerHeap"), "from a folder");
        Assert.That(Tour.Stops(RepositoryFolder.Path, "12"), Is.Empty);
    }

    [TestCase("[`Mailbox`](../../../src/Reactor/Scheduling/Mailbox.cs)", true)]
    [TestCase("[`Mailbox<T>`](../../../src/Reactor/Scheduling/Mailbox.cs#L7)", true)]
    [TestCase("[`Mailbox`](../../../src/Reactor/EventLoop.cs)", false)]
    [TestCase("[Mailbox](../../../src/Reactor/Scheduling/Mailbox.cs)", false)]
    [TestCase("`Mailbox`", false)]
    [TestCase("\n## Other\n\n[`Mailbox`](../../../src/Reactor/Scheduling/Mailbox.cs)", false)]
    public void A_type_is_named_by_a_link_to_its_file(string text, bool isRight)
    {
        var stop = new TourStop("15", "Mailbox", ["src/Reactor/Scheduling/Mailbox.cs"]);
        var page = new PageText($"# 15\n\n## Reasons\n\nIn the library: {text}\n");
        string[] findings = [.. Tour.Check(Path, page, "Reasons", [stop])
            .Select(finding => finding.ToString())];
        Assert.That(findings, isRight
            ? Is.Empty
            : Is.EqualTo(new[]
            {
                $"{Path}:3: the section 'Reasons' has no link "
                    + "[`Mailbox`](../../../src/Reactor/Scheduling/Mailbox.cs)",
            }));
    }
}
