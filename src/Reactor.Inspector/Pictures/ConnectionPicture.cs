using System.Text;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws the states of connections over time: how many are in each state, and single ones below.
/// Pure; any thread.
/// </summary>
internal static class ConnectionPicture
{
    /// <summary>The connections that are drawn one by one: those with the most changes.</summary>
    public const int RowsMax = 24;

    private const int DenseRowsMax = 6;

    private const int SpansMax = 600;
    private const double StackHeight = 72;
    private const int ColumnsMax = 96;

    public static PictureFrame Draw(LoopTrace trace, PictureOptions options)
    {
        TraceRange range = TraceRange.Of(trace.Events, options);
        var objects = ObjectLanes.Read(trace, range, options.Connection);
        var frame = new PictureFrame(
            PictureKind.Connection, options.Width,
            options.Connection is { } number
                ? $"Connection {PictureText.Number(number)}"
                : $"Connections: {PictureText.Number(objects.Lanes.Count)}",
            $"{trace.Info.Program}, {range.Words}: "
                + $"{PictureText.Count(objects.Changes, "change")} of state in "
                + PictureText.Time(range.To - range.From));
        if (objects.Lanes.Count == 0)
        {
            frame.Note(options.Connection is null
                ? "No connection changed its state here."
                : "This connection did not exist here.");
            return frame;
        }

        var axis = new TimeAxis(range.From, range.To, LaneRows.Left, frame.Right);
        (Lane[] shown, bool areDense) = Choose(objects.Lanes, axis);
        double top = frame.Y + 16;
        axis.Draw(
            frame.Svg, frame.Y + 8, top + StackHeight + 8 + (shown.Length * LaneRows.Height));
        frame.Y = top;
        DrawStack(frame, axis, objects);
        var rows = new LaneRows(frame, axis, trace.Names);
        foreach (Lane lane in shown)
        {
            string name = $"connection {lane.Id}";
            if (areDense)
            {
                rows.AddDominant(lane, name);
            }
            else
            {
                rows.Add(lane, name);
            }
        }

        foreach ((PictureFill fill, int name) in objects.States)
        {
            frame.Area(fill, trace.Names[name]);
        }

        AddNotes(frame, objects, shown.Length, areDense);
        frame.Description = Describe(objects, trace.Names, range);
        return frame;
    }

    private static (Lane[] Lanes, bool AreDense) Choose(
        IReadOnlyList<Lane> lanes, TimeAxis axis)
    {
        Lane[] most = [.. lanes.OrderByDescending(lane => lane.Spans.Count)
            .ThenBy(lane => lane.Id).Take(RowsMax)];
        bool areDense = most.Sum(lane => lane.Spans.Count) > SpansMax;
        // Seldom all columns differ; then there is room for some rows only.
        int count = most.Length;
        while (areDense && count > DenseRowsMax && most.Take(count).Sum(
            lane => LaneColumns.Of(lane.Spans, axis).Dominant().Count()) > SpansMax)
        {
            count--;
        }

        return ([.. most.Take(count).OrderBy(lane => lane.Id)], areDense);
    }

    // The number in each state, in columns of some pixels.
    private static void DrawStack(PictureFrame frame, TimeAxis axis, ObjectLanes objects)
    {
        int columns = (int)Math.Min((axis.Right - axis.Left) / LaneColumns.Width, ColumnsMax);
        int[][] counts = objects.CountsAt(columns, axis);
        int most = Math.Max(1, Enumerable.Range(0, columns).Max(
            column => counts.Sum(state => state[column])));
        frame.Svg.Text("q", PictureFrame.Margin, frame.Y + 30, "how many in each state");
        frame.Svg.Text(
            "a", PictureFrame.Margin, frame.Y + 46, $"at most {PictureText.Number(most)}");
        double bottom = frame.Y + StackHeight;
        double[] below = [.. Enumerable.Repeat(bottom, columns)];
        for (int state = 0; state < counts.Length; state++)
        {
            double[] above = [.. below.Select(
                (y, column) => y - (counts[state][column] * StackHeight / most))];
            if (counts[state].Any(count => count > 0))
            {
                frame.Svg.Path(objects.States[state].Fill.Name, Band(above, below, axis));
            }

            below = above;
        }

        frame.Y += StackHeight + 8;
    }

    // Along the upper edge to the right, and along the lower edge back.
    private static string Band(double[] above, double[] below, TimeAxis axis)
    {
        double width = (axis.Right - axis.Left) / above.Length;
        var path = new StringBuilder();
        path.Append('M').Append(SvgWriter.Number(axis.Left)).Append(' ')
            .Append(SvgWriter.Number(below[0]));
        for (int column = 0; column < above.Length; column++)
        {
            Step(column, column == 0 ? double.NaN : above[column - 1], above[column]);
        }

        Step(above.Length, above[^1], below[^1]);
        for (int column = above.Length - 1; column > 0; column--)
        {
            Step(column, below[column], below[column - 1]);
        }

        return path.Append('z').ToString();

        void Step(int column, double before, double y)
        {
            if (y != before)
            {
                path.Append('H').Append(SvgWriter.Number(axis.Left + (column * width)))
                    .Append('V').Append(SvgWriter.Number(y));
            }
        }
    }

    private static void AddNotes(
        PictureFrame frame, ObjectLanes objects, int shown, bool areDense)
    {
        int more = objects.Lanes.Count - shown;
        if (more > 0)
        {
            frame.Note($"{PictureText.Count(more, "connection")} with fewer changes have no row.");
        }

        if (objects.HasMoreStates)
        {
            frame.Note("Further states share the look of the last one.");
        }

        if (areDense)
        {
            frame.Note("The states change too often to draw each: a column of "
                + $"{LaneColumns.Width} px shows the state of most of its time.");
        }
    }

    private static string Describe(ObjectLanes objects, TraceNames names, TraceRange range)
    {
        string states = string.Join(", ", objects.States.Select(state =>
            $"{names[state.Name]} ("
                + $"{PictureText.Time(objects.TimeIn(state.Fill))})"));
        return $"The states of {PictureText.Count(objects.Lanes.Count, "connection")} from "
            + $"{PictureText.Time(range.From)} to {PictureText.Time(range.To)}, with the time that "
            + $"all of them spent in each: {states}.";
    }
}
