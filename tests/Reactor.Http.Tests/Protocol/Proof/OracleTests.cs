// The parser against the oracle: over the corpus, and over every short string of hostile octets in
// every slot. Nothing here is expected by hand; a difference is a fault of one of the two.
using System.Buffers;
using Reactor.Http.Tests.Oracle;
using Reactor.Testing;

namespace Reactor.Http.Tests.Proof;

public sealed class OracleTests
{
    private static IEnumerable<TestCaseData> Slots() =>
        Slot.All.Select(slot => new TestCaseData(slot).SetArgDisplayNames(slot.Name));

    private static IEnumerable<TestCaseData> Cases() => WireCase.All
        .Where(one => one.Octets.Length <= WireOracle.BytesMax)
        .Select(one => new TestCaseData(one).SetArgDisplayNames(one.Name));

    [TestCaseSource(nameof(Cases))]
    public void The_oracle_reads_the_corpus_alike(WireCase one)
    {
        var trace = new WireTrace();
        new WireParser().Run([new ReadOnlySequence<byte>(one.Octets)], trace);
        Assert.That(new WireOracle().Objection(one.Octets, trace), Is.Null);
    }

    [TestCaseSource(nameof(Slots))]
    public void Parser_and_oracle_agree_on_every_short_hostile_string(Slot slot) =>
        AssertAgree(slot, lengthMax: 2);

    [TestCaseSource(nameof(Slots))]
    [Category("Slow")]
    [Parallelizable(ParallelScope.All)]
    public void Parser_and_oracle_agree_on_every_longer_hostile_string(Slot slot) =>
        AssertAgree(slot, lengthMax: 3);

    [Test]
    public void The_alphabets_are_what_they_are_said_to_be()
    {
        Assert.That(HostileStrings.Alphabet, Has.Length.EqualTo(35).And.Unique);
        Assert.That(HostileStrings.MostHostile, Has.Length.EqualTo(16).And.Unique);
        Assert.That(HostileStrings.MostHostile, Is.SubsetOf(HostileStrings.Alphabet));
        byte[][] all = [.. HostileStrings.Fill(new Slot("", "", ""), HostileStrings.Alphabet, 2)
            .Select(octets => octets.ToArray())];
        Assert.That(all.Select(Convert.ToHexString), Is.Unique);
        Assert.That(all, Has.Length.EqualTo(35 * 35));
    }

    private static void AssertAgree(Slot slot, int lengthMax)
    {
        var run = new OracleRun(new WireParser());
        for (int length = 0; length <= lengthMax; length++)
        {
            run.Check(slot, HostileStrings.Alphabet, length);
        }

        run.Check(slot, HostileStrings.MostHostile, lengthMax + 1);
        Assert.That(run.Objections, Is.Empty);
    }
}
