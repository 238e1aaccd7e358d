namespace Reactor.Inspector;

/// <summary>
/// Maps a range of times to a range of pixels, and draws its scale. A range without a length is one
/// nanosecond long. Immutable; any thread.
/// </summary>
internal sealed class TimeAxis
{
    private const double TickDistanceMin = 90;

    private readonly double _pixelsPerNanosecond;

    public TimeAxis(long from, long to, double left, double right)
    {
        From = from;
        To = Math.Max(to, from + 1);
        Left = left;
        Right = right;
        _pixelsPerNanosecond = (right - left) / ((double)To - From);
    }

    public long From { get; }

    public long To { get; }

    public double Left { get; }

    public double Right { get; }

    /// <summary>The pixel of a time; one outside the range is at its end.</summary>
    public double X(long time) =>
        Left + (((double)Math.Clamp(time, From, To) - From) * _pixelsPerNanosecond);

    /// <summary>Draws the scale at a height and its lines down to another.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="top">The base line of the labels.</param>
    /// <param name="bottom">The end of the lines.</param>
    /// <param name="origin">The time that is labelled 0.</param>
    public void Draw(SvgWriter svg, double top, double bottom, long origin = 0)
    {
        long step = Step();
        for (long time = FirstTick(step, origin); time <= To; time += step)
        {
            double x = X(time);
            svg.Line("l", x, top + 5, x, bottom);
            string label = PictureText.Tick(time - origin, step);
            double half = PictureText.Columns(label) * PictureStyle.LetterWidth / 2;
            string anchor = x + half > Right ? "a e" : x - half < Left ? "a" : "a m";
            svg.Text(anchor, x, top, label);
            if (time > To - step)
            {
                break; // the next one could overflow
            }
        }
    }

    private long FirstTick(long step, long origin)
    {
        long over = (From - origin) % step;
        return over == 0 ? From : over > 0 ? From - over + step : From - over;
    }

    // 1, 2 or 5 times a power of ten, so that labels do not touch.
    private long Step()
    {
        double least = TickDistanceMin / _pixelsPerNanosecond;
        long power = 1;
        while (power * 10.0 <= least)
        {
            power *= 10;
        }

        return power * (power >= least ? 1 : power * 2.0 >= least ? 2 : power * 5.0 >= least ? 5
            : 10);
    }
}
