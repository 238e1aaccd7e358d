// A picture of printed lines: how a line is read, and what the file has.

using System.Text;
using System.Xml.Linq;
using Reactor.Learn;

namespace Learn.Tests.Pictures;

[TestFixture]
public sealed class PrintedPictureTests
{
    private static readonly string[] s_lines =
        ["turn 1", "a & b: begins", "a & b -> loop: call_soon", "loop: returns", "", "a & b: ends"];

    [TestCase("turn 1", null, null)]
    [TestCase("", null, null)]
    [TestCase("a: b: c", "a", null)]
    [TestCase("client 1 -> server: sends \"a: b\"", "client 1", "server")]
    [TestCase("at 10:30", null, null)]
    [TestCase("a -> b", null, null)]
    public void A_line_is_a_heading_an_event_or_an_arrow(string line, string? actor, string? other)
    {
        var read = PrintedLine.Parse(line);
        Assert.That((read.Text, read.Actor, read.Other), Is.EqualTo((line, actor, other)));
    }

    [Test]
    public void The_picture_is_a_small_svg_file_with_every_line_and_a_description()
    {
        string picture = Draw(s_lines);
        var svg = XDocument.Parse(picture);
        string[] texts = [.. svg.Descendants().Where(one => one.Name.LocalName == "text")
            .Select(one => one.Value)];
        Assert.That(texts, Is.SupersetOf(s_lines.Where(line => line.Length > 0)));
        Assert.That(texts.Count(text => text is "a & b" or "loop"), Is.EqualTo(2), "lanes");
        Assert.That(
            svg.Descendants().Single(one => one.Name.LocalName == "desc").Value,
            Is.EqualTo("A row for each of the 6 lines that the program prints. The lanes, from the "
                + "left: a & b, loop. First: turn 1. Last: a & b: ends."));
        Assert.That(
            svg.Descendants().Single(one => one.Name.LocalName == "title").Value,
            Is.EqualTo("Lesson 06: a title"));
        Assert.That(Encoding.UTF8.GetByteCount(picture), Is.LessThan(60_000));
        Assert.That(picture, Does.Contain("prefers-color-scheme:dark"));
    }

    [Test]
    public void The_same_lines_give_the_same_bytes()
    {
        string first = Draw(s_lines);
        string second = Draw(s_lines);
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void An_arrow_leads_from_one_lane_to_the_other()
    {
        var svg = XDocument.Parse(Draw(["left: is here", "right -> left: asks"]));
        string path = svg.Descendants().Select(one => one.Attribute("d")?.Value ?? "")
            .Single(d => d.Contains('H'));
        double[] ends = [.. path[1..].Split(' ', 'H', 'm')
            .Where((_, index) => index is 0 or 2)
            .Select(number => double.Parse(
                number, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.That(ends[0], Is.GreaterThan(ends[1]), "to the left");
        Assert.That(path, Does.EndWith("m6-4l-6 4l6 4"), "its head, too");
    }

    [Test]
    public void What_has_no_room_is_said()
    {
        string[] actors = [.. Enumerable.Range(1, PrintedPicture.ActorsMax + 1)
            .Select(number => $"a{number}: runs")];
        Assert.That(
            () => Draw(actors),
            Throws.TypeOf<FormatException>().With.Message.Contains("9 actors (a1, a2,"));
        Assert.That(
            () => Draw([.. Enumerable.Repeat("a: b", PrintedPicture.LinesMax + 1)]),
            Throws.TypeOf<FormatException>().With.Message.Contains("31 lines"));
        Assert.That(
            () => Draw([new string('x', PrintedPicture.ColumnsMax + 1)]),
            Throws.TypeOf<FormatException>().With.Message.Contains("more than 70 columns"));
    }

    private static string Draw(string[] lines)
    {
        using var picture = new MemoryStream();
        PrintedPicture.Write("Lesson 06: a title", lines, picture);
        return Encoding.UTF8.GetString(picture.ToArray());
    }
}
