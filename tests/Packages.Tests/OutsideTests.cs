using Reactor.Testing;

namespace Packages.Tests;

/// <summary>The packages in a program outside: built, run, and published trimmed.</summary>
[TestFixture]
[Category("Slow")]
public sealed class OutsideTests
{
    private const string Expected = """
        {"Text":"hello, ann"}
        {"Text":"hello, bob"}

        """;

    [Test]
    public void A_program_builds_without_warnings_and_runs()
    {
        ChildOutcome outcome = ChildProcess.Run(Path.Combine(OutsideProgram.Output, "outside"));
        Assert.That(outcome, Is.EqualTo(new ChildOutcome(0, Expected, "")));
    }

    // Warnings of the linker are errors too.
    [Test]
    public void The_program_is_published_trimmed_without_warnings_and_runs()
    {
        string target = Path.Combine(OutsideProgram.Folder, "published");
        Dotnet.Run(
            OutsideProgram.Folder, "publish", "-c", "Release", "--no-build", "-o", target);
        Assert.That(
            Path.Combine(target, "System.Linq.Queryable.dll"), Does.Not.Exist, "it is not trimmed");
        ChildOutcome outcome = ChildProcess.Run(Path.Combine(target, "outside"));
        Assert.That(outcome, Is.EqualTo(new ChildOutcome(0, Expected, "")));
    }
}
