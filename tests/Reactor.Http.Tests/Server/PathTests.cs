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
    [TestCase("/hello/a%2Fb", "a/b")]
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
    [TestCase("/hello/%00")]
    [TestCase("/hello/%ff")]
    [TestCase("/hello/%c0%af")]
    [TestCase("/nobody/is/here/%")]
    public void A_path_that_is_no_text_is_400(string target)
    {
        using var server = new ServerFixture(AddRoutes);

        Assert.That(server.Ask(Get(target)).Status, Is.EqualTo(400));
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
    }
}
