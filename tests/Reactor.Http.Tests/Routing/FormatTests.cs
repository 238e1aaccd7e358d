// Paths made from patterns and values: escaped, checked, and captured again as they were.
using FsCheck;
using FsCheck.Fluent;
using Reactor.Http.Routing;

namespace Reactor.Http.Tests.Routing;

public sealed class FormatTests
{
    private static readonly string[] s_patterns =
    [
        "/{a}", "/x/{a}/y/{b}", "/{a}/{rest...}", "/f/{rest...}", "/{a:raw}", "/f/{rest:raw...}",
        "/{a:int}/{b:long}", "/{a:alpha}", "/{a:len(2,4)}", "/{a:raw:len(2,4)}", "/{a:guid}/",
        "/caf\u00E9/{a:range(-5,500)}",
    ];

    // Also what is special in a path, in a query and in a folder, and pairs of surrogates.
    private static readonly string[] s_pieces =
    [
        "a", "Z", "0", "7", "-", ".", "..", "/", "\\", "%", "%41", "%2F", "%2e", "%zz", "%C3%A9",
        "%FF", " ", "+", "?", "#", "&", "=", ";", ":", "@", "~", "|", "^", "[", "{", "\"", "\0",
        "\u00E9", "\u20AC", "\U0001F600", "\uD800", "\uFFFD",
        "01234567-89ab-cdef-0123-456789abcdef",
    ];

    private static readonly Gen<string> s_value =
        from count in Gen.Choose(0, 4)
        from pieces in Gen.Elements(s_pieces).ArrayOf(count)
        select string.Concat(pieces);

    private static readonly Gen<(string Pattern, string[] Values)> s_sample =
        from pattern in Gen.Elements(s_patterns)
        from values in s_value.ArrayOf(2)
        select (pattern, values);

    private static KeyValuePair<string, string>[] Pairs(params string[] pairs) =>
        [.. pairs.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1]))];

    private static string Format(string pattern, params string[] pairs) =>
        RouteFormat.Format(RoutePattern.Parse(pattern), Pairs(pairs));

    [Test]
    public void A_path_that_is_made_is_captured_as_the_same_values()
    {
        int made = 0;
        int left = 0;
        Prop.ForAll(s_sample.ToArbitrary(), sample =>
        {
            var pattern = RoutePattern.Parse(sample.Pattern);
            var table = new RouteTable<string>();
            table.Add("GET", sample.Pattern, "");
            string[] values = sample.Values[..pattern.Names.Length];
            string path;
            try
            {
                path = RouteFormat.Format(
                    pattern, [.. pattern.Names.Zip(values, KeyValuePair.Create)]);
            }
            catch (ArgumentException)
            {
                left++;
                return true; // the tests below say which values are rejected, and must be few
            }

            made++;
            RouteMatch<string> match = table.Match("GET", path);
            return match.Outcome == RouteOutcome.Found
                && path.All(c => c is > ' ' and < '\x7F' and not ('"' or '\\' or '?' or '#'))
                && match.Values.Zip(values, pattern.Segments.Where(
                    segment => segment.Kind != SegmentKind.Literal)).All(IsCaptured);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
        TestContext.Out.WriteLine($"{made} paths, {left} rejected");
        Assert.That(made, Is.GreaterThan(3_000));
    }

    // A raw value with its escapes is captured as it is; what cannot stand in a path is escaped.
    private static bool IsCaptured((string Captured, string Given, PatternSegment Segment) it) =>
        it.Captured == it.Given
        || (it.Segment.IsRaw && !IsOfPath(it.Given, it.Segment.IsTail)
            && Uri.UnescapeDataString(it.Captured) == Uri.UnescapeDataString(it.Given));

    private static bool IsOfPath(string value, bool isTail) => value.All(
        c => char.IsAsciiLetterOrDigit(c) || "-._~!$&'()*+,;=:@%|^[]".Contains(c)
            || (isTail && c == '/'));

    [TestCase("/items/{id}", "a b", "/items/a%20b")]
    [TestCase("/items/{id}", "\u00E9", "/items/%C3%A9")]
    [TestCase("/items/{id}", "100%", "/items/100%25")]
    [TestCase("/items/{id}", "%41", "/items/%2541")]
    [TestCase("/items/{id}", "a+b&c=d", "/items/a+b&c=d")]
    [TestCase("/items/{id}", "a?b#c", "/items/a%3Fb%23c")]
    [TestCase("/items/{id:raw}", "a%2Fb", "/items/a%2Fb")]
    [TestCase("/items/{id:raw}", "a/b", "/items/a%2Fb")]
    [TestCase("/items/{id:raw}", "\u00E9", "/items/%C3%A9")]
    [TestCase("/files/{id...}", "a/b c/d", "/files/a/b%20c/d")]
    [TestCase("/files/{id...}", "a/", "/files/a/")]
    [TestCase("/files/{id...}", "", "/files/")]
    [TestCase("/files/{id:raw...}", "a//b%20c", "/files/a//b%20c")]
    [TestCase("/items/{id:int}/", "-7", "/items/-7/")]
    [TestCase("/caf\u00E9/{id}", "x", "/caf%C3%A9/x")]
    public void A_value_is_escaped_as_its_parameter_captures_it(
        string pattern, string value, string path) =>
        Assert.That(Format(pattern, "id", value), Is.EqualTo(path));

    [TestCase("/{id}", "", "empty")]
    [TestCase("/{id}", "a/b", "':raw'")]
    [TestCase("/{id}", "a\\b", "':raw'")]
    [TestCase("/{id}", "a\0", "NUL")]
    [TestCase("/{id}", "..", "dot segment")]
    [TestCase("/{id:raw}", "", "empty")]
    [TestCase("/{id:raw}", "100%", "'%25'")]
    [TestCase("/{id:raw}", "%2e%2E", "dot segment")]
    [TestCase("/{id:raw:len(1,2)}", "a%2Fb", "constraints")]
    [TestCase("/{id:int}", "07", "constraints")]
    [TestCase("/{id:alpha}", "a1", "constraints")]
    [TestCase("/f/{id...}", "/a", "empty")]
    [TestCase("/f/{id...}", "a//b", "empty")]
    [TestCase("/f/{id...}", "a/../b", "dot segment")]
    [TestCase("/f/{id:raw...}", "a/%2e./b", "dot segment")]
    [TestCase("/{id:raw...}", "/evil.example", "another host")]
    public void A_value_that_its_parameter_cannot_capture_is_rejected_with_the_reason(
        string pattern, string value, string why) =>
        Assert.That(
            () => Format(pattern, "id", value),
            Throws.ArgumentException.With.Message.Contains(pattern)
                .And.Message.Contains(why));

    [Test] // no test case: an attribute cannot hold such a text
    public void A_value_with_half_of_a_surrogate_pair_is_rejected()
    {
        foreach (string pattern in new[] { "/{id}", "/{id:raw}", "/{id...}", "/{id:raw...}" })
        {
            foreach (string value in new[] { "\uD800", "\uFFFD\uDC00" })
            {
                Assert.That(
                    () => Format(pattern, "id", value),
                    Throws.ArgumentException.With.Message.Contains("surrogate"));
            }
        }
    }

    [Test]
    public void A_path_of_128_segments_is_made_and_none_of_more()
    {
        Assert.That(Format("/{id...}", "id", Segments(128)), Has.Length.EqualTo(256));
        Assert.That(
            () => Format("/{id...}", "id", Segments(129)),
            Throws.ArgumentException.With.Message.Contains("128"));

        static string Segments(int count) => string.Join('/', Enumerable.Repeat("a", count));
    }

    [Test]
    public void Missing_unknown_and_repeated_names_are_named()
    {
        Assert.That(
            () => Format("/{a}/{b}", "a", "1"),
            Throws.ArgumentException.With.Message.Contains("'b'"));
        Assert.That(
            () => Format("/{a}/{b}", "a", "1", "b", "2", "C", "3"),
            Throws.ArgumentException.With.Message.Contains("'C'")
                .And.Message.Contains("'a', 'b'").And.Message.Contains("query"));
        Assert.That(
            () => Format("/{a}", "a", "1", "a", "2"),
            Throws.ArgumentException.With.Message.Contains("'a' is given twice"));
    }

    [Test]
    public void A_query_is_appended_with_its_names_and_values_escaped() => Assert.That(
        RouteFormat.Format(
            RoutePattern.Parse("/s"), [],
            Pairs("q", "a b&c=d+e", "q", "\u00E9", "x/y", "")),
        Is.EqualTo("/s?q=a%20b%26c%3Dd%2Be&q=%C3%A9&x%2Fy="));
}
