// The banned words, and for each of them a planted one that must be found.

namespace Repository.Tests;

[TestFixture]
public sealed class WordsTests
{
    private const string Slash = "/";

    [Test]
    public void No_banned_word_stands_in_the_code() => Rules.AssertNone(
        RepositoryFiles.CSharp.SelectMany(WordChecker.CheckCode),
        "Banned words (CONTRIBUTING.md, House rules)");

    [Test]
    public void No_file_knows_the_machine_it_was_written_on() => Rules.AssertNone(
        RepositoryFiles.All.SelectMany(WordChecker.CheckText),
        "Machine paths");

    [TestCase("// TODO bound it")]
    [TestCase("/* FIXME later */")]
    [TestCase("/// <summary>HACK</summary>\nclass B { }")]
    [TestCase("#region Fields\n#endregion")]
    [TestCase("class A { void B() => Console.WriteLine(); }")]
    [TestCase("class A { void B() => System.Console.Out.Flush(); }")]
    [TestCase("class A { object B => SocketOptionName.ReuseAddress; }")]
    [TestCase("// _queue.Clear();")]
    [TestCase("// return count;")]
    [TestCase("// int count = 0;")]
    [TestCase("// if (count > 0) {")]
    [TestCase("// } else {")]
    public void A_banned_word_is_found(string text) =>
        Assert.That(Check("src/A.cs", text), Has.Exactly(1).Items);

    [TestCase("class A {\n#pragma warning disable RS0030\nvoid B() => Console.Beep(); }")]
    [TestCase("class A {\n#pragma warning disable RS0030 // why\n#pragma warning restore RS0030\n"
        + "void B() => Console.Beep(); }")]
    public void A_name_is_not_excused_without_a_reason_or_after_its_end(string text) =>
        Assert.That(Check("src/A.cs", text), Has.Exactly(1).Items);

    [TestCase("class A {\n#pragma warning disable RS0030 // why\nvoid B() => Console.Beep(); }")]
    [TestCase("// TODO(#12) bound it")]
    [TestCase("class A { string B = \"TODO\"; }")]
    [TestCase("// Console.Out is for programs")]
    [TestCase("class Consoles { }")]
    [TestCase("// Done when the peer is gone;\n// until then it waits.")]
    [TestCase("// the rest stays for the next turn;")]
    [TestCase("/// <code>\n/// loop.Stop();\n/// </code>\nclass A { }")]
    [TestCase("// The loop: purge → poll → run")]
    public void A_harmless_word_passes(string text) =>
        Assert.That(Check("src/A.cs", text), Is.Empty);

    [Test]
    public void A_program_may_write_to_the_console() =>
        Assert.That(Check("tools/server/Program.cs", "Console.WriteLine();"), Is.Empty);

    [TestCase(Slash + "work/main/src")]
    [TestCase("see " + Slash + "root/x")]
    [TestCase("\"" + Slash + "home/alice\"")]
    [TestCase("see .." + Slash + "shared/notes.md")]
    public void A_machine_path_is_found(string text) =>
        Assert.That(WordChecker.CheckText(new SourceFile("docs/a.md", text)).ToArray(),
            Has.Exactly(1).Items);

    [TestCase("/workers/1")]
    [TestCase("samples/work/a.cs")]
    [TestCase("https://example.org/home/page")]
    [TestCase("GET /a/root/b")]
    public void A_path_inside_something_else_passes(string text) =>
        Assert.That(WordChecker.CheckText(new SourceFile("docs/a.md", text)), Is.Empty);

    private static Finding[] Check(string path, string text) =>
        WordChecker.CheckCode(new SourceFile(path, text)).ToArray();
}
