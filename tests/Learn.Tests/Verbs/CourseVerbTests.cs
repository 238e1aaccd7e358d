// The verbs that guide through the course, with a scripted console, in both languages.

using Reactor.Learn;

namespace Learn.Tests.Verbs;

[TestFixture]
public sealed class CourseVerbTests
{
    [Test]
    public void List_shows_the_lessons_with_their_progress()
    {
        using var course = new CopiedCourse();
        File.WriteAllText(
            course.ProgressFile, "01_queue: 3 checks, 2 hints, solved\n02_split: predicted 1\n");
        string[] lines = course.Run("list").Output.Split('\n');
        Assert.That(
            lines.Single(line => line.Contains("01 ")).Split('│', StringSplitOptions.TrimEntries),
            Is.EqualTo(new[] { "01", "which entry comes first?", "solved", "3", "2" }));
        Assert.That(
            lines.Single(line => line.Contains("02 ")).Split('│', StringSplitOptions.TrimEntries),
            Is.EqualTo(new[] { "02", "where may a line be split?", "predicted", "", "" }));
        Assert.That(course.Run("list --language zh-CN").Output, Does.Contain("已完成"));
    }

    [Test]
    public void A_broken_lesson_does_not_hide_the_others()
    {
        using var course = new CopiedCourse();
        File.WriteAllText(course.Queue.Program, "// no head\n");
        Said said = course.Run("list");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Broken));
        Assert.That(said.Errors, Does.StartWith("learn: lessons/01_queue.cs:1: "));
        Assert.That(said.Output, Does.Contain("where may a line be split?"));
    }

    [Test]
    public void Next_is_the_first_lesson_that_is_not_solved_with_its_steps()
    {
        using var course = new CopiedCourse();
        Assert.That(course.Run("next").Output.TrimEnd().Split('\n'), Is.EqualTo(new[]
        {
            "Lesson 01: which entry comes first?",
            "  predict  learn predict 01",
            "  read     docs/lessons/en/01-queue.md",
            "  run      dotnet run lessons/01_queue.cs",
            "  edit     lessons/exercises/01_queue/Exercise.cs",
            "  check    learn check 01",
            "learn stands for: dotnet run lessons/learn.cs --",
        }));
        File.WriteAllText(course.ProgressFile, "01_queue: solved\n");
        Assert.That(course.Run("next").Output, Does.StartWith("Lesson 02: "));
        File.AppendAllText(course.ProgressFile, "02_split: solved\n");
        Assert.That(course.Run("next").Output, Is.EqualTo("All lessons are solved.\n"));
        Assert.That(
            course.Run("next --language zh-CN").Output, Is.EqualTo("全部课程都已完成。\n"));
    }

    [Test]
    public void The_hints_come_one_after_the_other_and_the_last_one_stays()
    {
        using var course = new CopiedCourse();
        string[] hints = [.. Enumerable.Range(0, 4).Select(_ => course.Run("hint 1").Output)];
        Assert.That(hints, Is.EqualTo(new[]
        {
            "Hint 1 of 3:\nWhich end does each method use?\n",
            "Hint 2 of 3:\nThe framework has a queue.\n",
            "Hint 3 of 3:\n`TryDequeue` tells whether there was an entry.\n",
            "Hint 3 of 3:\n`TryDequeue` tells whether there was an entry.\n",
        }));
        Assert.That(
            course.Run("hint 02 --language zh-CN").Output,
            Is.EqualTo("提示 1/3：\n每个方法使用哪一端？\n"));
        Assert.That(
            File.ReadAllLines(course.ProgressFile)[1..],
            Is.EqualTo(new[] { "01_queue: 3 hints", "02_split: 1 hint" }));
    }

    [Test]
    public void Hints_that_are_missing_are_reported_with_their_file()
    {
        using var course = new CopiedCourse();
        File.Delete(course.Queue.Hints(Language.English));
        Said said = course.Run("hint 1");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Broken));
        Assert.That(said.Errors, Does.StartWith("learn: lessons/exercises/01_queue/hints.en.md "));
    }

    [Test]
    public void The_solution_is_shown_before_the_exercise_is_solved_only_on_demand()
    {
        using var course = new CopiedCourse();
        string solution = File.ReadAllText(course.Queue.Solution);
        Said refused = course.Run("solution 01");
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(refused.Errors, Does.Contain("learn solution 01 --yes"));
        Assert.That(
            course.RunPiped("solution 01", "").Errors, Does.Contain("learn solution 01 --yes"));
        Assert.That(course.RunPiped("solution 01", "n\n").Output, Is.Empty);
        Assert.That(course.Run("solution 01", "n\n").Output, Does.Not.Contain("class"));
        Assert.That(course.Run("solution 01", "").Output, Does.Not.Contain("class"));
        Assert.That(File.Exists(course.ProgressFile), Is.False);
        Assert.That(course.Run("solution 01", "y\n").Output, Does.EndWith(solution));
        Assert.That(course.Run("solution 01 --yes").Output, Is.EqualTo(solution));
        File.WriteAllText(course.ProgressFile, "01_queue: solved\n");
        Assert.That(course.Run("solution 01").Output, Is.EqualTo(solution));
        Assert.That(File.ReadAllText(course.ProgressFile),
            Is.EqualTo("01_queue: solution seen, solved\n"));
    }

    [Test]
    public void Reset_keeps_each_answer_under_a_name_of_its_own()
    {
        using var course = new CopiedCourse();
        string stub = File.ReadAllText(course.Queue.Stub);
        File.WriteAllText(course.Queue.Answer, "first");
        Assert.That(course.Run("reset 01").Output, Does.Contain("Exercise.cs.saved-1."));
        Assert.That(File.ReadAllText(course.Queue.Answer), Is.EqualTo(stub));
        File.WriteAllText(course.Queue.Answer, "second");
        Assert.That(course.Run("reset 01").Output, Does.Contain("Exercise.cs.saved-2."));
        Assert.That(course.Run("reset 01").Output, Does.Not.Contain("saved"));
        File.Delete(course.Queue.Answer);
        Assert.That(course.Run("reset 01").ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(File.ReadAllText(course.Queue.Answer), Is.EqualTo(stub));
        Assert.That(
            Directory.GetFiles(course.Queue.Exercise, "*saved*").Order().Select(File.ReadAllText),
            Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public void A_progress_that_cannot_be_written_is_a_warning()
    {
        using var course = new CopiedCourse();
        // A folder in its place, because a super-user may write any file.
        Directory.CreateDirectory(course.ProgressFile);
        Said said = course.Run("hint 01");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(said.Output, Does.StartWith("Hint 1 of 3:"));
        Assert.That(said.Errors, Does.StartWith("learn: lessons/progress.txt cannot be "));
    }

    [Test]
    public void A_line_of_the_progress_that_cannot_be_read_is_reported_and_kept()
    {
        using var course = new CopiedCourse();
        File.WriteAllText(course.ProgressFile, "01_queue: a lot\n");
        Said said = course.Run("hint 02");
        Assert.That(said.Errors, Does.StartWith("learn: lessons/progress.txt:1 cannot be read."));
        Assert.That(File.ReadAllText(course.ProgressFile),
            Is.EqualTo("01_queue: a lot\n02_split: 1 hint\n"));
    }

    [TestCase("")]
    [TestCase("9\nx\n")]
    public void A_pipe_that_has_no_choice_is_a_usage_error(string input)
    {
        using var course = new CopiedCourse();
        Said said = course.RunPiped("predict 01", input);
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(said.Errors, Does.StartWith("learn: The choice is a number from 1 to 2:"));
        Assert.That(File.Exists(course.ProgressFile), Is.False);
    }

    [TestCase("check 99", "learn: There is no lesson 99.")]
    [TestCase("hint nothing", "learn: There is no lesson nothing.")]
    [TestCase("check", "learn: Required argument 'lesson' missing for command: 'check'.")]
    [TestCase("check 01 --schedules 0", "learn: --schedules is from 1 to 100000.")]
    [TestCase("check 01 --schedules many", "learn: Cannot parse argument 'many'")]
    [TestCase("list --language fr", "learn: Argument 'fr' not recognized.")]
    [TestCase("sing", "learn: ")]
    [TestCase("predict 01", "learn: The choice is a number from 1 to 2: --choice N, or")]
    [TestCase("predict 01 --choice 3", "learn: The choice is a number from 1 to 2: --choice N")]
    [TestCase("docs 99 --no-open", "learn: There is no lesson 99.")]
    public void Bad_input_is_one_sentence_and_a_usage_error(string commandLine, string sentence)
    {
        using var course = new CopiedCourse();
        Said said = course.Run(commandLine);
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(said.Errors, Does.StartWith(sentence));
        Assert.That(said.Errors.TrimEnd(), Does.Not.Contain("\n"));
        Assert.That(File.Exists(course.ProgressFile), Is.False);
    }

    [Test]
    public void A_lesson_without_an_exercise_has_nothing_to_check()
    {
        using var course = new CopiedCourse();
        Directory.Delete(course.Queue.Exercise, recursive: true);
        foreach (string verb in (string[])["check", "hint", "solution", "reset", "judge"])
        {
            Said said = course.Run($"{verb} 01");
            Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Usage), verb);
            Assert.That(said.Errors, Is.EqualTo("learn: Lesson 01 has no exercise.\n"), verb);
        }
    }

    [TestCase("zh_CN.UTF-8", Language.Chinese)]
    [TestCase("zh", Language.Chinese)]
    [TestCase("en_US.UTF-8", Language.English)]
    [TestCase("C", Language.English)]
    [TestCase(null, Language.English)]
    public void The_language_is_that_of_the_environment(string? lang, object language) =>
        Assert.That(
            LanguageNames.FromEnvironment(name => name == "LANG" ? lang : ""),
            Is.EqualTo(language));
}
