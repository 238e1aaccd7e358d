// Every program of the course prints what its head says, is short, ends soon, and is the same in
// each run.

using Reactor.Learn;

namespace Learn.Tests.Programs;

[TestFixture]
public sealed class LessonProgramTests
{
    private const int Runs = 20;

    /// <summary>The limit of the course; the process is ended after three times as long.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Programs))]
    public void The_head_is_complete_and_the_program_is_short(string name)
    {
        LessonFile file = RealCourse.Lessons.Find(name)!.Read();
        Assert.Multiple(() =>
        {
            Assert.That(file.Number, Is.EqualTo(name[..2]));
            Assert.That(file.Lines, Has.Count.AtMost(LessonFile.LinesMax));
            Assert.That(file.Lines[0], Is.EqualTo("#!/usr/bin/env dotnet"));
            Assert.That(file.Lines.Any(line => line.StartsWith("#:", StringComparison.Ordinal)),
                Is.EqualTo(int.Parse(file.Number) >= 18), "uses our library from 18 on");
            Assert.That(file.ExpectedOutput, Has.None.Contains("…"));
            if (file.GrowsFrom is { } from)
            {
                Assert.That(RealCourse.Lessons.Find(from)?.Name, Is.EqualTo(from));
            }
        });
    }

    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Programs))]
    [Category("Slow")]
    public void It_prints_what_its_head_says_in_each_of_twenty_runs(string name)
    {
        Lesson lesson = RealCourse.Lessons.Find(name)!;
        IReadOnlyList<string> expected = lesson.Read().ExpectedOutput;
        using var build = new LessonBuild(lesson);
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int run = 1; run <= Runs; run++)
        {
            (LessonOutput output, TimeSpan time) = build.Run(s_limit * 3);
            Assert.That(output.Failure, Is.Null, $"run {run}");
            Assert.That(output.Lines, Is.EqualTo(expected), $"run {run}");
            fastest = time < fastest ? time : fastest;
        }

        Assert.That(fastest, Is.LessThan(s_limit));
    }

    // Two builds at once would write the same files of the library.
    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Programs))]
    [Category("Slow")]
    [NonParallelizable]
    public void It_runs_as_a_learner_runs_it(string name)
    {
        Lesson lesson = RealCourse.Lessons.Find(name)!;
        LessonOutput output = LessonProcess.Run(lesson);
        Assert.That(output.Failure, Is.Null);
        Assert.That(output.Lines, Is.EqualTo(lesson.Read().ExpectedOutput));
    }
}
