// One column of a table as bars, from zero. The name and the figure stand above each bar, so that a
// narrow screen has room for both; a thin line shows the lowest and the highest round.
namespace Reactor.Bench.Servers.Report;

internal static class BarChart
{
    private const double Width = 360;
    private const double RowHeight = 34;
    private const double BarHeight = 10;
    private const double TextBase = 14;
    private const double BarTop = 19;

    public static string Draw(ResultTable table, int column)
    {
        string title = table.Columns.Count == 1
            ? table.Title
            : $"{table.Title}: {table.Columns[column].Title}";
        List<ResultRow> rows = table.Rows.FindAll(row => row.Cells[column] != default);
        var svg = new Svg(
            $"{table.Key}-{column}", title, Describe(table, column, rows), Width,
            rows.Count * RowHeight);
        double highest = rows.Max(row => row.Cells[column].Value?.Highest ?? 0);
        double scale = highest > 0 ? Width / highest : 0;
        for (int i = 0; i < rows.Count; i++)
        {
            (PeerRecord peer, ResultCell cell) = (rows[i].Peer, rows[i].Cells[column]);
            double top = i * RowHeight;
            svg.Text("name", 0, top + TextBase, peer.Name);
            svg.Text("value", Width, top + TextBase, Says(cell, table.Unit));
            if (cell.Value is not { } value)
            {
                continue;
            }

            double length = Math.Max(1, value.Median * scale);
            svg.Rectangle($"bar p-{peer.Key}", 0, top + BarTop, length, BarHeight);
            double middle = top + BarTop + (BarHeight / 2);
            svg.Line(
                "range", Math.Max(0, value.Lowest * scale), middle, value.Highest * scale, middle);
        }

        return svg.ToString();
    }

    private static string Describe(ResultTable table, int column, List<ResultRow> rows) =>
        string.Join("; ", rows.Select(row =>
            $"{row.Peer.Name} {Says(row.Cells[column], table.Unit)}")) + ".";

    private static string Says(ResultCell cell, string unit) => cell switch
    {
        { Value: { } value, Ratio: { } ratio } =>
            $"{FigureText.Of(value.Median)} {unit} · {FigureText.Ratio(ratio)}",
        { Value: { } value } => $"{FigureText.Of(value.Median)} {unit}",
        { Refused: not null } => "refused",
        _ => "not measured",
    };
}
