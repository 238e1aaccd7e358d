using System.Text;

namespace Reactor.Inspector;

/// <summary>
/// A lane with more spans than can be told apart, in columns of some pixels: how long each look
/// lasted in each column. Immutable; any thread.
/// </summary>
internal sealed class LaneColumns
{
    /// <summary>The width of a column, in pixels.</summary>
    public const double Width = 6;

    private readonly TimeAxis _axis;
    private readonly double _time; // of a column
    private readonly Dictionary<PictureFill, double[]> _times = [];

    private LaneColumns(TimeAxis axis)
    {
        _axis = axis;
        Count = Math.Max(1, (int)((axis.Right - axis.Left) / Width));
        _time = ((double)axis.To - axis.From) / Count;
    }

    public int Count { get; }

    public static LaneColumns Of(IEnumerable<LaneSpan> spans, TimeAxis axis)
    {
        var columns = new LaneColumns(axis);
        foreach (LaneSpan span in spans)
        {
            columns.Add(span);
        }

        return columns;
    }

    /// <summary>The largest share of a column that a look has; 0 to 1.</summary>
    public double ShareMax(PictureFill fill) =>
        _times.TryGetValue(fill, out double[]? times) ? Math.Min(times.Max() / _time, 1) : 0;

    /// <summary>The left end of a column.</summary>
    public double X(int column) =>
        _axis.Left + ((_axis.Right - _axis.Left) * column / Count);

    /// <summary>
    /// The outline of the share of time with a look, from the base line up; empty if there is none.
    /// </summary>
    public string Skyline(PictureFill fill, double bottom, double height)
    {
        if (!_times.TryGetValue(fill, out double[]? times))
        {
            return "";
        }

        var path = new StringBuilder();
        path.Append('M').Append(SvgWriter.Number(_axis.Left)).Append(' ')
            .Append(SvgWriter.Number(bottom));
        double before = 0;
        for (int column = 0; column < Count; column++)
        {
            // What happened is visible, however short it was.
            double now = times[column] > 0
                ? Math.Max(Math.Round(Math.Min(times[column] / _time, 1) * height), 1.5)
                : 0;
            if (now != before)
            {
                path.Append('H').Append(SvgWriter.Number(X(column)))
                    .Append('V').Append(SvgWriter.Number(bottom - now));
                before = now;
            }
        }

        return path.Append('H').Append(SvgWriter.Number(_axis.Right))
            .Append('V').Append(SvgWriter.Number(bottom)).Append('z').ToString();
    }

    /// <summary>The look of most of each column; equal neighbours are one span.</summary>
    public IEnumerable<(PictureFill Fill, int First, int End)> Dominant()
    {
        for (int first = 0, end; first < Count; first = end)
        {
            PictureFill? fill = At(first);
            for (end = first + 1; end < Count && At(end) == fill; end++)
            {
            }

            if (fill is not null)
            {
                yield return (fill, first, end);
            }
        }
    }

    private PictureFill? At(int column)
    {
        (PictureFill? most, double longest) = (null, 0);
        foreach ((PictureFill fill, double[] times) in _times)
        {
            (most, longest) = times[column] > longest ? (fill, times[column]) : (most, longest);
        }

        return most;
    }

    private void Add(LaneSpan span)
    {
        if (!_times.TryGetValue(span.Fill, out double[]? times))
        {
            times = new double[Count];
            _times.Add(span.Fill, times);
        }

        double from = (span.From - _axis.From) / _time;
        double to = (span.To - _axis.From) / _time;
        for (int column = Math.Max(0, (int)from); column < Math.Min(to, Count); column++)
        {
            times[column] += (Math.Min(to, column + 1) - Math.Max(from, column)) * _time;
        }
    }
}
