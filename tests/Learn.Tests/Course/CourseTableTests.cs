// The course is complete: exactly the lessons of the table, each with all its parts. That every
// wrong answer is caught by its own number is in ExerciseTests.

using Reactor.Learn;

namespace Learn.Tests.Course;

[TestFixture]
public sealed class CourseTableTests
{
    private const int WrongAnswersMin = 75;

    private static readonly string[] s_table =
    [
        "01_blocking", "02_threads", "03_nonblocking", "04_readiness", "05_callbacks",
        "06_ready_queue", "07_timers", "08_futures", "09_generators", "10_trampoline",
        "11_async_await", "12_async_sockets", "13_back_pressure", "14_cancellation", "15_mailbox",
        "16_epoll", "17_completions", "18_real_loop", "19_backlog", "20_http_parser",
        "21_keep_alive", "22_deadlines", "23_shutdown", "24_many_loops", "25_measuring",
        "26_reading_a_run",
    ];

    [Test]
    public void The_course_has_exactly_the_lessons_of_the_table()
    {
        Assert.That(RealCourse.Lessons.All.Select(lesson => lesson.Name), Is.EqualTo(s_table));
        Assert.That(RealCourse.Programs, Is.EqualTo(s_table));
        Assert.That(RealCourse.Exercises, Is.EqualTo(s_table));
    }

    [TestCaseSource(nameof(s_table))]
    public void A_program_has_a_question_choices_a_picture_and_an_output(string name)
    {
        LessonFile file = RealCourse.Lessons.Find(name)!.Read();
        Assert.Multiple(() =>
        {
            Assert.That(file.Number, Is.EqualTo(name[..2]));
            Assert.That(file.Title, Is.Not.Empty);
            Assert.That(file.Question, Is.Not.Empty);
            Assert.That(file.Choices, Has.Count.AtLeast(2));
            Assert.That(file.Picture, Is.Not.Empty);
            Assert.That(file.ExpectedOutput, Is.Not.Empty);
        });
    }

    [TestCaseSource(nameof(s_table))]
    public void A_lesson_has_all_its_files_in_both_languages(string name)
    {
        Lesson lesson = RealCourse.Lessons.Find(name)!;
        string[] files =
        [
            lesson.Program, lesson.Answer, lesson.Stub, lesson.Solution, lesson.Scenarios,
            lesson.Picture,
            .. Enum.GetValues<Language>().SelectMany(
                language => new[] { lesson.Page(language), lesson.Hints(language) }),
        ];
        Assert.That(files.Where(file => !File.Exists(file)).Select(lesson.FromRoot), Is.Empty);
        Assert.That(lesson.WrongAnswers, Has.Count.AtLeast(2));
        foreach (Language language in Enum.GetValues<Language>())
        {
            Assert.That(Hints.Read(lesson.Hints(language)), Has.Count.EqualTo(3));
        }
    }

    [Test]
    public void The_wrong_answers_are_enough_and_each_has_a_number_of_its_own()
    {
        string[] numbers =
        [
            .. RealCourse.Lessons.All.SelectMany(Exercise.Misconceptions).Select(one => one.Number),
        ];
        Assert.That(numbers, Is.Unique);
        Assert.That(numbers, Has.Length.AtLeast(WrongAnswersMin));
        Assert.That(numbers.Select(number => number[..2]).Distinct(),
            Is.EqualTo(s_table.Select(name => name[..2])));
    }
}
