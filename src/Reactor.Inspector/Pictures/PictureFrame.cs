using System.Text;

namespace Reactor.Inspector;

/// <summary>
/// The sheet that a picture is drawn on: its head, its legend, its notes, and the file around them.
/// The file has at most <see cref="BytesMax"/> bytes and depends on nothing but what was drawn. One
/// thread at a time.
/// </summary>
internal sealed class PictureFrame
{
    /// <summary>
    /// The largest picture: it is read over slow lines, and kept in repositories.
    /// </summary>
    public const int BytesMax = 60_000;

    /// <summary>The distance of everything from the edges.</summary>
    public const double Margin = 16;

    // What remains is for head, style, legend and notes, each of which has a bound.
    private const int ShapeBytesMax = 40_000;
    private const int FootBytesMax = 8_000;
    private const int SentenceColumnsMax = 600;
    private const int NotesMax = 8;

    private readonly string _prefix;
    private readonly string _title;
    private readonly string _subtitle;
    private readonly List<(PictureFill Fill, string Label)> _legend = [];
    private readonly HashSet<PictureFill> _looks = [];
    private readonly List<string> _notes = [];

    public PictureFrame(PictureKind kind, int width, string title, string subtitle)
    {
        _prefix = kind.ToString().ToLowerInvariant();
        _title = PictureText.Shorten(title, 100);
        _subtitle = PictureText.Shorten(subtitle, 200);
        Width = width;
        Description = _subtitle;
    }

    /// <summary>The shapes.</summary>
    public SvgWriter Svg { get; } = new(ShapeBytesMax);

    public double Width { get; }

    /// <summary>Where the next shape may begin; the caller moves it down.</summary>
    public double Y { get; set; } = 64;

    /// <summary>What a reader without eyes gets: what is drawn, in sentences.</summary>
    public string Description { get; set; }

    /// <summary>The right end of what may be drawn.</summary>
    public double Right => Width - Margin;

    /// <summary>Says what an area means; each area once.</summary>
    public string Area(PictureFill fill, string label)
    {
        if (!_legend.Exists(entry => entry.Fill == fill))
        {
            _legend.Add((fill, PictureText.Shorten(label, 60)));
        }

        return fill.Name;
    }

    /// <summary>Uses an area that a label beside it explains: the legend leaves it out.</summary>
    public string Look(PictureFill fill)
    {
        _looks.Add(fill);
        return fill.Name;
    }

    /// <summary>Adds a sentence below the picture, such as what was left out.</summary>
    public void Note(string sentence)
    {
        if (_notes.Count < NotesMax)
        {
            _notes.Add(PictureText.Shorten(sentence, 300));
        }
    }

    /// <summary>Writes the file in UTF-8.</summary>
    public void WriteTo(Stream stream)
    {
        if (Svg.LeftOut > 0)
        {
            Note($"{PictureText.Count(Svg.LeftOut, "shape")} did not fit into "
                + $"{BytesMax / 1000} KB and are not drawn.");
        }

        var foot = new SvgWriter(FootBytesMax);
        double height = WriteFoot(foot);
        PictureFill[] fills = [.. _legend.Select(entry => entry.Fill).Union(_looks)];
        string number = SvgWriter.Number(Width);
        var file = new StringBuilder();
        file.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{number}\" ")
            .Append($"height=\"{SvgWriter.Number(height)}\" ")
            .Append($"viewBox=\"0 0 {number} {SvgWriter.Number(height)}\" role=\"img\" ")
            .Append($"aria-labelledby=\"{_prefix}-title {_prefix}-desc\">\n")
            .Append($"<title id=\"{_prefix}-title\">{SvgWriter.Escape(_title)}</title>\n")
            .Append($"<desc id=\"{_prefix}-desc\">")
            .Append(SvgWriter.Escape(PictureText.Shorten(Description, SentenceColumnsMax)))
            .Append("</desc>\n")
            .Append($"<style>{PictureStyle.Sheet(fills, _prefix)}</style>\n")
            .Append($"<defs>{PictureStyle.Patterns(fills, _prefix)}</defs>\n")
            .Append("<rect class=\"g\" width=\"100%\" height=\"100%\"/>\n")
            .Append(HeadShapes()).Append('\n')
            .Append(Svg).Append('\n')
            .Append(foot).Append("\n</svg>\n");
        byte[] bytes = Encoding.UTF8.GetBytes(file.ToString());
        stream.Write(bytes);
    }

    private string HeadShapes()
    {
        var head = new SvgWriter(BytesMax);
        int columns = (int)((Width - (2 * Margin)) / PictureStyle.LetterWidth);
        head.Text("h", Margin, 30, PictureText.Shorten(_title, columns * 2 / 3));
        head.Text("q", Margin, 50, PictureText.Shorten(_subtitle, columns));
        return head.ToString();
    }

    private double WriteFoot(SvgWriter foot)
    {
        double x = Margin;
        double y = Y + 12;
        foreach ((PictureFill fill, string label) in _legend)
        {
            double width = 26 + (PictureText.Columns(label) * PictureStyle.LetterWidth) + 18;
            if (x > Margin && x + width > Right)
            {
                (x, y) = (Margin, y + 22);
            }

            foot.Rect(fill.Name, x, y, 18, 12, 2);
            foot.Text("q", x + 26, y + 10, label);
            x += width;
        }

        y += _legend.Count > 0 ? 28 : 0;
        int columns = (int)((Width - (2 * Margin)) / PictureStyle.LetterWidth);
        foreach (string line in _notes.SelectMany(note => PictureText.Wrap(note, columns)))
        {
            foot.Text("q", Margin, y + 10, line);
            y += 18;
        }

        return y + 8;
    }
}
