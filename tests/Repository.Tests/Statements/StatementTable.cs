// A contract page has tables whose rows are statements: the number, the words, and the tests that
// bear the number. The last cell is written from the tests, or holds a reason in words where the
// compiler leaves nothing to test. Pure: text in, text and findings out.

using System.Text.RegularExpressions;

namespace Repository.Tests.Statements;

/// <summary>A test method: where it stands and what it is called.</summary>
public sealed record TestName(string Path, int Line, string Name);

/// <summary>
/// A contract page: where it is, the letters that its numbers begin with, and the folders whose
/// tests are about it. A number with another letter belongs to another page.
/// </summary>
public sealed record StatementPage(string Path, string Letters, params string[] Folders)
{
    /// <summary>asyncio's contract.</summary>
    public static StatementPage Asyncio { get; } =
        new("docs/asyncio.md", "ABCDEFGHIJKLMNO", "tests/Reactor.Tests");

    /// <summary>The checklist of HTTP.</summary>
    public static StatementPage Conformance { get; } =
        new("docs/conformance.md", "H", "tests/Reactor.Http.Tests", "tests/Server.Tests");

    /// <summary>
    /// The numbers of this page in the name of a test; <c>G33_G34_a_name</c> bears two.
    /// </summary>
    public IEnumerable<string> NumbersOf(TestName test) => StatementTable.NumbersOf(test.Name)
        .Where(number => Letters.Contains(number[0], StringComparison.Ordinal));

    public override string ToString() => Path;
}

public static partial class StatementTable
{
    /// <summary>The text with each last cell as the tests would have it.</summary>
    public static string Write(string text, StatementPage page, IReadOnlyList<TestName> tests)
    {
        ILookup<string, string> byNumber = tests
            .SelectMany(test => page.NumbersOf(test).Select(number => (number, test.Name)))
            .Distinct()
            .ToLookup(pair => pair.number, pair => pair.Name);
        return Row().Replace(text, row =>
        {
            string number = row.Groups["number"].Value;
            string[] names = [.. byNumber[number].Order(StringComparer.Ordinal)];
            string cell = names.Length > 0
                ? string.Join(", ", names.Select(name => $"`{name}`"))
                : IsReason(row.Groups["tests"].Value) ? row.Groups["tests"].Value : "none";
            return $"| {number} |{row.Groups["words"].Value}| {cell} |";
        });
    }

    /// <summary>Statements that nothing shows, and tests whose number is no statement.</summary>
    public static IEnumerable<Finding> Check(
        string text, StatementPage page, IReadOnlyList<TestName> tests)
    {
        var rows = Row().Matches(text)
            .Select(row => (Number: row.Groups["number"].Value, Line: LineAt(text, row.Index)))
            .ToList();
        foreach (var twice in rows.GroupBy(row => row.Number).Where(group => group.Count() > 1))
        {
            yield return new Finding(
                page.Path, twice.Last().Line, $"{twice.Key} is stated twice: number it anew.");
        }

        var numbers = rows.Select(row => row.Number).ToHashSet();
        foreach (TestName test in tests)
        {
            foreach (string number in page.NumbersOf(test).Where(one => !numbers.Contains(one)))
            {
                yield return new Finding(
                    test.Path, test.Line, $"{test.Name}: {page.Path} has no statement {number}.");
            }
        }

        string written = Write(text, page, tests);
        foreach (Match row in Row().Matches(written))
        {
            if (row.Groups["tests"].Value == "none")
            {
                yield return new Finding(
                    page.Path,
                    LineAt(written, row.Index),
                    $"{row.Groups["number"].Value} has no test: write one that bears the number, "
                        + "or say in the last cell why the compiler leaves nothing to test.");
            }
        }
    }

    /// <summary>Every number at the beginning of a test's name, of whatever page.</summary>
    public static IEnumerable<string> NumbersOf(string test) =>
        Prefix().Match(test).Groups["number"].Captures.Select(capture => capture.Value);

    private static bool IsReason(string cell) =>
        cell.Length > 0 && cell != "none" && !cell.StartsWith('`');

    private static int LineAt(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    [GeneratedRegex(
        @"^\| (?<number>[A-O][0-9]{2,3}[a-z]?) \|(?<words>[^\n]*)\| ?(?<tests>[^|\n]*?) ?\|$",
        RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^(?:(?<number>[A-O][0-9]{2,3}[a-z]?)_)*")]
    private static partial Regex Prefix();
}
