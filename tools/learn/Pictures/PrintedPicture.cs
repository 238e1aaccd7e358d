using System.Globalization;
using Reactor.Inspector;

namespace Reactor.Learn;

/// <summary>
/// Draws the lines that a lesson printed: a lane for each actor in the order of their first lines,
/// a row for each line, arrows between lanes. The same lines give the same bytes. Pure; any thread.
/// </summary>
internal static class PrintedPicture
{
    /// <summary>More lanes would leave no room for the lines.</summary>
    public const int ActorsMax = 8;

    /// <summary>A longer picture is not seen at once.</summary>
    public const int LinesMax = 30;

    /// <summary>The longest line.</summary>
    public const int ColumnsMax = 70;

    private const double RowHeight = 24;
    private const double LaneWidthMin = 64;
    private const double LaneGap = 16;
    private const double TextGap = 20;
    private const int WidthMin = 640;
    private const string Subtitle = "Each row is a line of the output; time runs downwards.";

    private static readonly PictureFill[] s_looks =
    [
        new("k0", "#1f5fbf", "#78adff", FillForm.Solid),
        new("k1", "#a14f00", "#f0a04b", FillForm.Solid),
        new("k2", "#00705a", "#4fd1a5", FillForm.Solid),
        new("k3", "#7a3fb0", "#c99dff", FillForm.Solid),
        new("k4", "#b3261e", "#ff8a80", FillForm.Solid),
        new("k5", "#5b6470", "#9aa7b8", FillForm.Solid),
        new("k6", "#0b6e8a", "#5cc8e6", FillForm.Solid),
        new("k7", "#8a6d00", "#e3c545", FillForm.Solid),
    ];

    /// <summary>Writes the picture in UTF-8.</summary>
    /// <param name="title">Of the lesson.</param>
    /// <param name="lines">What it printed.</param>
    /// <param name="stream">Gets the picture.</param>
    /// <exception cref="FormatException">
    /// The lines have no room in a picture; the message is a sentence.
    /// </exception>
    public static void Write(string title, IReadOnlyList<string> lines, Stream stream)
    {
        PrintedLine[] rows = [.. lines.Select(PrintedLine.Parse)];
        string[] actors = [.. rows.SelectMany(row => row.Actors).Distinct()];
        Check(rows, actors);
        double[] lanes = Lanes(actors);
        double text = actors.Length == 0
            ? PictureFrame.Margin
            : lanes[^1] + (NameWidth(actors[^1]) / 2) + TextGap;
        int columns = rows.Select(row => PictureText.Columns(row.Text)).DefaultIfEmpty().Max();
        double right = text + (columns * PictureStyle.ColumnWidth) + PictureFrame.Margin;
        var frame = new PictureFrame(
            PictureKind.Lanes, Math.Max(WidthMin, (int)Math.Ceiling(right)), title, Subtitle);
        Draw(frame, rows, actors, lanes, text);
        frame.Description = Describe(rows, actors);
        frame.WriteTo(stream);
    }

    private static void Check(PrintedLine[] rows, string[] actors)
    {
        string? complaint =
            rows.Length > LinesMax ? $"{rows.Length} lines; a picture has at most {LinesMax}"
            : actors.Length > ActorsMax
                ? $"{actors.Length} actors ({string.Join(", ", actors)}); a picture has at most "
                    + $"{ActorsMax}"
            : Array.Find(rows, row => PictureText.Columns(row.Text) > ColumnsMax) is { } wide
                ? $"a line of more than {ColumnsMax} columns: {wide.Text}"
            : null;
        if (complaint is not null)
        {
            throw new FormatException($"The output has {complaint}.");
        }
    }

    // The middles of the lanes: names of neighbours do not touch.
    private static double[] Lanes(string[] actors)
    {
        double[] lanes = new double[actors.Length];
        for (int i = 0; i < lanes.Length; i++)
        {
            lanes[i] = i == 0
                ? PictureFrame.Margin + (NameWidth(actors[0]) / 2)
                : lanes[i - 1] + Math.Max(
                    LaneWidthMin,
                    ((NameWidth(actors[i - 1]) + NameWidth(actors[i])) / 2) + LaneGap);
        }

        return lanes;
    }

    // Names are bold, which is a tenth wider.
    private static double NameWidth(string name) =>
        Math.Max(40, PictureText.Columns(name) * PictureStyle.LetterWidth * 1.1);

    private static void Draw(
        PictureFrame frame, PrintedLine[] rows, string[] actors, double[] lanes, double text)
    {
        double top = frame.Y + 24;
        double Middle(int row) => top + (row * RowHeight) + (RowHeight / 2);
        double bottom = top + (rows.Length * RowHeight);
        for (int i = 0; i < actors.Length; i++)
        {
            frame.Svg.Text("b m", lanes[i], frame.Y + 14, actors[i]);
            frame.Svg.Line("l", lanes[i], top, lanes[i], bottom);
        }

        DrawRuns(frame, rows, actors, lanes, Middle);
        for (int i = 0; i < rows.Length; i++)
        {
            double y = Middle(i);
            if (rows[i].IsHeading)
            {
                DrawHeading(frame, rows[i].Text, y);
                continue;
            }

            int from = Array.IndexOf(actors, rows[i].Actor);
            int to = Array.IndexOf(actors, rows[i].Other);
            double end = Math.Max(lanes[from], to < 0 ? 0 : lanes[to]);
            frame.Svg.Line("d", end + 12, y, text - 6, y);
            if (to >= 0 && to != from)
            {
                DrawArrow(frame, lanes[from], lanes[to], y);
            }

            frame.Svg.Rect(frame.Look(s_looks[from]), lanes[from] - 5, y - 5, 10, 10, 5);
            frame.Svg.Text("c", text, y + 4, PictureText.Clean(rows[i].Text));
        }

        frame.Y = bottom;
    }

    // Lines of one actor that follow each other are joined: it ran without a change.
    private static void DrawRuns(
        PictureFrame frame, PrintedLine[] rows, string[] actors, double[] lanes,
        Func<int, double> middle)
    {
        for (int i = 0; i + 1 < rows.Length; i++)
        {
            if (rows[i].Actor is { } actor && rows[i + 1].Actor == actor)
            {
                int lane = Array.IndexOf(actors, actor);
                frame.Svg.Rect(
                    frame.Look(s_looks[lane]), lanes[lane] - 2, middle(i), 4, RowHeight);
            }
        }
    }

    private static void DrawHeading(PictureFrame frame, string text, double y)
    {
        if (text.Length > 0)
        {
            frame.Svg.Rect(
                "p", PictureFrame.Margin, y - 10, frame.Width - (2 * PictureFrame.Margin), 20, 3);
            frame.Svg.Text("b", PictureFrame.Margin + 8, y + 4, PictureText.Clean(text));
        }
    }

    private static void DrawArrow(PictureFrame frame, double from, double to, double y)
    {
        int way = Math.Sign(to - from);
        string head = way > 0 ? "m-6-4l6 4l-6 4" : "m6-4l-6 4l6 4";
        frame.Svg.Path(
            "i",
            $"M{SvgWriter.Number(from)} {SvgWriter.Number(y)}H{SvgWriter.Number(to - (way * 3))}"
                + head);
    }

    private static string Describe(PrintedLine[] rows, string[] actors)
    {
        string lanes = actors.Length == 0
            ? "" : $" The lanes, from the left: {string.Join(", ", actors)}.";
        string first = rows.Length == 0 ? "" : $" First: {rows[0].Text}. Last: {rows[^1].Text}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A row for each of the {rows.Length} lines that the program prints.{lanes}{first}");
    }
}
