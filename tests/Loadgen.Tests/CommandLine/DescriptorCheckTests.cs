using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>The limit of open files, before the run.</summary>
public class DescriptorCheckTests
{
    private static readonly LoadPlan s_plan =
        PlanWords.Read("-c", "1000", "-t", "2", "http://127.0.0.1/");

    // 1000 connections, 30 in use, 8 for each of 2 workers, 16 to spare.
    private const int Needed = 1062;

    [Test]
    public void Exactly_enough_is_enough() =>
        Assert.That(DescriptorCheck.Complain(s_plan, Needed, open: 30), Is.Null);

    [Test]
    public void One_less_is_a_sentence_with_the_remedy() => Assert.That(
        DescriptorCheck.Complain(s_plan, Needed - 1, open: 30),
        Is.EqualTo("1000 connections need 1062 open files, and the limit is 1061; raise it, for "
            + "example with ulimit -n 1062, or lower -c."));
}
