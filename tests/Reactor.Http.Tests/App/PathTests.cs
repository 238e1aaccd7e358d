using System.Text;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What a handler is told of the path: segments split first, then decoded exactly once.
/// </summary>
public class PathTests
{
    [TestCase("/hello/world", "world")]
    [TestCase("/hello/a%20b", "a b")]
    [TestCase("/hello/%C3%A9t%C3%A9", "été")]
    [TestCase("/hello/%2541", "%41")]
    [TestCase("/h%65llo/x", "x")]
    [TestCase("/hello/a+b", "a+b")]
    [TestCase("/hello/x?name=y", "x")]
    [TestCase("http://test/hello/x", "x")]
    public void A_segment_is_captured_decoded_once(string target, string expected)
    {
        using var server = new ServerFixture(AddRoutes);
        RawAnswer answer = server.Ask(Get(target));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, expected)));
    }

    [TestCase("/files/", "")]
    [TestCase("/files/a", "a")]
    [TestCase("/files/a/b/c.txt", "a/b/c.txt")]
    [TestCase("/files/a%20b/c", "a b/c")]
    public void A_tail_captures_all_that_is_left(string target, string expected)
    {
        using var server = new ServerFixture(AddRoutes);
        RawAnswer answer = server.Ask(Get(target));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, expected)));
    }

    [TestCase("/hello/%")]
    [TestCase("/hello/%4")]
    [TestCase("/hello/%zz")]
    [TestCase("/raw/%zz")]
    [TestCase("/nobody/is/here/%")]
    public void A_path_with_an_escape_that_is_none_is_400(string target)
    {
        using var server = new ServerFixture(AddRoutes);

        Assert.That(server.Ask(Get(target)).Status, Is.EqualTo(400));
    }

    // RFC 3986 2.1 and 3.3: an escaped octet is valid, whatever text it is not.
    [TestCase("/%ff")]
    [TestCase("/hello/%ff")]
    [TestCase("/hello/%c0%af")]
    [TestCase("/files/a/%FF")]
    [TestCase("/files/%ff/a")]
    public void H11_a_path_that_is_no_UTF_8_matches_no_pattern_with_decoded_values(string target)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Get(target)).Status, Is.EqualTo(404));
        Assert.That(peer.Ask(Get("/hello/x")).Status, Is.EqualTo(200), "the connection lives on");
    }

    // A handler that appends what it is given to the path of a folder must stay in that folder.
    [TestCase("/files/..%2f..%2fetc/passwd")]
    [TestCase("/files//etc/passwd")]
    [TestCase("/files/../../etc/passwd")]
    [TestCase("/files/%2e%2e/%2E%2E/etc/passwd")]
    [TestCase("/files/a/..%5c..%5cetc")]
    [TestCase("/files/a//b")]
    [TestCase("/files/a%00.txt")]
    [TestCase("/hello/..")]
    [TestCase("/hello/%2e%2e")]
    [TestCase("/hello/..%2fetc")]
    [TestCase("/hello/..%5cetc")]
    [TestCase("/hello/a%00")]
    public void A_captured_value_cannot_leave_its_folder(string target)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Get(target)).Status, Is.EqualTo(404));
        Assert.That(peer.Ask(Get("/hello/x")).Status, Is.EqualTo(200), "the connection lives on");
    }

    [TestCase("/raw/..%2f..%2fetc/passwd", "..%2f..%2fetc/passwd")]
    [TestCase("/raw//etc/passwd", "/etc/passwd")]
    [TestCase("/raw/%00", "%00")]
    [TestCase("/one/..%2fetc", "..%2fetc")]
    [TestCase("/one/%ff", "%ff")]
    public void A_route_that_asks_for_the_raw_value_gets_it_and_the_request_has_the_raw_path(
        string target, string expected)
    {
        string? path = null;
        using var server = new ServerFixture(app =>
        {
            app.Get("/raw/{rest:raw...}", Tell);
            app.Get("/one/{name:raw}", Tell);
        });
        RawAnswer answer = server.Ask(Get(target + "?q"));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, expected)));
        Assert.That(path, Is.EqualTo(target));

        Response Tell(Request request)
        {
            path = request.Path;
            return Response.Text(request.MatchInfo.Values[0]);
        }
    }

    [TestCase("/raw/", "")]
    [TestCase("/raw/%ff", "%ff")]
    [TestCase("/raw/a/%c0%af/%2Fb|", "a/%c0%af/%2Fb|")]
    [TestCase("/raw/%41", "%41")]
    public void H11_a_raw_tail_takes_what_was_sent(string target, string expected)
    {
        using var server = new ServerFixture(AddRoutes);
        RawAnswer answer = server.Ask(Get(target));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, expected)));
    }

    // Clients differ in what they escape; the pattern is one.
    [TestCase("/a|b/c^d")]
    [TestCase("/a%7Cb/c%5Ed")]
    [TestCase("/a%7cb/c^d")]
    public void H11_a_literal_matches_a_bar_and_a_caret_raw_and_escaped(string target)
    {
        using var server = new ServerFixture(app => app.OnGet("/a|b/c^d", "found"));

        Assert.That(server.Ask(Get(target)).Text, Is.EqualTo("found"));
        Assert.That(server.Ask(Get(target)).Text, Is.EqualTo("found"), "as a route that is known");
    }

    [Test]
    public void H11_a_handler_gets_the_raw_query_and_its_values()
    {
        const string Query = "q=a|b&{x}=`^\\";
        using var server = new ServerFixture(app => app.OnGet("/s", request => Response.Text(
            $"{request.QueryString} {request.Query["q"]} {request.Query["{x}"]}")));

        Assert.That(server.Ask(Get($"/s?{Query}")).Text, Is.EqualTo($"{Query} a|b `^\\"));
    }

    [Test]
    public void A_handler_can_ask_for_everything_that_the_head_said()
    {
        string told = "";
        using var server = new ServerFixture(app => app.On("PATCH", "/a/{b}", request =>
        {
            told = $"{request.Method} {request.Path} {request.QueryString} "
                + $"{request.GetHeader("x-y")} {request.ContentType} {request.RemoteEndPoint} "
                + $"{ReferenceEquals(request.Loop, EventLoop.Current)}";
            return new Response(204);
        }));
        server.Ask("PATCH /a/%41?q=%20&r HTTP/1.1\r\nHost: test\r\nX-Y: z\r\n"
            + "Content-Type: text/x\r\nContent-Length: 0\r\n\r\n");

        Assert.That(told, Does.Match(
            "^PATCH /a/%41 q=%20&r z text/x 127\\.0\\.0\\.1:[0-9]+ True$"));
    }

    [Test]
    public void H09_H10_a_target_as_long_as_allowed_is_served_and_one_byte_more_is_414()
    {
        using var server = new ServerFixture(AddRoutes);
        // The request line is 8192 bytes at most: "GET " and " HTTP/1.1" take 13 of them.
        string longest = "/hello/" + new string('x', 8192 - 13 - "/hello/".Length);
        RawAnswer answer = server.Ask(Get(longest));

        Assert.That(answer.Text, Is.EqualTo(longest["/hello/".Length..]));
        Assert.That(server.Ask(Get(longest + "x")).Status, Is.EqualTo(414));
    }

    private static void AddRoutes(Application app)
    {
        app.OnGet("/hello/{name}", request => Response.Text(request.MatchInfo["name"]));
        app.OnGet("/files/{rest...}", request => Response.Bytes(
            Encoding.UTF8.GetBytes(request.MatchInfo["rest"])));
        app.OnGet("/raw/{rest:raw...}", request => Response.Text(request.MatchInfo["rest"]));
    }
}
