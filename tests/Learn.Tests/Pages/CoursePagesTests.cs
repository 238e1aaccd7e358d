// The check of the pages finds each planted change, and the writing repairs what comes from
// elsewhere.

using Reactor.Learn;

namespace Learn.Tests.Pages;

[TestFixture]
public sealed class CoursePagesTests
{
    private const string English = "docs/lessons/en/13-second.md";
    private const string Chinese = "docs/lessons/zh-CN/13-second.md";

    private PlantedCourse _course = null!;

    [SetUp]
    public void Plant() => _course = new PlantedCourse();

    [TearDown]
    public void Remove() => _course.Dispose();

    [Test]
    public void Written_pages_have_program_output_and_difference_and_pass_the_check()
    {
        Assert.That(_course.Check(), Is.Empty);
        string page = _course.Read(English);
        Assert.That(page, Does.Contain("//   b: three\n```"), "the head ends at the next block");
        Assert.That(page, Does.Contain("```text\nturn 1\na: one\nb: three\n```\n"));
        Assert.That(page, Does.Contain(
            "```diff\n\n Console.WriteLine(\"a: one\");\n-Console.WriteLine(\"a -> b: two\");\n"
            + "+Console.WriteLine(\"b: three\");\n```\n"));
        Assert.That(
            _course.Read(Chinese).Split('\n')[1],
            Does.Match("^<!-- lesson 13_second; English: [0-9a-f]{64} -->$"));
    }

    [TestCase("# 13 Name: who speaks first?", "# 13 Name", ":1: the title is")]
    [TestCase("<!-- lesson 13_second -->", "<!-- lesson 13 -->", ":2: the second line is")]
    [TestCase("**Question.**", "Question:", ":1: the page begins with a paragraph")]
    [TestCase("## Experiment", "## Try it", "here is the section 'Experiment'")]
    [TestCase("## Reasons", "## Reasons\n\n## More", "the page has no section 'More'")]
    [TestCase("* `b: one`\n", "", "no line with 'b: one'")]
    [TestCase("-- predict 13", "-- predict", "no line with 'predict 13'")]
    [TestCase("//   b: one\n", "//   b: ONE\n", "the program differs here")]
    [TestCase("Console.WriteLine(\"a: one\");\n", "", "the program differs here")]
    [TestCase("```csharp\nConsole.", "```csharp\nconsole.", "the program has no line")]
    [TestCase("```csharp\n#!/", "```csharp\n//\n#!/", "the first block must begin")]
    [TestCase("```text\nturn 1", "```text\nturn 2", "the output differs")]
    [TestCase("```text", "```", "the section has no ```text block")]
    [TestCase("```diff", "```", "the section has no ```diff block")]
    [TestCase("+Console", "-Console", "the difference to lesson 12 is another one")]
    [TestCase("../pictures/13-second.svg", "../pictures/13.svg", "the section has no picture")]
    [TestCase("learn check 13", "learn check", "the section has no 'check 13'")]
    [TestCase("[other](12-first.md)", "", "the page ends without a link to 12-first.md")]
    public void A_planted_change_of_a_page_is_found(string before, string after, string found)
    {
        _course.Replace(English, before, after);
        string[] findings = [.. _course.Check().Where(finding => finding.StartsWith(English))];
        Assert.That(findings, Has.Some.Contains(found));
    }

    [Test]
    public void A_changed_English_page_makes_its_translation_stale()
    {
        _course.Replace(English, "Change it.", "Change this.");
        Assert.That(_course.Check(), Is.EqualTo(new[]
        {
            $"{Chinese}:2: the English page has changed: bring this page up to date, then run "
                + "`learn docs --write --translated 13`",
        }));
        new CoursePages(_course.Lessons).Write(_ => false);
        Assert.That(_course.Check(), Has.Length.EqualTo(1), "writing does not hide it");
        new CoursePages(_course.Lessons).Write(lesson => lesson.Number == "13");
        Assert.That(_course.Check(), Is.Empty);
    }

    [Test]
    public void A_changed_program_is_woven_anew_and_current_translations_stay_current()
    {
        _course.Replace(
            "lessons/13_second.cs", "Console.WriteLine(\"turn 1\");",
            "Console.WriteLine(\"turn 1\"); // begins");
        Assert.That(
            _course.Check(), Has.Some.Contains("the program has no line 'Console.WriteLine("));
        _course.Replace(English, "WriteLine(\"turn 1\");\n", "WriteLine(\"turn 1\"); // begins\n");
        _course.Replace(Chinese, "WriteLine(\"turn 1\");\n", "WriteLine(\"turn 1\"); // begins\n");
        new CoursePages(_course.Lessons).Write(lesson => lesson.Number == "13");
        Assert.That(_course.Check(), Is.Empty);

        _course.Replace("lessons/13_second.cs", "(\"a: one\");", "(\"a: \" + \"one\");");
        Assert.That(_course.Check(), Has.Some.Contains("the program differs here"));
        new CoursePages(_course.Lessons).Write(_ => false);
        Assert.That(_course.Check(), Is.Empty, "its text is as it was: the sum follows");
    }

    [Test]
    public void A_missing_page_or_picture_is_found()
    {
        File.Delete(Path.Combine(_course.Root, "docs/lessons/pictures/13-second.svg"));
        File.Delete(Path.Combine(_course.Root, "docs/lessons/zh-CN/12-first.md"));
        string[] findings = _course.Check();
        Assert.That(findings, Has.Some.Contains("13-second.svg: the picture is missing"));
        Assert.That(
            findings, Has.Some.EqualTo("docs/lessons/zh-CN/12-first.md: the page does not exist"));
    }

    [Test]
    public void A_program_with_a_wrong_head_is_found_and_the_other_pages_are_checked()
    {
        _course.Replace("lessons/12_first.cs", "// Predict:", "// Choose:");
        _course.Replace(English, "learn check 13", "learn check");
        string[] findings = _course.Check();
        Assert.That(findings, Has.Some.StartsWith("lessons/12_first.cs: "));
        Assert.That(findings, Has.Some.Contains("the section has no 'check 13'"));
    }

    [Test]
    public void The_index_has_a_row_for_each_page_and_is_found_stale()
    {
        Assert.That(_course.Read("docs/lessons/en/README.md"), Does.Contain(
            "| [13 Name: who speaks first?](13-second.md) | Who is first? | Write an actor. |\n"));
        Assert.That(_course.Read("docs/lessons/zh-CN/README.md"), Does.Contain(
            "| [13 Name: who speaks first?](13-second.md) | 谁先？ | 写一个演员。 |\n"));
        _course.Replace("docs/lessons/en/README.md", "Write an actor.", "Write two.");
        Assert.That(_course.Check(), Is.EqualTo(new[]
        {
            "docs/lessons/en/README.md: is stale; `learn docs --write` writes it",
        }));
    }

    [Test]
    public void Misconceptions_come_from_the_heads_of_the_wrong_answers()
    {
        Assert.That(_course.Read("docs/lessons/en/misconceptions.md"), Does.Contain(
            "* **13.1** The second speaks early: it does not wait. A real server would answer "
            + "before it is asked.\n"));
        Assert.That(
            _course.Read("docs/lessons/zh-CN/misconceptions.md"),
            Does.Contain("* **13.1** 第二个说得太早。它会在被问之前回答。\n"));
        _course.Replace(
            "lessons/exercises/13_second/wrong/1_early.cs", "speaks early", "speaks late");
        Assert.That(_course.Check(), Is.EqualTo(new[]
        {
            "docs/lessons/en/misconceptions.md: is stale; `learn docs --write` writes it",
        }));
    }

    [Test]
    public void The_Chinese_notes_name_the_English_page_that_they_are_of()
    {
        const string notes = "docs/lessons/zh-CN/asyncio-notes.md";
        _course.Write("docs/lessons/en/asyncio-notes.md", "# Notes\n");
        string sum = CoursePages.SumOf(
            Path.Combine(_course.Root, "docs/lessons/en/asyncio-notes.md"));
        _course.Write(notes, $"# 笔记\n<!-- English: {sum} -->\n");
        Assert.That(_course.Check(), Is.Empty);
        _course.Write("docs/lessons/en/asyncio-notes.md", "# Other notes\n");
        Assert.That(_course.Check(), Has.Some.StartsWith(notes + ":2: bring this page up to date"));
    }

    [Test]
    public void A_Chinese_page_never_calls_call_soon_immediate()
    {
        _course.Replace(Chinese, "Change it.", "`call_soon` 立即执行回调。");
        Assert.That(_course.Check(), Has.Some.Contains("call_soon is 排到下一轮执行"));
    }
}
