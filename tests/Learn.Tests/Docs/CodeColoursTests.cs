// Code keeps its text, and its parts have classes.

using System.Net;
using System.Text.RegularExpressions;
using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests.Docs;

[TestFixture]
public sealed class CodeColoursTests
{
    [TestCase("int a = 1; // b < c", "<span class=\"k\">int</span> a = <span class=\"n\">1</span>; "
        + "<span class=\"c\">// b &lt; c</span>")]
    [TestCase("\"a\"", "<span class=\"s\">&quot;a&quot;</span>")]
    public void Parts_of_C_sharp_have_a_class(string code, string html) =>
        Assert.That(CodeColours.Of(code, "csharp"), Is.EqualTo(html));

    [Test]
    public void Lines_of_a_difference_have_a_class() => Assert.That(
        CodeColours.Of(" a\n-b\n+c\n@@\n", "diff"),
        Is.EqualTo(" a\n<span class=\"del\">-b</span>\n<span class=\"add\">+c</span>\n"
            + "<span class=\"c\">@@</span>\n"));

    [Test]
    public void Other_code_is_only_encoded() =>
        Assert.That(CodeColours.Of("a < b", "text"), Is.EqualTo("a &lt; b"));

    [Test]
    public void No_character_of_a_program_is_lost()
    {
        foreach (string path in Directory.EnumerateFiles(
            Path.Combine(RepositoryFolder.Path, "lessons"), "*.cs"))
        {
            string code = File.ReadAllText(path);
            string html = CodeColours.Of(code, "csharp");
            Assert.That(
                WebUtility.HtmlDecode(Regex.Replace(html, "</?span[^>]*>", "")), Is.EqualTo(code),
                path);
        }
    }
}
