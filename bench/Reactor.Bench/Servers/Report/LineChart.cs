// A table whose columns are numbers, as one line a peer: the numbers by their logarithm from left
// to right, the figures from zero upwards. What was refused leaves a gap.
namespace Reactor.Bench.Servers.Report;

internal static class LineChart
{
    private const double Width = 360;
    private const double Height = 300;
    private const double Left = 34;
    private const double Right = 338;
    private const double Top = 18;
    private const double Bottom = 262;

    public static string Draw(ResultTable table)
    {
        var svg = new Svg(
            $"{table.Key}-lines", table.Title,
            $"A line for each server; the table below has the figures in {table.Unit}.",
            Width, Height);
        double highest = table.Rows.Max(
            row => row.Cells.Max(cell => cell.Value?.Median ?? 0));
        double[] ticks = Axis.Ticks(Math.Max(highest, double.Epsilon * 1e300));
        double Y(double figure) => Bottom - (figure / ticks[^1] * (Bottom - Top));
        double X(ResultColumn column) => Left + ((Right - Left)
            * Axis.Logarithmic(column.X, table.Columns[0].X, table.Columns[^1].X));

        svg.Text("unit", 0, 10, table.Unit);
        foreach (double tick in ticks)
        {
            svg.Line("grid", Left, Y(tick), Right, Y(tick));
            svg.Text("tick left", Left - 5, Y(tick) + 4, FormattableString.Invariant($"{tick:G6}"));
        }

        foreach (ResultColumn column in table.Columns)
        {
            svg.Text("tick below", X(column), Bottom + 16, column.Title);
        }

        svg.Text("tick below", (Left + Right) / 2, Height - 4, "connections");
        foreach (ResultRow row in table.Rows)
        {
            foreach ((double X, double Y)[] piece in Pieces(row, table.Columns, X, Y))
            {
                svg.Path($"series p-{row.Peer.Key}", piece);
            }

            for (int i = 0; i < table.Columns.Count; i++)
            {
                if (row.Cells[i].Value is { } value)
                {
                    svg.Dot(
                        $"dot p-{row.Peer.Key}", X(table.Columns[i]), Y(value.Median),
                        $"{row.Peer.Name}, {table.Columns[i].Title} connections: "
                            + $"{FigureText.Of(value.Median)} {table.Unit}");
                }
            }
        }

        return svg.ToString();
    }

    /// <summary>The line of a row, in as many pieces as its gaps make of it.</summary>
    private static List<(double X, double Y)[]> Pieces(
        ResultRow row,
        List<ResultColumn> columns,
        Func<ResultColumn, double> x,
        Func<double, double> y)
    {
        var pieces = new List<(double X, double Y)[]>();
        var piece = new List<(double X, double Y)>();
        for (int i = 0; i <= columns.Count; i++)
        {
            if (i < columns.Count && row.Cells[i].Value is { } value)
            {
                piece.Add((x(columns[i]), y(value.Median)));
            }
            else if (piece.Count > 0)
            {
                pieces.Add([.. piece]);
                piece.Clear();
            }
        }

        return pieces;
    }
}
