using System.Text;

namespace Reactor.Inspector;

/// <summary>
/// The areas of one look in one row as a single path. Areas whose gap is invisible become one, so
/// that a row costs at most some bytes for each pixel. One thread at a time.
/// </summary>
internal sealed class LanePath(double top, double height)
{
    // An area of less, and a gap of less, are invisible.
    private const double WidthMin = 0.8;
    private const double GapMin = 0.2;

    private readonly StringBuilder _path = new();
    private double _left = double.NaN;
    private double _right;

    /// <summary>Adds an area that does not begin before the one before.</summary>
    public void Add(double left, double right)
    {
        right = Math.Max(right, left + WidthMin);
        if (!double.IsNaN(_left) && left - _right < GapMin)
        {
            _right = Math.Max(_right, right);
            return;
        }

        Flush();
        (_left, _right) = (left, right);
    }

    /// <summary>The commands of the path.</summary>
    public string End()
    {
        Flush();
        _left = double.NaN;
        return _path.ToString();
    }

    private void Flush()
    {
        if (!double.IsNaN(_left))
        {
            string width = SvgWriter.Number(_right - _left);
            _path.Append('M').Append(SvgWriter.Number(_left)).Append(' ')
                .Append(SvgWriter.Number(top)).Append('h').Append(width)
                .Append('v').Append(SvgWriter.Number(height))
                .Append("h-").Append(width).Append('z');
        }
    }
}
