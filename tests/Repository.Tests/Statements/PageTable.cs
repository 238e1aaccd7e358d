// The tables of a Markdown page as cells, by the heading that they stand under. Pure: text in, rows
// out. A pipe in a cell is written \|, as on the pages.

using System.Text.RegularExpressions;

namespace Repository.Tests.Statements;

/// <summary>
/// A row of a table: its line in the page, and its cells without the blanks round them.
/// </summary>
public sealed record TableRow(int Line, IReadOnlyList<string> Cells)
{
    /// <summary>The code spans of the last cell: names of the program.</summary>
    public IEnumerable<string> Names => PageTable.NamesIn(Cells[^1]);
}

public static partial class PageTable
{
    /// <summary>The rows of every table between a heading of level two and the next one.</summary>
    public static IReadOnlyList<TableRow> Rows(string page, string heading)
    {
        var rows = new List<TableRow>();
        bool isHere = false;
        string[] lines = page.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("## ", StringComparison.Ordinal))
            {
                isHere = lines[i] == $"## {heading}";
            }
            else if (isHere && lines[i].StartsWith('|') && !IsHead(lines, i))
            {
                rows.Add(new TableRow(
                    i + 1,
                    [.. Pipe().Split(lines[i].Trim().Trim('|')).Select(cell => cell.Trim())]));
            }
        }

        return rows;
    }

    public static IEnumerable<string> NamesIn(string cell) =>
        Code().Matches(cell).Select(match => match.Groups["name"].Value);

    // The line of the dashes, and the one above it.
    private static bool IsHead(string[] lines, int i) =>
        IsRule(lines[i]) || (i + 1 < lines.Length && IsRule(lines[i + 1]));

    private static bool IsRule(string line) => line.StartsWith("|---", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Pipe();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();
}
