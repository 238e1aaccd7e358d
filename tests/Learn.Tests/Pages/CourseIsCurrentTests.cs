// The course of this repository: its pages and its pictures are current.

using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Pages;

[TestFixture]
public sealed class CourseIsCurrentTests
{
    private static readonly Lessons s_lessons = new(RepositoryFolder.Path);

    public static IEnumerable<string> Programs => s_lessons.All
        .Where(lesson => File.Exists(lesson.Program)).Select(lesson => lesson.Number);

    [Test]
    public void Every_page_has_its_parts_and_is_current() => Assert.That(
        string.Join('\n', new CoursePages(s_lessons).Check()), Is.Empty);

    [TestCaseSource(nameof(Programs))]
    public void The_picture_of_a_lesson_is_that_of_its_run(string number)
    {
        Lesson lesson = s_lessons.Find(number)!;
        Assert.That(lesson.Picture, Does.Exist, "`learn pictures` draws it");
        Assert.That(
            LessonPicture.Make(lesson).AsSpan().SequenceEqual(File.ReadAllBytes(lesson.Picture)),
            Is.True, $"`learn pictures {number}` draws it anew");
    }
}
