// Each exercise of the course: the stub fails, the solution passes, and each wrong answer is caught
// by its own number and no other; all in 90 seconds on two processors.

using System.Collections.Concurrent;
using System.Diagnostics;
using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Exercises;

[TestFixture]
[NonParallelizable]
public sealed class ExerciseTests
{
    // An idle machine with two cores needs less than a minute. Beside a build it gives us half of
    // its time: so the time of the processors counts, and on the wall only what is much longer.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_busyLimit = 3 * s_limit;
    private const int Processors = 2;

    private readonly ConcurrentDictionary<string, VariantResult[]> _results = [];
    private TimeSpan _time;
    private TimeSpan _processorTime;

    [OneTimeSetUp]
    public void JudgeAll()
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = FamilyClock.Now;
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
        _processorTime = FamilyClock.Now - before;
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

    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Exercises))]
    public void Every_scenario_has_a_title_in_Chinese_and_the_file_has_no_other(string name)
    {
        Lesson lesson = RealCourse.Lessons.Find(name)!;
        IReadOnlyDictionary<string, string> titles = ScenarioTitles.Read(lesson.ChineseTitles);
        Assert.That(titles.Keys, Is.EqualTo(
            _results[name][0].Judgement.Result!.Scenarios.Select(one => one.Facts.Title)));
        Assert.That(titles.Values.Where(title => !title.Any(IsHan)), Is.Empty);
    }

    private static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff';

    [Test]
    public void All_are_judged_within_90_seconds_of_two_processors()
    {
        TestContext.Out.WriteLine(
            $"{_results.Values.Sum(results => results.Length)} files in {_time.TotalSeconds:F1} s, "
            + $"{_processorTime.TotalSeconds:F1} s of processors");
        Assert.That(_processorTime, Is.LessThan(Processors * s_limit));
        Assert.That(_time, Is.LessThan(s_busyLimit));
    }
}
