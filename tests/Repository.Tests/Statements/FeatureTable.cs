// docs/features.md sets each feature of other servers beside ours. A row says "no" or names what
// shows it: test classes, tests (Class.Test) or samples. Pure: text and names in, findings out.

using System.Text.RegularExpressions;

namespace Repository.Tests.Statements;

/// <summary>What a row may name.</summary>
/// <param name="Tests">Test classes, and their tests as <c>Class.Test</c>.</param>
/// <param name="Samples">The files of samples/ that use the application layer.</param>
/// <param name="Surface">Public names, alone and as <c>Type.Member</c>.</param>
public sealed record FeatureNames(
    IReadOnlySet<string> Tests, IReadOnlySet<string> Samples, IReadOnlySet<string> Surface);

public static partial class FeatureTable
{
    public const string PagePath = "docs/features.md";

    /// <summary>The last cell of a row that says "no".</summary>
    public const string NoName = "—";

    private const int Here = 4;

    private const int Cells = 6;

    /// <summary>The sections of the page; each has a table.</summary>
    public static IReadOnlyList<string> Sections { get; } =
    [
        "Routing", "Handlers and middleware", "The request", "The response", "State and lifetime",
        "Guards", "Observation", "The protocol", "Operation", "Outside the scope",
    ];

    public static IEnumerable<Finding> Check(string page, FeatureNames names)
    {
        var named = new HashSet<string>();
        foreach (string section in Sections)
        {
            IReadOnlyList<TableRow> rows = PageTable.Rows(page, section);
            if (rows.Count == 0)
            {
                yield return new Finding(PagePath, 1, $"the section '{section}' has no row");
            }

            foreach (TableRow row in rows)
            {
                named.UnionWith(SamplesOf(row));
                foreach (string complaint in CheckRow(row, names))
                {
                    yield return new Finding(PagePath, row.Line, complaint);
                }
            }
        }

        foreach (string sample in names.Samples.Except(named).Order(StringComparer.Ordinal))
        {
            yield return new Finding(PagePath, 1, $"no row names samples/{sample}");
        }
    }

    private static IEnumerable<string> CheckRow(TableRow row, FeatureNames names)
    {
        if (row.Cells.Count != Cells || row.Cells.Any(cell => cell.Length == 0))
        {
            return ["a row has six cells, none of them empty"];
        }

        string[] tests = [.. row.Names];
        string[] samples = [.. SamplesOf(row)];
        if (No().IsMatch(row.Cells[Here]))
        {
            return row.Cells[^1] == NoName ? [] : [$"a row that says no ends with {NoName}"];
        }

        return
        [
            .. tests.Length + samples.Length == 0 ? ["names no test and no sample"] : NoFindings,
            .. tests.Where(name => !names.Tests.Contains(name))
                .Select(name => $"there is no test {name}"),
            .. samples.Where(name => !names.Samples.Contains(name))
                .Select(name => $"samples/{name} is no sample of the application layer"),
            .. PageTable.NamesIn(row.Cells[Here])
                .SelectMany(code => Name().Matches(code).Select(match => match.Value))
                .Where(name => !names.Surface.Contains(name)).Distinct()
                .Select(name => $"{name} is not public"),
        ];
    }

    private static readonly string[] NoFindings = [];

    private static IEnumerable<string> SamplesOf(TableRow row) =>
        Sample().Matches(row.Cells[^1]).Select(match => match.Groups["file"].Value);

    [GeneratedRegex(@"^no\b")]
    private static partial Regex No();

    [GeneratedRegex(@"\b[A-Z]\w*(\.[A-Z]\w*)?")]
    private static partial Regex Name();

    [GeneratedRegex(@"\]\(\.\./samples/(?<file>[^)]+)\)")]
    private static partial Regex Sample();
}
