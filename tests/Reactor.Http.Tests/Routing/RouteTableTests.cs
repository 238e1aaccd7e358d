// Path and method -> handler: precedence, escapes, conflicts and bounds.
using Reactor.Http.Routing;

namespace Reactor.Http.Tests.Routing;

public sealed class RouteTableTests
{
    private static RouteTable<string> Table(params string[] routes)
    {
        var table = new RouteTable<string>();
        foreach (string route in routes)
        {
            string[] parts = route.Split(' ', 2);
            table.Add(parts[0], parts[1], route);
        }

        return table;
    }

    private static MatchInfo Captured(in RouteMatch<string> match) =>
        new(match.Names, match.Values);

    [TestCase("/", "GET /")]
    [TestCase("/a", "GET /a")]
    [TestCase("/a/", "GET /a/")]
    [TestCase("/a/b/c", "GET /a/b/c")]
    public void A_literal_route_is_found(string path, string route)
    {
        RouteMatch<string> match =
            Table("GET /", "GET /a", "GET /a/", "GET /a/b/c").Match("GET", path);
        Assert.That(match.Outcome, Is.EqualTo(RouteOutcome.Found));
        Assert.That(match.Handler, Is.EqualTo(route));
        Assert.That(Captured(match).Count, Is.Zero);
    }

    [TestCase("/b")]
    [TestCase("/A")]
    [TestCase("/a/b")]
    [TestCase("//a")]
    [TestCase("/hello/")]
    [TestCase("/hello/x/y")]
    [TestCase("/files")]
    public void Another_path_is_not_found(string path) => Assert.That(
        Table("GET /a", "GET /hello/{name}", "GET /files/{rest...}").Match("GET", path).Outcome,
        Is.EqualTo(RouteOutcome.NotFound));

    [TestCase("/hello/you", "you")]
    [TestCase("/hello/a%20b", "a b")]
    [TestCase("/hello/%C3%A9", "\u00E9")]
    [TestCase("/hello/%2541", "%41")]
    [TestCase("/hello/%252F", "%2F")]
    [TestCase("/hello/...", "...")]
    [TestCase("/hello/.a", ".a")]
    [TestCase("/hello/a..b", "a..b")]
    [TestCase("/hello/a+b", "a+b")]
    public void A_segment_is_captured_and_decoded_once(string path, string value)
    {
        RouteMatch<string> match = Table("GET /hello/{name}").Match("GET", path);
        Assert.That(Captured(match)["name"], Is.EqualTo(value));
        Assert.That(match.Pattern!.Text, Is.EqualTo("/hello/{name}"));
        Assert.That(() => Captured(match)["other"], Throws.InstanceOf<KeyNotFoundException>());
    }

    [TestCase("/files/", "")]
    [TestCase("/files/a", "a")]
    [TestCase("/files/a/b%20c/d/", "a/b c/d/")]
    [TestCase("/files/.a/..b/c..", ".a/..b/c..")]
    public void A_tail_takes_the_rest(string path, string value)
    {
        RouteMatch<string> match = Table("GET /files/{rest...}").Match("GET", path);
        Assert.That(Captured(match)["rest"], Is.EqualTo(value));
    }

    [TestCase("/a/b", "GET /a/b")]
    [TestCase("/a/c", "GET /a/{x}")]
    [TestCase("/a/c/d", "GET /{all...}")]
    [TestCase("/a/b/e", "GET /a/{x}/e")]
    [TestCase("/a/", "GET /{all...}")]
    [TestCase("/", "GET /{all...}")]
    [TestCase("/z", "GET /{all...}")]
    public void A_literal_beats_a_parameter_and_that_beats_a_tail(string path, string route) =>
        Assert.That(
            Table("GET /{all...}", "GET /a/{x}", "GET /a/b", "GET /a/b/f", "GET /a/{x}/e")
                .Match("GET", path).Handler,
            Is.EqualTo(route));

    [TestCase("/hell%6F")]
    [TestCase("/%68%65%6c%6C%6f")]
    public void Escaped_unreserved_characters_are_the_characters(string path) => Assert.That(
        Table("GET /hello").Match("GET", path).Outcome, Is.EqualTo(RouteOutcome.Found));

    [TestCase("/caf%C3%A9")]
    [TestCase("/caf%c3%a9")]
    public void A_literal_is_plain_and_compared_in_normal_form(string path) => Assert.That(
        Table("GET /caf\u00E9").Match("GET", path).Outcome, Is.EqualTo(RouteOutcome.Found));

    [Test]
    public void An_escaped_slash_is_no_separator() => Assert.That(
        Table("GET /a/b").Match("GET", "/a%2Fb").Outcome, Is.EqualTo(RouteOutcome.NotFound));

    [TestCase("")]
    [TestCase("a")]
    [TestCase("*")]
    [TestCase("/%")]
    [TestCase("/%4")]
    [TestCase("/%zz")]
    [TestCase("/%4g")]
    [TestCase("/a/\0")]
    [TestCase("/\u00E9")]
    public void A_malformed_path_is_bad_whatever_the_routes(string path) => Assert.That(
        Table("GET /{all...}", "GET /a/{x}").Match("GET", path).Outcome,
        Is.EqualTo(RouteOutcome.BadPath));

    [TestCase("/%FF")]
    [TestCase("/%C3")]
    [TestCase("/%C0%AF")]
    [TestCase("/%ED%A0%80")]
    [TestCase("/%C3/%A9")]
    [TestCase("/a/%ff")]
    [TestCase("/a/%ff/b")]
    [TestCase("/%ff/b")]
    [TestCase("/a/%00")]
    [TestCase("/a%00b/c")]
    [TestCase("/..")]
    [TestCase("/a/..")]
    [TestCase("/a/../b")]
    [TestCase("/a/.")]
    [TestCase("/./b")]
    [TestCase("/a/%2e%2E")]
    [TestCase("/a/.%2e/b")]
    [TestCase("/a/%2e")]
    [TestCase("/a/..%2f..%2fetc%2Fpasswd")]
    [TestCase("/..%2f..%2fetc/passwd")]
    [TestCase("/a/x%2F")]
    [TestCase("/a/..%5c..%5cwindows")]
    [TestCase("/a/..\\windows")]
    [TestCase("/a/x%5C")]
    [TestCase("//etc/passwd")]
    [TestCase("/a//etc/passwd")]
    [TestCase("/a//")]
    [TestCase("/c//b")]
    public void A_path_that_is_not_safe_once_decoded_matches_a_raw_tail_alone(string path)
    {
        string[] decoded = ["GET /{all...}", "GET /a/{x}", "GET /a/{x}/b", "GET /{y}/b"];
        Assert.That(
            Table(decoded).Match("GET", path).Outcome, Is.EqualTo(RouteOutcome.NotFound));

        RouteMatch<string> match = Table([.. decoded, "GET /{all:raw...}"]).Match("GET", path);
        Assert.That(match.Pattern!.Text, Is.EqualTo("/{all:raw...}"));
        Assert.That(Captured(match)["all"], Is.EqualTo(path[1..]));
    }

    [TestCase("/a/x/%ff", "GET /a/{x}/{rest:raw...}", "%ff")]
    [TestCase("/a/x/%41", "GET /a/{x}/{rest:raw...}", "%41")]
    [TestCase("/b/x/%41", "GET /{all...}", "b/x/A")]
    [TestCase("/b/x/%ff", "GET /{all:raw...}", "b/x/%ff")]
    public void A_tail_beats_a_raw_tail_of_the_same_place(string path, string route, string value)
    {
        RouteMatch<string> match = Table(
            "GET /{all:raw...}", "GET /{all...}", "GET /a/{x}/{rest:raw...}").Match("GET", path);
        Assert.That(match.Handler, Is.EqualTo(route));
        Assert.That(Captured(match).Values[^1], Is.EqualTo(value));
    }

    [TestCase("/a%2Fb")]
    [TestCase("/..")]
    [TestCase("/%2e%2e")]
    [TestCase("/%00")]
    [TestCase("/%ff")]
    [TestCase("/plain")]
    public void A_raw_parameter_takes_one_segment_as_it_was_sent(string path)
    {
        RouteMatch<string> match = Table("GET /{x:raw}", "GET /{x:raw}/b").Match("GET", path);
        Assert.That(Captured(match)["x"], Is.EqualTo(path[1..]));
        Assert.That(
            Captured(Table("GET /{x:raw}/b").Match("GET", path + "/b"))["x"],
            Is.EqualTo(path[1..]));
    }

    [TestCase("/a", "GET /{x}")]
    [TestCase("/..", "GET /{x:raw}")]
    [TestCase("/a/c", "GET /{x}/c")]
    [TestCase("/a/d", "GET /{x:raw}/d")]
    [TestCase("/a/e", "GET /{all...}")]
    [TestCase("/", "GET /{all...}")]
    public void A_parameter_beats_a_raw_one_and_that_beats_a_tail(string path, string route) =>
        Assert.That(
            Table(
                "GET /{all...}", "GET /{x:raw}", "GET /{x}", "GET /{x}/c", "GET /{x:raw}/d")
                .Match("GET", path).Handler,
            Is.EqualTo(route));

    [TestCase("/a|b")]
    [TestCase("/a%7cb")]
    [TestCase("/a%7Cb")]
    public void A_bar_is_the_same_raw_and_escaped(string path) => Assert.That(
        Table("GET /a|b").Match("GET", path).Outcome, Is.EqualTo(RouteOutcome.Found));

    [Test]
    public void A_segment_of_bars_only_is_compared_at_any_length()
    {
        // In normal form three times as long; a short one lies on the stack.
        foreach (int length in new[] { 85, 86, 300 })
        {
            string text = new('|', length);
            Assert.That(
                Table($"GET /{text}").Match("GET", $"/{text}").Outcome,
                Is.EqualTo(RouteOutcome.Found));
        }
    }

    [Test]
    public void A_path_of_128_segments_passes_and_one_more_is_bad()
    {
        RouteTable<string> table = Table("GET /{all...}");
        string path = string.Concat(Enumerable.Repeat("/a", 128));
        Assert.That(table.Match("GET", path).Outcome, Is.EqualTo(RouteOutcome.Found));
        Assert.That(table.Match("GET", path + "/").Outcome, Is.EqualTo(RouteOutcome.BadPath));
        string endless = path + new string('/', 5000);
        Assert.That(table.Match("GET", endless).Outcome, Is.EqualTo(RouteOutcome.BadPath));
    }

    [TestCase("DELETE", "GET, HEAD, OPTIONS, POST")]
    [TestCase("OPTIONS", "GET, HEAD, OPTIONS, POST")]
    [TestCase("get", "GET, HEAD, OPTIONS, POST")]
    public void H08_a_known_path_with_another_method_has_an_Allow_list(string method, string allow)
    {
        RouteMatch<string> match = Table("GET /a", "POST /{x}", "PUT /b").Match(method, "/a");
        Assert.That(match.Outcome, Is.EqualTo(RouteOutcome.MethodNotAllowed));
        Assert.That(match.Allow, Is.EqualTo(allow));
    }

    [Test]
    public void A_less_exact_route_with_the_method_beats_405() => Assert.That(
        Table("GET /a", "POST /{x}").Match("POST", "/a").Handler, Is.EqualTo("POST /{x}"));

    [Test]
    public void HEAD_goes_to_GET_unless_it_has_its_own()
    {
        Assert.That(Table("GET /a").Match("HEAD", "/a").Handler, Is.EqualTo("GET /a"));
        Assert.That(Table("GET /a", "HEAD /a").Match("HEAD", "/a").Handler, Is.EqualTo("HEAD /a"));
        Assert.That(
            Table("POST /a").Match("HEAD", "/a").Outcome,
            Is.EqualTo(RouteOutcome.MethodNotAllowed));
    }

    [Test]
    public void A_star_stands_for_all_other_methods()
    {
        RouteTable<string> table = Table("* /a", "GET /a");
        Assert.That(table.Match("GET", "/a").Handler, Is.EqualTo("GET /a"));
        Assert.That(table.Match("PROPFIND", "/a").Handler, Is.EqualTo("* /a"));
    }

    [TestCase("/a", "/a")]
    [TestCase("/{x}/b", "/{y}/b")]
    [TestCase("/{x...}", "/{y...}")]
    public void Two_routes_of_one_shape_conflict(string first, string second)
    {
        var table = new RouteTable<string>();
        table.Add("GET", first, "");
        table.Add("POST", second, "");
        ArgumentException? fault =
            Assert.Throws<ArgumentException>(() => table.Add("GET", second, ""));
        Assert.That(fault!.Message, Does.Contain($"'GET {first}'").And.Contain($"'GET {second}'"));
    }

    [TestCase("get", "'GET'")]
    [TestCase("Post", "'POST'")]
    [TestCase("propfind", "'PROPFIND'")]
    [TestCase("version-control", "'VERSION-CONTROL'")]
    [TestCase("GET ", "'GET'")]
    [TestCase("GET|POST", "'GET'")]
    [TestCase("GET,POST", "'GET'")]
    [TestCase("**", "'GET'")]
    [TestCase("G\u00C9T", "'GET'")]
    public void A_method_that_no_client_sends_is_reported_with_one_that_is_usable(
        string method, string usable)
    {
        ArgumentException? fault = Assert.Throws<ArgumentException>(
            () => new RouteTable<string>().Add(method, "/", ""));
        Assert.That(fault!.Message, Does.Contain($"'{method}'").And.Contain(usable));
        Assert.That(fault.ParamName, Is.EqualTo("method"));
    }

    [TestCase("PATCH")]
    [TestCase("PROPFIND")]
    [TestCase("VERSION-CONTROL")]
    [TestCase("X_1.0")]
    public void Other_methods_in_upper_case_are_taken(string method) => Assert.That(
        Table($"{method} /").Match(method, "/").Outcome, Is.EqualTo(RouteOutcome.Found));

    [TestCase("", "begin with '/'")]
    [TestCase("a", "begin with '/'")]
    [TestCase("/a//b", "empty segment")]
    [TestCase("/../a", "'..'")]
    [TestCase("/{*x}", "the rest of a path is '{name...}'")]
    [TestCase("/{**x}", "the rest of a path is '{name...}'")]
    [TestCase("/{x?}", "a path without the value needs a route of its own")]
    [TestCase("/a{x}", "partly literal")]
    [TestCase("/{x}a", "partly literal")]
    [TestCase("/{", "partly literal")]
    [TestCase("/{}", "no name")]
    [TestCase("/{...}", "no name")]
    [TestCase("/{a-b}", "no name")]
    [TestCase("/{:raw}", "no name")]
    [TestCase("/{x...:raw}", "no name")]
    [TestCase("/{1}", "no name")]
    [TestCase("/{x...}/b", "last segment")]
    [TestCase("/{x}/{x}", "twice")]
    [TestCase("/a%20b", "plainly")]
    [TestCase("/a?b", "plainly")]
    public void A_bad_pattern_is_reported_with_its_reason(string pattern, string why)
    {
        ArgumentException? fault = Assert.Throws<ArgumentException>(
            () => new RouteTable<string>().Add("GET", pattern, ""));
        Assert.That(fault!.Message, Does.Contain($"'{pattern}'").And.Contain(why));
    }

    [Test]
    [Category("Measured")]
    [NonParallelizable]
    public void A_literal_route_is_found_without_allocation()
    {
        RouteTable<string> table = Table("GET /plaintext", "GET /hello/{name}", "POST /plaintext");
        for (int i = 0; i < 200; i++)
        {
            table.Match("GET", "/plaintext");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            table.Match("GET", "/plaintext");
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
