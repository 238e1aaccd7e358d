using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws lanes as rows below each other, each with its name, its areas, and labels where they fit.
/// A row with too many areas shows shares of time instead. One thread at a time.
/// </summary>
internal sealed class LaneRows(PictureFrame frame, TimeAxis axis, TraceNames names)
{
    /// <summary>The height of a row.</summary>
    public const double Height = 26;

    /// <summary>The columns that a name may have left of the rows.</summary>
    public const int NameColumns = 24;

    /// <summary>The left end of the time axis.</summary>
    public const double Left = PictureFrame.Margin + (NameColumns * PictureStyle.ColumnWidth) + 10;

    private const int LabelsMax = 60;
    private const double WorkHeight = 16;

    private readonly Dictionary<long, double> _middles = [];
    private int _labels;

    public TimeAxis Axis => axis;

    /// <summary>The middle of the row of a lane, or null if it has none.</summary>
    public double? MiddleOf(long id) =>
        _middles.TryGetValue(id, out double middle) ? middle : null;

    /// <summary>
    /// The lanes with more than their part of the spans that are allowed; none if all fit.
    /// </summary>
    public static HashSet<Lane> Dense(IReadOnlyCollection<Lane> lanes, int spansMax) =>
        lanes.Sum(lane => (long)lane.Spans.Count) <= spansMax
            ? []
            : [.. lanes.Where(lane => lane.Spans.Count > spansMax / lanes.Count)];

    /// <summary>Draws a lane in the next row.</summary>
    public void Add(Lane lane, string name)
    {
        double middle = BeginRow(name, "c");
        _middles[lane.Id] = middle;
        foreach (IGrouping<PictureFill, LaneSpan> group in
            lane.Spans.GroupBy(span => span.Fill).OrderBy(
                group => group.Key.Name, StringComparer.Ordinal))
        {
            double height = HeightOf(group.Key);
            var path = new LanePath(middle - (height / 2), height);
            foreach (LaneSpan span in group)
            {
                path.Add(axis.X(span.From), axis.X(span.To));
            }

            frame.Svg.Path(group.Key.Name, path.End());
        }

        foreach (LaneSpan span in lane.Spans)
        {
            AddLabel(span.Fill, names[span.Label], axis.X(span.From), axis.X(span.To), middle);
        }

        AddEnds(lane, middle);
    }

    /// <summary>Draws the work of lanes in one row, as its share of the time.</summary>
    /// <param name="columns">The shares.</param>
    /// <param name="full">The share of the full height.</param>
    /// <param name="name">The label of the row.</param>
    /// <param name="row">The lane whose row it is, or null if it is that of several.</param>
    public void AddShares(LaneColumns columns, double full, string name, Lane? row)
    {
        double middle = BeginRow(name, row is null ? "n" : "c");
        double bottom = middle + (WorkHeight / 2);
        frame.Svg.Line("l", axis.Left, bottom, axis.Right, bottom);
        foreach (PictureFill fill in new[] { PictureFill.Step, PictureFill.Callback })
        {
            frame.Svg.Path(fill.Name, columns.Skyline(fill, bottom, WorkHeight / full));
        }

        if (row is not null)
        {
            _middles[row.Id] = middle;
            AddEnds(row, middle);
        }
    }

    /// <summary>Draws the looks of a lane, each column with that of most of its time.</summary>
    public void AddDominant(Lane lane, string name)
    {
        double middle = BeginRow(name, "c");
        var columns = LaneColumns.Of(lane.Spans, axis);
        foreach (var group in columns.Dominant().GroupBy(run => run.Fill))
        {
            double height = HeightOf(group.Key);
            var path = new LanePath(middle - (height / 2), height);
            foreach ((_, int first, int end) in group)
            {
                path.Add(columns.X(first), columns.X(end));
            }

            frame.Svg.Path(group.Key.Name, path.End());
        }

        AddEnds(lane, middle);
    }

    private double BeginRow(string name, string style)
    {
        frame.Svg.Line("l", PictureFrame.Margin, frame.Y, frame.Right, frame.Y);
        double middle = frame.Y + (Height / 2);
        frame.Svg.Text(
            style, PictureFrame.Margin, middle + 4, PictureText.Shorten(name, NameColumns));
        frame.Y += Height;
        return middle;
    }

    // Work is higher than what only waits.
    private static double HeightOf(PictureFill fill) =>
        fill == PictureFill.Step || fill == PictureFill.Callback ? WorkHeight
            : fill == PictureFill.Ready ? 10
            : fill.IsState ? 14
            : 8;

    private void AddLabel(PictureFill fill, string label, double left, double right, double middle)
    {
        double width = (PictureText.Columns(label) * PictureStyle.SmallWidth) + 12;
        if (label.Length > 0 && right - left >= width && _labels < LabelsMax)
        {
            _labels++;
            frame.Svg.Text(
                fill.Form == FillForm.Solid ? "o m" : "t m", (left + right) / 2, middle + 4,
                PictureText.Shorten(label, 60));
        }
    }

    private void AddEnds(Lane lane, double middle)
    {
        if (lane.Born is { } born)
        {
            frame.Svg.Line("i", axis.X(born), middle - 9, axis.X(born), middle + 9);
        }

        if (lane.Ended is not { } ended)
        {
            return;
        }

        double x = axis.X(ended);
        string outcome = names[lane.Outcome];
        frame.Svg.Line("i", x, middle - 9, x, middle + 9);
        if (x + 6 + (PictureText.Columns(outcome) * PictureStyle.SmallWidth) < axis.Right)
        {
            frame.Svg.Text("a", x + 5, middle + 4, PictureText.Shorten(outcome, 40));
        }
    }
}
