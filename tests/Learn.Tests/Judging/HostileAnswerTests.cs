// An answer that does not end, dies, fills the memory or floods the output is reported by the right
// word within ten seconds, and what happened before stays known.

using System.Diagnostics;
using Reactor.Learn;

namespace Learn.Tests.Judging;

[TestFixture]
public sealed class HostileAnswerTests
{
    private const string Scenarios = """
        using Reactor.Learn;

        public static class Scenarios
        {
            public static IEnumerable<Scenario> All =>
            [
                new("First", log => Answer.First(log)) { Right = ["a"] },
                new("Second", log => Answer.Second(log)) { Right = ["b"] },
                new("Third", log => log.Write("c")) { Right = ["c"] },
            ];
        }
        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [TestCase("while (true) { }", "(endless)")]
    [TestCase("Thread.Sleep(Timeout.Infinite);", "(endless)")]
    [TestCase("try { while (true) { log.Write(\"x\"); } } catch (Exception) { }", "(endless)")]
    [TestCase("while (true) { Console.WriteLine(new string('x', 1000)); }", "(endless)")]
    [TestCase("while (true) { Console.Error.Write('x'); }", "(endless)")]
    [TestCase("Recurse(0); static long Recurse(long n) => Recurse(n + 1) + n;",
        "(stack overflow)")]
    [TestCase("var all = new List<byte[]>(); while (true) { all.Add(new byte[1 << 20]); }",
        "(out of memory)")]
    [TestCase("throw new OutOfMemoryException();", "(out of memory)")]
    [TestCase("Environment.Exit(0);", "(crashed)")]
    [TestCase("Environment.FailFast(\"no\");", "(crashed)")]
    [TestCase("System.Diagnostics.Process.GetCurrentProcess().Kill();", "(crashed)")]
    [TestCase("var t = new Thread(() => throw new InvalidOperationException()); t.Start(); "
        + "t.Join();", "(crashed)")]
    [TestCase("string? s = null; log.Write(s!.Trim());", "(NullReferenceException)")]
    [TestCase("throw new NotImplementedException();", "(NotImplementedException)")]
    public void A_bad_end_is_reported_and_the_next_scenario_runs(string code, string ending)
    {
        (AnswerResult result, TimeSpan time) = Run($"log.Write(\"begins\"); {code}");
        string[] lines = [.. result.Scenarios[1].Failures.Single().Lines];
        Assert.Multiple(() =>
        {
            Assert.That(result.Broken, Is.Null);
            Assert.That(lines[0], Is.EqualTo("begins"));
            Assert.That(lines[^1], Is.EqualTo(ending));
            Assert.That(result.Scenarios[0].IsRight);
            Assert.That(result.Scenarios[2].IsRight);
            Assert.That(time, Is.LessThan(s_limit));
        });
    }

    [Test]
    public void A_thread_that_is_left_behind_is_reported_and_stopped()
    {
        (AnswerResult result, TimeSpan time) = Run(
            "new Thread(() => Thread.Sleep(Timeout.Infinite)).Start(); log.Write(\"b\");");
        Assert.That(result.IsRight);
        Assert.That(result.HasThreadLeft);
        Assert.That(time, Is.LessThan(s_limit));
    }

    [Test]
    public void A_right_answer_leaves_no_thread_and_prints_nothing()
    {
        (AnswerResult result, _) = Run("log.Write(\"b\");");
        Assert.That(result.IsRight);
        Assert.That(result.HasThreadLeft, Is.False);
        Assert.That(result.Printed, Is.Empty);
    }

    [Test]
    public void What_an_answer_prints_is_kept_up_to_a_bound_and_is_no_line()
    {
        (AnswerResult result, _) = Run(
            "Console.WriteLine(\"here\"); Console.Write(new string('x', 1000000)); "
            + "log.Write(\"b\");");
        Assert.That(result.IsRight);
        Assert.That(result.Printed, Does.StartWith("here" + Environment.NewLine + "xxx"));
        Assert.That(result.Printed.Length, Is.LessThan(10_000));
    }

    [Test]
    public void Text_around_the_console_is_no_message()
    {
        (AnswerResult result, TimeSpan time) = Run(
            "using Stream s = Console.OpenStandardOutput(); "
            + "s.Write(\"{\\\"done\\\":true}\"u8); log.Write(\"b\");");
        Assert.That(result.IsRight);
        (result, time) = Run(
            "using Stream s = Console.OpenStandardOutput(); byte[] many = new byte[1 << 16]; "
            + "log.Write(\"begins\"); while (true) { s.Write(many); }");
        Assert.That(result.Scenarios[1].Failures.Single().Lines,
            Is.EqualTo(new[] { "begins", "(endless)" })
                .Or.EqualTo(new[] { "begins", "(crashed)" }));
        Assert.That(time, Is.LessThan(s_limit));
    }

    [Test]
    public void An_answer_that_is_endless_everywhere_is_judged_in_time()
    {
        (AnswerResult result, TimeSpan time) = Run(
            "while (true) { }", string.Concat(Enumerable.Repeat(
                "new(\"More\", log => Answer.Second(log)) { Right = [\"b\"] },", 20)));
        Assert.That(time, Is.LessThan(s_limit));
        Assert.That(result.Scenarios.Count(one => one.Runs == 0), Is.GreaterThan(5));
        Assert.That(result.IsRight, Is.False);
    }

    [Test]
    public void Scenarios_that_cannot_be_read_are_a_mistake_of_the_exercise()
    {
        Assert.That(
            Run("", "", "public static class Scenarios { }").Result.Broken,
            Does.StartWith("Scenarios.cs has no "));
        Assert.That(
            Run("", "", Scenarios.Replace("[\n", "[\n new(null!, null!) { Right = [\"a\"[..9]] },"))
                .Result.Broken,
            Does.StartWith("Scenarios.All failed: System.ArgumentOutOfRangeException"));
    }

    [Test]
    public void An_exception_is_told_with_its_line_in_the_answer()
    {
        (AnswerResult result, _) = Run("\n\nthrow new InvalidOperationException(\"why\");");
        Assert.That(
            result.Scenarios[1].Failures.Single().Detail,
            Is.EqualTo("InvalidOperationException: why (Exercise.cs:8)"));
    }

    private static (AnswerResult Result, TimeSpan Time) Run(
        string code, string moreScenarios = "", string scenarios = Scenarios)
    {
        string answer = $$"""
            using Reactor.Learn;
            public static class Answer
            {
                public static void First(Log log) => log.Write("a");
                public static void Second(Log log)
                { {{code}}
                }
            }
            """;
        CompileOutcome outcome = SourceCompiler.CompileLibrary(
            "hostile", new Source("Exercise.cs", answer),
            new Source("Scenarios.cs", scenarios.Replace("];", moreScenarios + "\n];")));
        Assert.That(outcome.Errors, Is.Empty);
        long start = Stopwatch.GetTimestamp();
        AnswerResult result = new AnswerRunner(outcome.Code!, new RunLimits()).Run();
        return (result, Stopwatch.GetElapsedTime(start));
    }
}
