// The judge on a planted course: each wrong answer is named by its own number, and a mistake of an
// author is a complaint.

using Reactor.Learn;

namespace Learn.Tests.Judging;

[TestFixture]
public sealed class PlantedExerciseTests
{
    [TestCase("01")]
    [TestCase("02")]
    public void Every_file_is_judged_as_its_author_means_it(string number)
    {
        using var course = new CopiedCourse();
        Lesson lesson = course.Lessons.Find(number)!;
        VariantResult[] results = JudgeAll(lesson);
        Assert.That(results.Select(one => one.Complaint), Is.All.Null);
        Assert.That(
            results.Select(one => string.Join(',', one.Judgement.Numbers)),
            Is.EqualTo(new[] { "", "", $"{number}.1", $"{number}.2", $"{number}.3" }));
        Assert.That(ExerciseJudge.Complaints(lesson), Is.Empty);
        Assert.That(ExerciseJudge.UnknownNumbers(lesson, results), Is.Empty);
    }

    [Test]
    public void A_stub_that_passes_and_a_solution_that_fails_are_complaints()
    {
        using var course = new CopiedCourse();
        File.Copy(course.Queue.Solution, course.Queue.Stub, overwrite: true);
        File.Copy(course.Queue.Answer, course.Queue.Solution, overwrite: true);
        Assert.That(
            JudgeAll(course.Queue)[..2].Select(one => one.Complaint),
            Is.EqualTo(new[]
            {
                "passes, and must fail",
                "fails: \"The entry that was added first is taken first\" expects [takes a], "
                    + "got [takes ]",
            }));
    }

    [Test]
    public void A_wrong_answer_with_the_lines_of_another_is_a_complaint()
    {
        using var course = new CopiedCourse();
        string stack = File.ReadAllText(course.Queue.WrongAnswers[0]);
        File.WriteAllText(course.Queue.WrongAnswers[1], stack.Replace("01.1", "01.2"));
        Assert.That(JudgeAll(course.Queue)[3].Complaint, Is.EqualTo("is named 01.1"));
    }

    [Test]
    public void A_wrong_answer_with_lines_of_its_own_is_a_complaint()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.WrongAnswers[1]);
        File.WriteAllText(
            course.Queue.WrongAnswers[1], text.Replace("Dequeue()", "Dequeue() + \"!\""));
        Assert.That(
            JudgeAll(course.Queue)[3].Complaint,
            Is.EqualTo("is not named: \"The entry that was added first is taken first\" expects "
                + "[takes a], got [takes a!]"));
    }

    [Test]
    public void Missing_hints_few_wrong_answers_and_a_wrong_number_are_complaints()
    {
        using var course = new CopiedCourse();
        string third = course.Queue.WrongAnswers[2];
        File.Move(third, third.Replace("3_", "4_"));
        File.Delete(course.Queue.WrongAnswers[0]);
        File.WriteAllText(course.Queue.Hints(Language.English), "## 1\n\na\n\n## 2\n\nb\n");
        Assert.That(ExerciseJudge.Complaints(course.Queue), Is.EqualTo(new[]
        {
            "2 wrong answers, at least 3 are needed",
            "lessons/exercises/01_queue/wrong/4_waits.cs is number 01.3, not 01.4",
            "lessons/exercises/01_queue/hints.en.md has not the hints ## 1, ## 2 and ## 3",
        }));
    }

    [Test]
    public void A_number_of_the_scenarios_without_a_wrong_answer_is_a_complaint()
    {
        using var course = new CopiedCourse();
        File.Delete(course.Queue.WrongAnswers[1]);
        Assert.That(
            ExerciseJudge.UnknownNumbers(course.Queue, JudgeAll(course.Queue)),
            Is.EqualTo(new[]
            {
                "Scenarios.cs of 01_queue names 01.2, which has no wrong answer",
            }));
    }

    [Test]
    public void A_run_with_the_same_seed_is_the_same_run()
    {
        using var course = new CopiedCourse();
        Source answer = Judge.ReadSource(course.Split, course.Split.WrongAnswers[2]);
        var judge = new Judge(course.Split);
        RunOutcome[] failures = Failures(new RunLimits { Schedules = 30, Seed = 100 });
        // 5 splits are possible, and this answer fails in the 3 that lie within the line.
        Assert.That(failures, Has.Length.GreaterThan(5).And.Length.LessThan(30));
        foreach (RunOutcome failure in failures)
        {
            Assert.That(
                Failures(new RunLimits { Schedules = 1, Seed = failure.Seed!.Value }),
                Has.Length.EqualTo(1), $"seed {failure.Seed}");
        }

        RunOutcome[] Failures(RunLimits limits) =>
            [.. judge.Run(answer, limits).Result!.Scenarios[0].Failures];
    }

    private static VariantResult[] JudgeAll(Lesson lesson)
    {
        var judge = new Judge(lesson);
        return [.. ExerciseJudge.Files(lesson).Select(
            file => ExerciseJudge.Run(lesson, judge, file.Path, file.Kind, new RunLimits()))];
    }
}
