// A prediction is compared with a real run of the program.

using Reactor.Learn;

namespace Learn.Tests.Verbs;

[TestFixture]
[Category("Slow")]
[NonParallelizable]
public sealed class PredictVerbTests
{
    [Test]
    public void The_program_is_shown_without_its_output_and_then_run()
    {
        using var course = new CopiedCourse();
        Said said = course.Run("predict 01 --choice 2");
        string[] parts = said.Output.Split("It prints:\n");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Ok), said.Errors);
        Assert.That(parts[0], Does.StartWith("""
            Lesson 01: which entry comes first?
            Question: two entries are added to a queue. Which of them is taken first?

            var queue = new Queue<string>();
            """));
        Assert.That(parts[0], Does.EndWith("  1  taken: b\n  2  taken: a\n\n"));
        Assert.That(parts[0], Does.Not.Contain("added: a"));
        Assert.That(parts[1], Is.EqualTo(
            "  added: a\n  added: b\n▶ taken: a\n\nYou predicted: taken: a. That is right.\n"));
        Assert.That(File.ReadAllText(course.ProgressFile), Does.Contain("01_queue: predicted 2"));
    }

    [Test]
    public void A_wrong_prediction_is_asked_for_until_it_is_a_choice_and_is_kept()
    {
        using var course = new CopiedCourse();
        Said said = course.Run("predict 01", "7\nb\n1\n");
        Assert.That(said.Output.Split("Which line does it print?"), Has.Length.EqualTo(4));
        Assert.That(
            said.Output, Does.EndWith("You predicted: taken: b. It prints: taken: a.\n"));
        Assert.That(File.ReadAllText(course.ProgressFile), Does.Contain("01_queue: predicted 1"));
    }

    [Test]
    public void A_prediction_may_come_through_a_pipe_and_is_not_asked_for_then()
    {
        using var course = new CopiedCourse();
        Said said = course.RunPiped("predict 01", "2\n");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Ok), said.Errors);
        Assert.That(said.Output, Does.Not.Contain("Which line"));
        Assert.That(said.Output, Does.EndWith("You predicted: taken: a. That is right.\n"));
        Assert.That(File.ReadAllText(course.ProgressFile), Does.Contain("01_queue: predicted 2"));
    }

    [Test]
    public void A_program_that_has_been_changed_is_reported()
    {
        using var course = new CopiedCourse();
        File.AppendAllText(course.Queue.Program, "Console.WriteLine(\"more\");\n");
        Assert.That(
            course.Run("predict 01 --choice 2").Output,
            Does.EndWith("The output is not the one that lessons/01_queue.cs expects. "
                + "Has the program been changed?\n"));
    }

    [Test]
    public void A_program_that_does_not_compile_is_reported()
    {
        using var course = new CopiedCourse();
        File.AppendAllText(course.Queue.Program, "nonsense\n");
        Said said = course.Run("predict 01 --choice 2");
        Assert.That(said.ExitCode, Is.EqualTo(ExitCode.Broken));
        Assert.That(said.Errors, Does.StartWith("learn: The program failed: "));
    }
}
