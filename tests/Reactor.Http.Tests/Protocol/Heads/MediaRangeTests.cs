// Accept and its relatives (RFC 9110 12.4.2, 12.5.1): weights, specificity, and what is malformed.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests;

public sealed partial class MediaRangeTests
{
    // The example of RFC 9110 12.5.1, with its table of qualities.
    private const string Example =
        "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, "
        + "*/*;q=0.5";

    [TestCase("text/plain;format=flowed", 1000)]
    [TestCase("text/plain", 700)]
    [TestCase("text/html", 300)]
    [TestCase("image/jpeg", 500)]
    [TestCase("text/plain;format=fixed", 400)]
    [TestCase("text/html;level=3", 300)]
    public void The_most_specific_range_decides_as_in_the_example_of_the_rfc(
        string type, int quality) => Assert.That(QualityOf(Example, type), Is.EqualTo(quality));

    [TestCase("text/html", 1000)]
    [TestCase("TEXT/HTML;Q=0.5", 500)]
    [TestCase("text/html;q=0", 0)]
    [TestCase("text/html;q=0, */*", 0)]
    [TestCase("text/*;q=0, text/html", 1000)]
    [TestCase("*/*;q=0.001", 1)]
    [TestCase("text/html;q=0.25, text/html;q=0.5", 500)]
    [TestCase("text/html ; q=0.5", 500)]
    [TestCase("text/html;\tq=0.5 ;", 500)]
    [TestCase(" , ,text/html;q=0.5,", 500)]
    [TestCase("text/html;q=0.5;ext=1", 0)] // the weight stands anywhere, ext is a parameter
    [TestCase("text/html;level=1", 0)]
    [TestCase("application/json", 0)]
    [TestCase("text/htm", 0)]
    [TestCase("tex/*", 0)]
    [TestCase("texts/*", 0)]
    public void A_range_has_its_weight_for_html(string accept, int quality) =>
        Assert.That(QualityOf(accept, "text/html"), Is.EqualTo(quality));

    [TestCase("text/html;level=1", "text/html;level=1", 1000)]
    [TestCase("text/html;level=\"1\"", "text/html; level=1", 1000)]
    [TestCase("text/html;charset=UTF-8", "text/html; charset=utf-8", 1000)]
    [TestCase("text/html;level=1;q=0.2, text/html;q=0.9", "text/html;level=1;charset=x", 200)]
    [TestCase("a/b;x=\"1,2;3\\\"\";q=0.5", "a/b;x=\"1,2;3\\\"\"", 500)]
    [TestCase("text/html;a=1;b=2;q=0.1, text/html;a=1;q=0.9", "text/html;b=2;a=1", 100)]
    public void A_range_with_parameters_is_for_a_type_that_has_all_of_them(
        string accept, string type, int quality) =>
        Assert.That(QualityOf(accept, type), Is.EqualTo(quality));

    [TestCase("0", 0)]
    [TestCase("0.", 0)]
    [TestCase("0.1", 100)]
    [TestCase("0.12", 120)]
    [TestCase("0.123", 123)]
    [TestCase("1", 1000)]
    [TestCase("1.", 1000)]
    [TestCase("1.000", 1000)]
    public void A_weight_has_up_to_three_digits(string weight, int quality) =>
        Assert.That(QualityOf($"text/html;q={weight}", "text/html"), Is.EqualTo(quality));

    [TestCase("text/html;q=0.1234")]
    [TestCase("text/html;q=1.001")]
    [TestCase("text/html;q=2")]
    [TestCase("text/html;q=-1")]
    [TestCase("text/html;q=.5")]
    [TestCase("text/html;q=")]
    [TestCase("text/html;q")]
    [TestCase("text/html;q=\"0.5\"")]
    [TestCase("text/html;q =0.5")]
    [TestCase("text/html;q=0.5;q=2")]
    [TestCase("text/html;=1")]
    [TestCase("text")]
    [TestCase("*")]
    [TestCase("*/html")]
    [TestCase("text/")]
    [TestCase("/html")]
    [TestCase("text/html/x")]
    [TestCase("text html")]
    [TestCase("te\u00e9xt/html")]
    [TestCase("")]
    public void A_malformed_element_is_skipped(string element)
    {
        Assert.That(
            QualityOf($"{element}, text/html;q=0.5", "text/html"), Is.EqualTo(500),
            "the others count");
        Assert.That(
            QualityOf(element, "text/html"), Is.EqualTo(1000), "nothing was said about anything");
    }

    [Test]
    public void Without_the_field_every_type_is_as_good_as_another() =>
        Assert.That(QualityOf(Head("X: y"), "text/html"), Is.EqualTo(1000));

    [Test]
    public void Several_field_lines_are_one_list()
    {
        RequestHead head = Head(
            "Accept: text/html;q=0.1", "X: y", "accept: text/*;q=0.9, application/json");

        Assert.That(
            new[] { "text/html", "text/plain", "application/json", "image/png" }
                .Select(type => QualityOf(head, type)),
            Is.EqualTo(new[] { 100, 900, 1000, 0 }));
    }

    [Test]
    public void Codings_and_languages_are_elements_with_weights_too()
    {
        var elements = new List<string>();
        foreach (AcceptElement one in new AcceptList("gzip;q=0.5, *;q=0, br, , en-GB ;q=0.7"u8))
        {
            elements.Add($"{Encoding.ASCII.GetString(one.Value)} {one.Quality}");
        }

        Assert.That(elements, Is.EqualTo(new[] { "gzip 500", "* 0", "br 1000", "en-GB 700" }));
    }

    [Test]
    public void Any_list_means_what_another_implementation_reads_in_it()
    {
        Gen<string> piece = Gen.Elements(
            "text", "html", "plain", "*", "/", "/*", "*/*", "text/html", "text/*", "text/plain",
            ";", ",", ", ", " ", "q=", ";q=0", ";q=0.5", ";q=1", ";q=1.000", ";q=0.125", ".", "9",
            ";a=1", ";a=2", ";b", "=", "\t");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
            piece.ArrayOf().Select(string.Concat).ToArbitrary(),
            Gen.Elements("text/html", "text/plain", "text/html;a=1").ToArbitrary(),
            (accept, type) => QualityOf(accept, type) == Expected(accept, type)));

    }

    [Test]
    public void A_line_of_8_KiB_is_read_without_allocation()
    {
        RequestHead head = Head("Accept: " + string.Concat(Enumerable.Repeat("a/b,", 2000)));
        _ = MediaRanges.QualityOf(head, "text/html"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = MediaRanges.QualityOf(head, "text/html"u8);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    // By regular expressions and sorting.
    private static int Expected(string accept, string type)
    {
        string[] offer = type.Split(';');
        var ranges = accept.Split(',')
            .Select(element => Range().Match(element.Trim(' ', '\t')))
            .Where(match => match.Success)
            .Select(match => (
                Type: match.Groups["type"].Value,
                Parameters: match.Groups["p"].Captures.Select(one => one.Value.Trim(' ', '\t', ';'))
                    .Where(one => one.Length > 0).ToArray()))
            .ToArray();
        (int Rank, decimal Weight)[] matching =
        [
            .. from range in ranges
               let own = range.Parameters.Where(one => !IsWeight(one))
               let rank = range.Type == "*/*" ? 0
                   : range.Type == "text/*" ? 1
                   : range.Type == offer[0] && own.All(offer.Contains) ? 2 + own.Count()
                   : -1
               where rank >= 0
               let weight = range.Parameters.LastOrDefault(IsWeight) ?? "q=1"
               select (rank, decimal.Parse(weight.AsSpan(2), CultureInfo.InvariantCulture)),
        ];
        return ranges.Length == 0 ? 1000
            : matching.Length == 0 ? 0
            : (int)(1000 * matching.OrderByDescending(one => one).First().Weight);
    }

    private static bool IsWeight(string parameter) =>
        parameter.StartsWith("q=", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^(?<type>\*/\*|[a-z0-9.][a-z0-9.*]*/[a-z0-9.*]+)(?<p>[ \t]*;[ \t]*"
        + @"(q=(0(\.[0-9]{0,3})?|1(\.0{0,3})?)|(?!q=)[a-z0-9.*]+=[a-z0-9.*]+)?)*$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Range();

    private static int QualityOf(string accept, string type) =>
        QualityOf(Head($"Accept: {accept}"), type);

    private static int QualityOf(RequestHead head, string type) =>
        MediaRanges.QualityOf(head, Encoding.Latin1.GetBytes(type));

    private static RequestHead Head(params string[] lines)
    {
        var head = new RequestHead();
        ParseStatus status = new RequestParser(new ParserLimits()).Parse(
            Encoding.Latin1.GetBytes(
                $"GET / HTTP/1.1\r\nHost: h\r\n{string.Join("\r\n", lines)}\r\n\r\n"),
            head, out _);
        Assert.That(status, Is.EqualTo(ParseStatus.Done));
        return head;
    }
}
