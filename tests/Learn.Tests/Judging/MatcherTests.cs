// A misconception is named only if it explains every difference, and at least one.

using Reactor.Learn;

namespace Learn.Tests.Judging;

[TestFixture]
public sealed class MatcherTests
{
    [Test]
    public void A_right_answer_has_no_misconception() =>
        Assert.That(Explain(Scenario(), Scenario()), Is.Empty);

    [Test]
    public void Lines_that_are_those_of_one_misconception_everywhere_name_it() => Assert.That(
        Explain(Scenario(["b"]), Scenario(["b"])), Is.EqualTo(new[] { "07.1" }));

    [Test]
    public void A_scenario_that_should_fail_with_it_and_is_right_rules_it_out() => Assert.That(
        Explain(Scenario(), Scenario(["b"])), Is.Empty);

    [Test]
    public void A_scenario_that_was_not_run_counts_for_none() => Assert.That(
        Explain(Scenario(["b"]), Scenario() with { Runs = 0 }), Is.EqualTo(new[] { "07.1" }));

    [Test]
    public void Another_difference_that_it_does_not_explain_rules_it_out() => Assert.That(
        Explain(Scenario(["b"]), Scenario(["x"])), Is.Empty);

    [Test]
    public void A_failure_where_it_has_no_lines_rules_it_out() => Assert.That(
        Explain(Scenario(["b"]), new ScenarioResult(
            new ScenarioFacts { Title = "", Right = ["a"], Wrong = [], Schedules = false },
            1, [new(["b"], null, null)])),
        Is.Empty);

    [Test]
    public void Each_failing_schedule_must_have_the_lines() => Assert.Multiple(() =>
    {
        Assert.That(Explain(Scenario(["b"], ["b"])), Is.EqualTo(new[] { "07.1" }));
        Assert.That(Explain(Scenario(["b"], ["c"])), Is.Empty);
    });

    [Test]
    public void A_prefix_or_an_additional_line_is_another_outcome() => Assert.Multiple(() =>
    {
        Assert.That(Explain(Scenario([])), Is.Empty);
        Assert.That(Explain(Scenario(["b", "b"])), Is.Empty);
    });

    private static IReadOnlyList<string> Explain(params ScenarioResult[] scenarios) =>
        Matcher.Explain(new AnswerResult
        {
            Scenarios = scenarios,
            Printed = "",
            HasThreadLeft = false,
        });

    // Right is a; 07.1 writes b, 07.2 writes c.
    private static ScenarioResult Scenario(params string[][] failures) => new(
        new ScenarioFacts
        {
            Title = "",
            Right = ["a"],
            Wrong = new() { ["07.1"] = ["b"], ["07.2"] = ["c"] },
            Schedules = true,
        },
        20,
        [.. failures.Select((lines, i) => new RunOutcome(lines, i, null))]);
}
