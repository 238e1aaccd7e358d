// What a learner sees after a check: right, a named misconception, a mere difference, or the errors
// of the compiler.

using Reactor.Learn;

namespace Learn.Tests.Verbs;

[TestFixture]
public sealed class CheckVerbTests
{
    [Test]
    public void A_right_answer_solves_the_lesson()
    {
        using var course = new CopiedCourse();
        Assert.That(course.Run("check 02").ExitCode, Is.EqualTo(ExitCode.Wrong));
        File.Copy(course.Split.Solution, course.Split.Answer, overwrite: true);
        Said said = course.Run("check 02");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(said.Output, Is.EqualTo(
            "Lesson 02: right. All 3 scenarios have the right outcome, those with schedules in "
            + "20 of them each.\n"));
        Assert.That(
            File.ReadAllText(course.ProgressFile), Does.EndWith("02_split: 2 checks, solved\n"));
    }

    [Test]
    public void A_misconception_is_named_with_its_reason_the_difference_and_the_page()
    {
        using var course = new CopiedCourse();
        Said said = course.Run($"check 01 --answer {course.Queue.WrongAnswers[0]}");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Wrong));
        Assert.That(said.Output, Does.StartWith("Lesson 01: 1 of 2 scenarios are right.\n"));
        Assert.That(
            said.Output, Does.Contain("✗ The entry that was added first is taken first\n"));
        Assert.That(Row(said, "▶"), Is.EqualTo(new[] { "▶", "takes a", "takes b" }));
        Assert.That(said.Output, Does.EndWith("""

            Misconception 01.1: The newest entry is taken first: the entries are a stack.
            The oldest client waits for as long as new ones arrive.
            Read: docs/lessons/en/01-queue.md#exercise (in the browser: learn docs 01)
            Hint: learn hint 01

            """));
        Assert.That(File.Exists(course.ProgressFile), Is.False, "the file is not Exercise.cs");
    }

    [Test]
    public void In_Chinese_the_title_the_sentence_and_the_page_are_Chinese()
    {
        using var course = new CopiedCourse();
        Said said = course.Run(
            $"check 01 --language zh-CN --answer {course.Queue.WrongAnswers[0]}");
        Assert.That(said.Output, Does.StartWith("第 01 课：2 个场景中 1 个正确。\n"));
        Assert.That(said.Output, Does.Contain("✗ 最先加入的条目最先取出\n"));
        Assert.That(said.Output, Does.Contain("误解 01.1：最新的条目最先取出：这些条目构成的是栈。"));
        Assert.That(said.Output, Does.Contain("docs/lessons/zh-CN/01-queue.md#练习"));
    }

    [Test]
    public void A_title_without_a_translation_is_shown_in_English()
    {
        using var course = new CopiedCourse();
        Assert.That(course.Run("check 01 --language zh-CN").Output,
            Does.Contain("✗ An empty queue has no entry\n"));
    }

    [Test]
    public void A_failing_schedule_is_told_with_its_seed()
    {
        using var course = new CopiedCourse();
        string answer = course.Split.WrongAnswers[2];
        string[] words = course.Run($"check 02 --answer {answer}").Output.Split('\n')
            .Single(line => line.StartsWith("In ", StringComparison.Ordinal)).Split(' ');
        Assert.That(words[^3..^1], Is.EqualTo(new[] { "1", "--seed" }));
        Said again = course.Run($"check 02 --schedules 1 --seed {words[^1]} --answer {answer}");
        Assert.That(again.Output, Does.Contain("In 1 of 1 schedules."));
    }

    [Test]
    public void What_no_misconception_explains_is_only_a_difference()
    {
        using var course = new CopiedCourse();
        Said said = course.Run("check 01");
        Assert.That(said.Output, Does.Contain("✗ An empty queue has no entry"));
        Assert.That(said.Output, Does.Contain("No known misconception explains this."));
        Assert.That(said.Output, Does.EndWith("\nHint: learn hint 01\n"));
        Assert.That(said.Output, Does.Not.Contain("01."));
    }

    [Test]
    public void A_narrow_terminal_shows_the_columns_below_each_other()
    {
        using var course = new CopiedCourse();
        string answer = course.Queue.WrongAnswers[0];
        Said said = course.Run($"check 01 --answer {answer}", width: 40);
        Assert.That(
            said.Output, Does.Contain("  right:\n  ▶ takes a\n  yours:\n  ▶ takes b\n"));
    }

    [Test]
    public void The_first_difference_is_marked_and_a_missing_line_is_one()
    {
        using var course = new CopiedCourse();
        Said said = course.Run($"check 02 --answer {course.Split.WrongAnswers[2]}");
        Assert.That(Row(said, "│ a "), Is.EqualTo(new[] { "", "a", "a" }));
        Assert.That(Row(said, "│ b "), Is.EqualTo(new[] { "▶", "b", "" }));
    }

    [Test]
    public void An_error_of_the_compiler_is_shown_with_its_place_and_line()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.Answer);
        File.WriteAllText(course.Queue.Answer, text.Replace("=> \"\"", "=> 1"));
        Said said = course.Run("check 01");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Wrong));
        Assert.That(said.Output, Is.EqualTo("""
            The answer does not compile: one error.

            Exercise.cs:10:30: CS0029: Cannot implicitly convert type 'int' to 'string'
                    public string? Take() => 1;
                                             ^

            """));
    }

    [Test]
    public void A_type_that_the_scenarios_miss_is_named_once_and_without_their_lines()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.Answer);
        File.WriteAllText(course.Queue.Answer, text.Replace("class EntryQueue", "class Renamed"));
        Said said = course.Run("check 01");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Wrong));
        Assert.That(said.Output, Is.EqualTo("""
            Exercise.cs no longer declares EntryQueue, which the scenarios call.
            Compare it with Stub.cs, or put the stub back: learn reset 01 (your answer is kept).

            """));
    }

    [Test]
    public void A_member_that_the_scenarios_miss_is_named_with_its_type()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.Answer);
        File.WriteAllText(course.Queue.Answer, text.Replace("Add(", "Append("));
        Assert.That(course.Run("check 01").Output, Does.StartWith(
            "Exercise.cs no longer declares EntryQueue.Add, which the scenarios call.\n"));
    }

    [Test]
    public void A_member_with_another_signature_is_shown_with_one_line_of_the_scenarios()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.Answer);
        File.WriteAllText(course.Queue.Answer, text.Replace("Take()", "Take(int count)"));
        Said said = course.Run("check 01");
        Assert.That(said.Output, Does.StartWith("The scenarios use Exercise.cs as Stub.cs "));
        Assert.That(said.Output.Split("CS7036"), Has.Length.EqualTo(2));
        Assert.That(said.Output, Does.Contain("learn reset 01"));
    }

    [Test]
    public void Errors_of_the_answer_hide_those_that_follow_in_the_scenarios()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.Answer);
        File.WriteAllText(
            course.Queue.Answer, text.Replace("class EntryQueue", "class EntryQueue(Missing a)"));
        Said said = course.Run("check 01");
        Assert.That(said.Output, Does.StartWith("The answer does not compile: one error.\n"));
        Assert.That(said.Output, Does.Contain("'Missing'"));
        Assert.That(said.Output, Does.Not.Contain("Scenarios.cs"));
    }

    [Test]
    public void Numbers_with_a_bracket_are_lines_like_others()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.Solution);
        File.WriteAllText(
            course.Queue.Answer, text.Replace("? entry : null", "? \"[red]\" + entry : null"));
        Assert.That(
            Row(course.Run("check 01"), "▶"), Is.EqualTo(new[] { "▶", "takes a", "takes [red]a" }));
    }

    [Test]
    public void What_the_answer_prints_and_a_thread_it_leaves_are_told()
    {
        using var course = new CopiedCourse();
        string text = File.ReadAllText(course.Queue.Solution);
        File.WriteAllText(course.Queue.Answer, text.Replace(
            "public void Add(string entry) =>",
            "public EntryQueue() { Console.WriteLine(\"made\"); "
                + "new Thread(() => Thread.Sleep(-1)).Start(); }\n"
                + "public void Add(string entry) =>"));
        Said said = course.Run("check 01");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(said.Output, Does.Contain("Your answer printed:\n  made\n  made\n"));
        Assert.That(said.Output, Does.Contain("A thread of your answer was still running"));
    }

    [Test]
    public void A_missing_answer_is_reported()
    {
        using var course = new CopiedCourse();
        Said said = course.Run("check 01 --answer nowhere.cs");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Broken));
        Assert.That(said.Errors, Does.Contain("cannot be read"));
    }

    [Test]
    public void Judge_shows_every_file_and_fails_with_a_complaint()
    {
        using var course = new CopiedCourse();
        Said said = course.Run("judge");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Ok), said.Output);
        Assert.That(said.Output, Does.Contain("wrong/3_forgets.cs"));
        Assert.That(said.Output, Does.Contain("\n10 files, 0 complaints, "));
        File.Copy(course.Queue.Solution, course.Queue.Stub, overwrite: true);
        said = course.Run("judge 01");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Wrong));
        Assert.That(said.Output, Does.Contain("01_queue/Stub.cs passes, and must fail\n"));
    }

    private static string[] Row(Said said, string mark) => said.Output.Split('\n')
        .First(line => line.Contains(mark, StringComparison.Ordinal) && line.Contains('│'))
        .Split('│', StringSplitOptions.TrimEntries);
}
