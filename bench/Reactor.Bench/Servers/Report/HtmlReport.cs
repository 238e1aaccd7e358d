// The page: pictures, tables, and where they come from. It needs no other file and runs no script;
// it is well-formed XML too, so that a test can read it.
using System.Globalization;
using System.Text;

namespace Reactor.Bench.Servers.Report;

internal static class HtmlReport
{
    public static string Write(RunRecord run)
    {
        var body = new StringBuilder();
        ResultTable[] tables = [.. ResultTables.From(run)];
        body.Append("<nav aria-label=\"Contents\"><ul>\n");
        foreach (ResultTable table in tables)
        {
            Add(body, $"<li><a href=\"#{table.Key}\">{Svg.Encode(table.Title)}</a></li>\n");
        }

        body.Append("</ul></nav>\n");
        foreach (ResultTable table in tables)
        {
            AddSection(body, table);
        }

        body.Append("<section id=\"who\">\n<h2>Who was measured</h2>\n<ul>\n");
        foreach (PeerRecord peer in run.Peers)
        {
            Add(body, $"<li>{Svg.Encode(peer.Name)}: {Svg.Encode(peer.Version)}</li>\n");
        }

        foreach (string note in run.Notes)
        {
            Add(body, $"<li>{Svg.Encode(note)}</li>\n");
        }

        body.Append("</ul>\n</section>\n");
        return Page(run, body.ToString());
    }

    private static string Page(RunRecord run, string body) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>Side by side, {run.Begun:yyyy-MM-dd}</title>
        <style>
        {PageStyle.Text}
        </style>
        </head>
        <body>
        <main>
        <h1>Side by side, <time datetime="{run.Begun:yyyy-MM-dd}">{run.Begun:yyyy-MM-dd}</time></h1>
        <p>{Svg.Encode(Sentences.Machine(run.Machine))}</p>
        <pre tabindex="0">{Svg.Encode(run.Command)}</pre>
        <p>{Svg.Encode(Sentences.HowToRead)}</p>
        {body}</main>
        </body>
        </html>

        """);

    private static void AddSection(StringBuilder body, ResultTable table)
    {
        Add(body, $"""
            <section id="{table.Key}">
            <h2>{Svg.Encode(table.Title)}</h2>
            <p>{Svg.Encode(table.About)}</p>

            """);
        if (table.IsSeries)
        {
            Add(body, $"<figure class=\"wide\">\n{LineChart.Draw(table)}");
            Add(body, $"{Legend(table)}</figure>\n");
        }
        else
        {
            body.Append("<div class=\"charts\">\n");
            for (int i = 0; i < table.Columns.Count; i++)
            {
                string caption = Svg.Encode(table.Columns[i].Title);
                Add(body, $"<figure>\n<figcaption>{caption}</figcaption>\n");
                Add(body, $"{BarChart.Draw(table, i)}</figure>\n");
            }

            body.Append("</div>\n");
        }

        AddTable(body, table);
        body.Append("</section>\n");
    }

    private static string Legend(ResultTable table) => "<ul class=\"legend\">\n"
        + string.Concat(table.Rows.Select(row =>
            $"<li><span class=\"key p-{row.Peer.Key}\"></span>{Svg.Encode(row.Peer.Name)}</li>\n"))
        + "</ul>\n";

    private static void AddTable(StringBuilder body, ResultTable table)
    {
        string label = Svg.Encode($"{table.Title}, {table.Unit}");
        Add(body, $"""
            <div class="scroll" tabindex="0" role="region" aria-label="{label}">
            <table>
            <thead><tr><th scope="col">{Svg.Encode(table.Unit)}</th>
            """);
        table.Columns.ForEach(column =>
            Add(body, $"<th scope=\"col\">{Svg.Encode(column.Title)}</th>"));
        body.Append("</tr></thead>\n<tbody>\n");
        foreach (ResultRow row in table.Rows)
        {
            Add(body, $"<tr><th scope=\"row\">{Svg.Encode(row.Peer.Name)}</th>");
            row.Cells.ForEach(cell => Add(body, $"<td>{Cell(cell)}</td>"));
            body.Append("</tr>\n");
        }

        body.Append("</tbody>\n</table>\n</div>\n");
    }

    private static string Cell(ResultCell cell)
    {
        if (cell.Value is not { } value)
        {
            return cell.Refused is { } reason
                ? $"refused<small>{Svg.Encode(reason)}</small>"
                : "–";
        }

        string ratio = cell.Ratio is { } times ? $" <b>{FigureText.Ratio(times)}</b>" : "";
        string[] more =
        [
            FigureText.Range(value),
            cell.Detail is { } detail ? $"[{detail}]" : "",
        ];
        string small = string.Join(' ', more.Where(text => text.Length > 0));
        return FigureText.Of(value.Median) + ratio
            + (small.Length > 0 ? $"<small>{Svg.Encode(small)}</small>" : "");
    }

    private static void Add(StringBuilder body, FormattableString text) =>
        body.Append(text.ToString(CultureInfo.InvariantCulture));
}
