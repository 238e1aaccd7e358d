using System.Globalization;
using System.Text;

namespace Reactor.Bench.Servers.Report;

/// <summary>The tables as Markdown, for the repository and for the terminal.</summary>
internal static class MarkdownReport
{
    public static string Write(RunRecord run)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Side by side, {run.Begun:yyyy-MM-dd}

            {Sentences.Machine(run.Machine)}

            ```
            {run.Command}
            ```

            {Sentences.HowToRead}

            """);
        foreach (ResultTable table in ResultTables.From(run))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {table.Title}\n\n{table.About}\n\n");
            text.Append(Table(table));
        }

        text.Append("\n## Who was measured\n\n");
        foreach (PeerRecord peer in run.Peers)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {peer.Name}: {peer.Version}\n");
        }

        foreach (string note in run.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        }

        return text.ToString();
    }

    public static string Table(ResultTable table)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"| {table.Unit} |");
        table.Columns.ForEach(column => text.Append(
            CultureInfo.InvariantCulture, $" {column.Title} |"));
        text.Append("\n|---|");
        table.Columns.ForEach(_ => text.Append("---:|"));
        foreach (ResultRow row in table.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n| {row.Peer.Name} |");
            row.Cells.ForEach(cell => text.Append(' ').Append(Cell(cell)).Append(" |"));
        }

        return text.Append('\n').ToString();
    }

    private static string Cell(ResultCell cell)
    {
        if (cell.Value is not { } value)
        {
            return cell.Refused is { } reason ? $"refused: {OneCell(reason)}" : "–";
        }

        string range = FigureText.Range(value);
        string text = FigureText.Of(value.Median);
        text += range.Length > 0 ? $" ({range})" : "";
        text += cell.Detail is { } detail ? $" [{detail}]" : "";
        return cell.Ratio is { } ratio ? $"{text} **{FigureText.Ratio(ratio)}**" : text;
    }

    // A line's end or a bar would end the cell.
    private static string OneCell(string text) =>
        text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
