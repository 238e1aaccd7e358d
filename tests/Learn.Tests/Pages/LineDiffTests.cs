// The difference of two programs has two lines of context, and marks what it leaves out.

using Reactor.Learn;

namespace Learn.Tests.Pages;

[TestFixture]
public sealed class LineDiffTests
{
    [TestCase("a b c", "a b c", "")]
    [TestCase("a b c", "a x c", " a|-b|+x| c")]
    [TestCase("", "a", "+a")]
    [TestCase("a", "", "-a")]
    [TestCase("1 2 3 4 5 6 7 8 9", "1 2 3 4 5 x 6 7 8 9", " 4| 5|+x| 6| 7")]
    [TestCase("a 1 2 3 4 5 b", "x 1 2 3 4 5 y", "-a|+x| 1| 2|@@| 4| 5|-b|+y")]
    [TestCase("a 1 2 3 4 b", "x 1 2 3 4 y", "-a|+x| 1| 2| 3| 4|-b|+y")]
    public void Changes_have_two_lines_of_context(string before, string after, string expected) =>
        Assert.That(
            string.Join('|', LineDiff.Of(Lines(before), Lines(after))), Is.EqualTo(expected));

    private static string[] Lines(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
