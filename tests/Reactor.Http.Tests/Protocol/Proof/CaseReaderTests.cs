// The reader of the corpus: what the notation means, and that a mistake in a document is named with
// its file and line instead of being passed over.
using Reactor.Testing;

namespace Reactor.Http.Tests.Proof;

public sealed class CaseReaderTests
{
    private const string Good =
        "# T\n\n## one\n\nwhy\n\n```bytes\nGE\\!T\n```\n\n```trace\nrejected X 400\n```\n";

    [Test]
    public void A_case_has_a_name_a_place_octets_and_a_trace()
    {
        WireCase one = WireCase.Parse("f.md", Good).Single();
        Assert.Multiple(() =>
        {
            Assert.That(one.Name, Is.EqualTo("one"));
            Assert.That(one.Place, Is.EqualTo("f.md:3"));
            Assert.That(one.Octets, Is.EqualTo("GET"u8.ToArray()));
            Assert.That(one.Trace, Is.EqualTo(new[] { "rejected X 400 at 2" }));
        });
    }

    [Test]
    public void The_notation_has_escapes_and_repetition() => Assert.That(
        CaseNotation.Read("a\\r\\n\n\\x80\\t\\s\\0\\\\\\(bc\\)*3;d").Bytes,
        Is.EqualTo("a\r\n"u8.ToArray().Append((byte)0x80).Concat("\t \0\\bcbcbcd"u8.ToArray())));

    [Test]
    public void Lines_of_a_trace_are_compared_in_one_spelling() => Assert.That(
        CaseNotation.Canonical("field X: \\t\\x41\\(b\\)*3;\\xe9"),
        Is.EqualTo("field X: \\x09Abbb\\xE9"));

    [TestCase("one", "f.md:1: a document of cases begins")]
    [TestCase("# T\n\nnothing", "f.md:1: there is no case")]
    [TestCase("# T\n```bytes\n```\n", "f.md:2: a block stands outside")]
    [TestCase("# T\n## one\n```bytes\nx\n```\n```trace\nidle\n```\n", "f.md:2: `one` does not say")]
    [TestCase("# T\n## one\nwhy\n```bytes\nx\n```\n", "f.md:2: `one` lacks")]
    [TestCase("# T\n## one\nwhy\n```bytes\nx\n", "f.md:4: the block has no end")]
    [TestCase("# T\n## one\nwhy\n```http\nx\n```\n", "f.md:4: a case has one block")]
    [TestCase("# T\n## one\nwhy\n```bytes\nx\n```\n```bytes\nx\n```\n", "f.md:7: a case has one")]
    [TestCase("# T\n## one\nwhy\n```bytes\nx\n\\q\n```\n```trace\nidle\n```\n", "f.md:5: line 2")]
    [TestCase("# T\n## one\nwhy\n```bytes\nx\n```\n```trace\nidle\n\n```\n", "f.md:8: a trace has")]
    [TestCase("# T\n## a\nw\n```bytes\nx\n```\n```trace\nrejected X 400\n```\n", "\\! is missing")]
    [TestCase("# T\n## a\nwhy\n```bytes\n\\!x\n```\n```trace\nidle\n```\n", "and no `rejected`")]
    [TestCase(Good + "\n" + "## one\n", "f.md:15: there are two cases `one`")]
    public void A_mistake_is_named_with_its_place(string text, string message) => Assert.That(
        () => WireCase.Parse("f.md", text).ToList(),
        Throws.InstanceOf<FormatException>().With.Message.Contains(message));

    [TestCase("\\")]
    [TestCase("\\x8")]
    [TestCase("\\xGG")]
    [TestCase("\\!\\!")]
    [TestCase("\\(a")]
    [TestCase("\\(\\(a\\)*2;\\)*2;")]
    [TestCase("a\\)*2;")]
    [TestCase("\\(a\\)")]
    [TestCase("\\(a\\)*0;")]
    [TestCase("\\(a\\)2;")]
    [TestCase("\t")]
    [TestCase("\u00E9")]
    public void What_is_not_the_notation_is_refused(string text) =>
        Assert.That(() => CaseNotation.Read(text), Throws.InstanceOf<FormatException>());

    [Test]
    public void A_trace_that_says_more_or_less_is_different()
    {
        WireCase one = WireCase.All.First(one => one.Trace.Contains("body 5"));
        var trace = new WireTrace();
        new WireParser().Run([new(one.Octets)], trace);
        Assert.That(one.Difference(trace), Is.Null);
        string[] less = [.. one.Trace.Where(line => line != "body 5")];
        Assert.That((one with { Trace = less }).Difference(trace), Does.Contain("says `body 5`"));
        string[] more = [.. one.Trace, "idle"];
        Assert.That((one with { Trace = more }).Difference(trace), Does.Contain("ends"));
        string[] other = [.. one.Trace.Select(line => line.Replace('5', '6'))];
        Assert.That((one with { Trace = other }).Difference(trace), Is.Not.Null);
    }
}
