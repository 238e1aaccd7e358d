// The file of the progress may be edited by hand: what cannot be read is kept and reported.

using Reactor.Learn;

namespace Learn.Tests.Course;

[TestFixture]
public sealed class ProgressTests
{
    [TestCase("predicted 2, 3 checks, 1 hint, solution seen, solved")]
    [TestCase("1 check")]
    [TestCase("2 hints")]
    [TestCase("solved")]
    public void A_line_is_written_as_it_was_read(string line) =>
        Assert.That(LessonProgress.Parse(line)?.ToString(), Is.EqualTo(line));

    [TestCase("")]
    [TestCase("3")]
    [TestCase("3 cheques")]
    [TestCase("0 checks")]
    [TestCase("1 check, 2 checks")]
    [TestCase("solved, solved")]
    [TestCase("99999999999 checks")]
    public void A_line_that_says_nothing_is_not_read(string line) =>
        Assert.That(LessonProgress.Parse(line), Is.Null);

    [Test]
    public void Only_the_line_of_the_lesson_changes()
    {
        using var course = new CopiedCourse();
        string[] before =
        [
            "# mine", "", "02_split: solved", "what is this", "01_queue:  2 checks , 1 hint",
            "01_queue: solved", "99_other: 1 check",
        ];
        File.WriteAllLines(course.ProgressFile, before);
        Progress progress = Progress.Load(course.ProgressFile);
        Assert.That(progress.BrokenLines, Is.EqualTo(new[] { 4, 6 }));
        Assert.That(
            progress.Of(course.Queue), Is.EqualTo(new LessonProgress { Checks = 2, Hints = 1 }));
        progress.Set(course.Queue, progress.Of(course.Queue) with { IsSolved = true });
        before[4] = "01_queue: 2 checks, 1 hint, solved";
        Assert.That(File.ReadAllLines(course.ProgressFile), Is.EqualTo(before));
        Assert.That(
            Directory.GetFiles(Path.GetDirectoryName(course.ProgressFile)!, "progress*"),
            Has.Length.EqualTo(1));
    }

    [Test]
    public void A_file_that_cannot_be_written_is_left_as_it_is()
    {
        using var course = new CopiedCourse();
        File.WriteAllText(course.ProgressFile, "02_split: solved\n");
        Progress progress = Progress.Load(course.ProgressFile);
        // A folder in its place, because a super-user may write any file.
        File.Delete(course.ProgressFile);
        Directory.CreateDirectory(course.ProgressFile);
        Assert.That(
            () => progress.Set(course.Queue, new LessonProgress { Checks = 1 }),
            Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(
            Directory.GetFiles(Path.Combine(course.Root, "lessons"), "progress*"), Is.Empty);
    }
}
