using System.Text;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws which task awaits which at a moment, with the lines of the awaits, and the cycles. Without
/// a choice it is the first moment with the most tasks that await others. Pure; any thread.
/// </summary>
internal static class TreePicture
{
    private const double RowHeight = 24;
    private const double Indent = 20;
    private const int PlaceColumns = 30;

    public static PictureFrame Draw(LoopTrace trace, PictureOptions options)
    {
        TraceMoment moment = TraceMoment.WithMostAwaits(trace, options);
        TreeTask[] tasks = [.. moment.Tasks(trace.Names)];
        var tree = TreeRows.Of(tasks);
        var frame = new PictureFrame(
            PictureKind.Tree, options.Width,
            $"Await tree: {PictureText.Count(tasks.Length, "task")}",
            $"{trace.Info.Program}, {moment.Words}");
        if (tasks.Length == 0)
        {
            frame.Note("No task lived at this moment.");
            return frame;
        }

        double first = frame.Y;
        double places = Math.Min(
            tree.Rows.Max(EndOf) + 24,
            frame.Right - (PlaceColumns * PictureStyle.ColumnWidth));
        foreach (TreeRow row in tree.Rows)
        {
            DrawRow(frame, row, first, places);
        }

        foreach (IReadOnlyList<TreeTask> cycle in tree.Cycles)
        {
            // A task that awaits several may continue when another one of them ends.
            bool isDeadlock = cycle.All(task => task.Awaits.Count == 1);
            frame.Note(
                $"Cycle{(isDeadlock ? ", which only a cancellation ends" : "")}: {PathOf(cycle)}.");
        }

        if (tree.LeftOut > 0)
        {
            frame.Note($"{PictureText.Count(tree.LeftOut, "more task")} not drawn.");
        }

        frame.Description = Describe(tasks, tree, moment);
        return frame;
    }

    private static void DrawRow(PictureFrame frame, TreeRow row, double first, double places)
    {
        double x = PictureFrame.Margin + (row.Depth * Indent);
        double middle = frame.Y + (RowHeight / 2);
        TreeTask task = row.Task;
        if (row.Parent >= 0)
        {
            double above = first + (row.Parent * RowHeight) + (RowHeight / 2) + 6;
            frame.Svg.Path(
                row.IsCycle ? "i" : "w",
                $"M{SvgWriter.Number(x - Indent + 6)} {SvgWriter.Number(above)}"
                    + $"V{SvgWriter.Number(middle)}h{SvgWriter.Number(Indent - 8)}");
        }

        string area = row.IsCycle
            ? frame.Area(PictureFill.Bad, "closes a cycle")
            : frame.Area(task.Fill, LabelOf(task.Fill));
        frame.Svg.Rect(area, x, middle - 6, 12, 12, row.IsCycle ? 6 : 2);

        bool hasPlace = frame.Width >= 640 && task.Place.Length > 0 && !row.IsRepeated;
        double right = hasPlace ? places : frame.Right;
        int columns = Math.Max(0, (int)((right - x - 20) / PictureStyle.ColumnWidth));
        string name = PictureText.Shorten(NameOf(row), columns);
        frame.Svg.Text("c", x + 20, middle + 4, name);
        int left = columns - PictureText.Columns(name) - 2;
        frame.Svg.Text(
            "n", x + 20 + ((PictureText.Columns(name) + 2) * PictureStyle.ColumnWidth), middle + 4,
            PictureText.Shorten(WhatOf(row), left));
        if (hasPlace)
        {
            frame.Svg.Text(
                "n", places, middle + 4, PictureText.Shorten(task.Place, PlaceColumns));
        }

        frame.Y += RowHeight;
    }

    private static double EndOf(TreeRow row) =>
        PictureFrame.Margin + (row.Depth * Indent) + 20
            + ((PictureText.Columns(NameOf(row)) + 2 + PictureText.Columns(WhatOf(row)))
                * PictureStyle.ColumnWidth);

    private static string NameOf(TreeRow row) => row.Count > 1
        ? $"{row.Task.Name} and {PictureText.Number(row.Count - 1)} more"
        : row.Task.Name;

    private static string WhatOf(TreeRow row) =>
        row.IsCycle ? "the cycle is closed"
        : row.IsRepeated ? "has a row above"
        : row.Task.What;

    private static string LabelOf(PictureFill fill) =>
        fill == PictureFill.Step ? "runs"
        : fill == PictureFill.Ready ? "ready"
        : fill == PictureFill.Io ? "waits for I/O"
        : fill == PictureFill.Task ? "waits for a task"
        : fill == PictureFill.Timer ? "waits for a timer"
        : "waits for something else";

    private static string PathOf(IReadOnlyList<TreeTask> cycle)
    {
        var path = new StringBuilder();
        foreach (TreeTask task in cycle.Take(8))
        {
            path.Append(PictureText.Shorten(task.Name, 24)).Append(" → ");
        }

        return path.Append(cycle.Count > 8 ? "… → " : "")
            .Append(PictureText.Shorten(cycle[0].Name, 24)).ToString();
    }

    private static string Describe(TreeTask[] tasks, TreeRows tree, TraceMoment moment)
    {
        string waits = string.Join(", ", tasks.GroupBy(task => LabelOf(task.Fill))
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{PictureText.Number(group.Count())} {group.Key}"));
        string cycles = string.Join("; ", tree.Cycles.Select(PathOf));
        return $"Which task awaits which, {moment.Words}: {waits}."
            + (cycles.Length > 0 ? $" Cycles: {cycles}." : " There is no cycle.");
    }
}
