// Each exercise of the course: the stub fails, the solution passes, and each wrong answer is caught
// by its own number and no other; all in a minute.

using System.Collections.Concurrent;
using System.Diagnostics;
using Reactor.Learn;

namespace Learn.Tests.Exercises;

[TestFixture]
[NonParallelizable]
public sealed class ExerciseTests
{
    private const int WrongAnswersMin = 75;

    // For an idle machine with two cores; a busy one may need three times as long.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, VariantResult[]> _results = [];
    private TimeSpan _time;

    [OneTimeSetUp]
    public void JudgeAll()
    {
        long start = Stopwatch.GetTimestamp();
        foreach (Lesson lesson in RealCourse.Lessons.All.Where(lesson => lesson.HasExercise))
        {
            var judge = new Judge(lesson);
            _results[lesson.Name] =
            [
                .. ExerciseJudge.Files(lesson).AsParallel().AsOrdered().WithDegreeOfParallelism(2)
                    .Select(file => ExerciseJudge.Run(
                        lesson, judge, file.Path, file.Kind, new RunLimits())),
            ];
        }

        _time = Stopwatch.GetElapsedTime(start);
    }

    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Exercises))]
    public void The_files_of_an_exercise_are_judged_as_its_author_means_it(string name)
    {
        Lesson lesson = RealCourse.Lessons.Find(name)!;
        IEnumerable<string> complaints = _results[name]
            .Where(one => one.Complaint is not null)
            .Select(one => $"{one.File} {one.Complaint}")
            .Concat(ExerciseJudge.UnknownNumbers(lesson, _results[name]))
            .Concat(ExerciseJudge.Complaints(lesson));
        Assert.That(complaints, Is.Empty);
    }

    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Exercises))]
    public void An_exercise_begins_with_its_stub(string name)
    {
        Lesson lesson = RealCourse.Lessons.Find(name)!;
        Assert.That(File.ReadAllText(lesson.Answer), Is.EqualTo(File.ReadAllText(lesson.Stub)));
    }

    [Test]
    public void Every_lesson_has_an_exercise_and_there_are_enough_wrong_answers()
    {
        Assert.That(RealCourse.Exercises, Is.EqualTo(RealCourse.Programs));
        Assert.That(
            _results.Values.Sum(results => results.Count(one => one.Kind == VariantKind.Wrong)),
            Is.AtLeast(WrongAnswersMin));
    }

    [Test]
    public void All_are_judged_within_a_minute()
    {
        TestContext.Out.WriteLine(
            $"{_results.Values.Sum(results => results.Length)} files in {_time.TotalSeconds:F1} s");
        Assert.That(_time, Is.LessThan(s_limit * 3));
    }
}
