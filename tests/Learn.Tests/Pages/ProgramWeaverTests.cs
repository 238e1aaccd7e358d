// A program is laid into the blocks of a page by their first lines.

using Reactor.Learn;

namespace Learn.Tests.Pages;

[TestFixture]
public sealed class ProgramWeaverTests
{
    private static readonly string[] s_program = ["a", "{", "b", "}", "", "c", "{", "d", "}"];

    [TestCase("a", "c", "a { b }|c { d }")]
    [TestCase("a old", "c old", "a { b }|c { d }")]
    [TestCase("a", "{ b }", "a|{ b }  c { d }")]
    [TestCase("a { b } c", "{ d }", "a { b }  c|{ d }", Description = "the second brace")]
    public void Each_block_goes_on_to_the_first_line_of_the_next(
        string first, string second, string expected)
    {
        IReadOnlyList<IReadOnlyList<string>> woven = ProgramWeaver.Weave(
            s_program, Blocks(first, second), out string? complaint, out _);
        Assert.That(complaint, Is.Null);
        Assert.That(
            string.Join('|', woven.Select(block => string.Join(' ', block))), Is.EqualTo(expected));
    }

    [TestCase("b", "c", 0, "the first block must begin with the first line of the program, 'a'")]
    [TestCase("a", "x", 1, "the program has no line 'x', with which this block begins")]
    [TestCase("a", "a", 1, "the block that begins with 'a' is not in the order of the program")]
    public void A_block_without_a_place_is_named(
        string first, string second, int index, string expected)
    {
        ProgramWeaver.Weave(
            s_program, Blocks(first, second), out string? complaint, out int wrong);
        Assert.That(complaint, Is.EqualTo(expected));
        Assert.That(wrong, Is.EqualTo(index));
    }

    // In the second block of a test the empty line of the program is left out.
    private static IReadOnlyList<string>[] Blocks(string first, string second) =>
        [first == "a { b } c" ? ["a", "{", "b", "}", "", "c"] : first.Split(' '),
            second.Split(' ')];
}
