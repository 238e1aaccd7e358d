// The head of a lesson's program is read as the page for authors describes it, and a wrong one is
// reported with its line.

using Reactor.Learn;

namespace Learn.Tests.Course;

[TestFixture]
public sealed class LessonFileTests
{
    private const string Program = """
        #!/usr/bin/env dotnet
        // Lesson 07: when does a timer fire? Grows from 06_ready_queue.
        // Question: a timer of 100 ms,
        // and 10 ms of work: when?
        // Predict:
        //   at 100 ms
        //   at 105 ms
        // Picture: lanes
        // Expected output:
        //   loop: poll
        //     at 105 ms
        //
        //   at 105 ms
        //

        Console.WriteLine("…");
        """;

    [Test]
    public void Every_part_of_the_head_is_read()
    {
        LessonFile file = LessonFile.Parse("lessons/07_timers.cs", Program);
        Assert.Multiple(() =>
        {
            Assert.That(file.Number, Is.EqualTo("07"));
            Assert.That(file.Title, Is.EqualTo("when does a timer fire?"));
            Assert.That(file.GrowsFrom, Is.EqualTo("06_ready_queue"));
            Assert.That(
                file.Question, Is.EqualTo("a timer of 100 ms, and 10 ms of work: when?"));
            Assert.That(file.Choices, Is.EqualTo(new[] { "at 100 ms", "at 105 ms" }));
            Assert.That(file.RightChoice, Is.EqualTo(1));
            Assert.That(file.Picture, Is.EqualTo("lanes"));
            Assert.That(file.ExpectedOutput,
                Is.EqualTo(new[] { "loop: poll", "  at 105 ms", "", "at 105 ms" }));
            Assert.That(file.Body, Is.EqualTo(new[] { "Console.WriteLine(\"…\");" }));
        });
    }

    [TestCase("// Lesson 07: when does a timer fire? Grows from 06_ready_queue.",
        "// Lesson 7: when?", 2)]
    [TestCase("// Question: a timer of 100 ms,", "// A timer of 100 ms,", 3)]
    [TestCase("// Predict:", "// Choose:", 5)]
    [TestCase("//   at 100 ms", "//   at 105 ms", 5)]
    [TestCase("//   at 100 ms", "//  at 100 ms", 6)]
    [TestCase("//   at 105 ms\n// P", "//   at 110 ms\n// P", 5)]
    [TestCase("// Picture: lanes", "// Picture: photo", 8)]
    [TestCase("// Expected output:", "// Output:", 9)]
    public void A_wrong_head_is_reported_with_its_line(string right, string wrong, int line) =>
        Assert.That(
            () => LessonFile.Parse("a.cs", Program.Replace(right, wrong)),
            Throws.TypeOf<FormatException>().With.Message.StartsWith($"a.cs:{line}: "));
}
