// Each exercise of the course: the stub fails, the solution passes, and each wrong answer is caught
// by its own number and no other; all in 90 seconds on two processors.

using Reactor.Learn;

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

    [TestCaseSource(typeof(RealCourse), nameof(RealCourse.Exercises))]
    public void The_files_of_an_exercise_are_judged_as_its_author_means_it(string name)
    {
        Lesson lesson = RealCourse.Lessons.Find(name)!;
        IReadOnlyList<VariantResult> results = JudgedExercises.All.Of(name);
        IEnumerable<string> complaints = results
            .Where(one => one.Complaint is not null)
            .Select(one => $"{one.File} {one.Complaint}")
            .Concat(ExerciseJudge.UnknownNumbers(lesson, results))
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
            JudgedExercises.All.Of(name)[0].Judgement.Result!.Scenarios
                .Select(one => one.Facts.Title)));
        Assert.That(titles.Values.Where(title => !title.Any(IsHan)), Is.Empty);
    }

    private static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff';

    [Test]
    public void All_are_judged_within_90_seconds_of_two_processors()
    {
        JudgedExercises all = JudgedExercises.All;
        TestContext.Out.WriteLine(
            $"{all.Count} files in {all.Time.TotalSeconds:F1} s, "
            + $"{all.ProcessorTime.TotalSeconds:F1} s of processors");
        Assert.That(all.ProcessorTime, Is.LessThan(Processors * s_limit));
        Assert.That(all.Time, Is.LessThan(s_busyLimit));
    }
}
