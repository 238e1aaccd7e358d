// The libraries, the programs and the pages keep to plain words, and a planted riddle is found.

namespace Repository.Tests;

[TestFixture]
public sealed class PlainWordsTests
{
    [Test]
    public void Comments_and_messages_name_their_subject() => Rules.AssertNone(
        RepositoryFiles.CSharp.Where(file => file.IsUnder("src", "tools"))
            .SelectMany(PlainWords.CheckCode),
        "Plain words (docs/style.md)");

    [Test]
    public void Pages_name_their_subject() => Rules.AssertNone(
        RepositoryFiles.All.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)
                && (file.IsUnder("docs") || !file.Path.Contains('/', StringComparison.Ordinal)))
            .SelectMany(PlainWords.CheckPage),
        "Plain words (docs/style.md)");

    [TestCase("// Hands the lock to the first who waits.")]
    [TestCase("// Nobody waits for it.")]
    [TestCase("/// <summary>Again is harmless.</summary>\nclass A { }")]
    [TestCase("// None does.")]
    [TestCase("class A { string B = \"The address cannot be had.\"; }")]
    [TestCase("class A { string B(int c) => $\"{c}: nobody listens\"; }")]
    [TestCase("/* whoever else is,\n runs next */")]
    public void A_riddle_is_found(string text) => Assert.That(
        PlainWords.CheckCode(new SourceFile("src/A.cs", text)).ToArray(), Has.Exactly(1).Items);

    [TestCase("// Users who set it know the limit.")]
    [TestCase("// The wholesome whole.")]
    [TestCase("class Nobody { int Whoever; }")]
    public void A_person_and_a_name_pass(string text) =>
        Assert.That(PlainWords.CheckCode(new SourceFile("src/A.cs", text)), Is.Empty);

    [Test]
    public void A_page_may_quote_what_it_forbids()
    {
        Assert.That(
            PlainWords.CheckPage(new SourceFile("docs/a.md", "A\n\nwhoever comes")).Single().Line,
            Is.EqualTo(3));
        Assert.That(
            PlainWords.CheckPage(new SourceFile("docs/a.md", "| \"None does.\" | No loop |")),
            Is.Empty);
    }
}
