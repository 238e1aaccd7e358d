using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Pictures;

/// <summary>
/// A picture as a reader of the file sees it. Each picture that a test draws is held to the
/// promises of every picture.
/// </summary>
internal sealed class DrawnPicture
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private const double TextMin = 11;

    private DrawnPicture(byte[] bytes)
    {
        Bytes = bytes;
        Root = XDocument.Parse(Encoding.UTF8.GetString(bytes)).Root!;
    }

    public byte[] Bytes { get; }

    public XElement Root { get; }

    public string Title => Root.Element(Svg + "title")!.Value;

    public string Description => Root.Element(Svg + "desc")!.Value;

    public double Width => Number(Root, "width");

    public IReadOnlyList<string> Texts =>
        [.. Root.Elements(Svg + "text").Select(text => text.Value)];

    public string Style => Root.Element(Svg + "style")!.Value;

    public static DrawnPicture Draw(
        LoopTrace trace, PictureKind kind, PictureOptions? options = null)
    {
        using var stream = new MemoryStream();
        TracePicture.Write(trace, kind, options ?? new PictureOptions(), stream);
        var picture = new DrawnPicture(stream.ToArray());
        picture.CheckPromises(kind);
        return picture;
    }

    /// <summary>The shapes of a style, such as <c>step</c>.</summary>
    public IEnumerable<XElement> Shapes(string style) => Root.Elements()
        .Where(shape => shape.Name != Svg + "text"
            && (string?)shape.Attribute("class") == style);

    /// <summary>The areas of all paths of a style: left, top, width, height.</summary>
    public IEnumerable<(double X, double Y, double Width, double Height)> Areas(string style) =>
        Shapes(style).Where(shape => shape.Name == Svg + "path").SelectMany(path =>
            path.Attribute("d")!.Value.Split('z', StringSplitOptions.RemoveEmptyEntries)
                .Select(ReadArea));

    public XElement Text(string content) =>
        Root.Elements(Svg + "text").First(text => text.Value == content);

    public static double Number(XElement element, string attribute) => double.Parse(
        element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static (double X, double Y, double Width, double Height) ReadArea(string area)
    {
        double[] numbers = [.. area.Split(['M', ' ', 'h', 'v', '-'],
                StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private void CheckPromises(PictureKind kind)
    {
        Assert.That(Bytes, Has.Length.LessThanOrEqualTo(60_000), "60 KB");
        Assert.That(Root.Name, Is.EqualTo(Svg + "svg"));
        Assert.That((string?)Root.Attribute("role"), Is.EqualTo("img"));
        Assert.That(Title, Is.Not.Empty);
        Assert.That(Description.Length, Is.GreaterThan(20));
        string[] ids = [.. Root.Descendants().Select(one => (string?)one.Attribute("id"))
            .OfType<string>()];
        Assert.That(ids, Is.Unique);
        Assert.That(ids, Has.All.StartsWith(kind.ToString().ToLowerInvariant()));
        Assert.That(
            ((string)Root.Attribute("aria-labelledby")!).Split(' '), Is.SubsetOf(ids));
        CheckReferences(ids);
        foreach (XElement text in Root.Elements(Svg + "text"))
        {
            CheckText(text);
        }
    }

    private void CheckReferences(string[] ids)
    {
        string file = Encoding.UTF8.GetString(Bytes);
        Assert.That(file, Does.Not.Contain("<script").And.Not.Contain("href"));
        foreach (string part in file.Split("url(").Skip(1))
        {
            Assert.That(part, Does.StartWith("#"), "no other file");
            Assert.That(ids, Does.Contain(part[1..part.IndexOf(')', StringComparison.Ordinal)]));
        }

        foreach (string part in Style.Split("font-size:").Skip(1)
            .Concat(Style.Split("font:").Skip(1)))
        {
            string size = new([.. part.TakeWhile(char.IsAsciiDigit)]);
            Assert.That(int.Parse(size, CultureInfo.InvariantCulture), Is.AtLeast(TextMin));
        }
    }

    // A text begins and ends within the picture, by the narrowest font that is likely.
    private void CheckText(XElement text)
    {
        string style = (string)text.Attribute("class")!;
        double x = Number(text, "x");
        double width = text.Value.EnumerateRunes().Count() * 5.2;
        double left = style.Contains(" e", StringComparison.Ordinal) ? x - width
            : style.Contains(" m", StringComparison.Ordinal) ? x - (width / 2)
            : x;
        Assert.That(left, Is.AtLeast(0), text.Value);
        Assert.That(left + width, Is.AtMost(Width), text.Value);
    }
}
