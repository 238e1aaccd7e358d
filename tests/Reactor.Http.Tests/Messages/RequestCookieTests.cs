namespace Reactor.Http.Tests.Server;

/// <summary>
/// What a handler gets of the cookies that a client sends: bounded, and never a reason to fail.
/// </summary>
public class RequestCookieTests
{
    [TestCase("", "")]
    [TestCase("Cookie: a=1\r\n", "a=1")]
    [TestCase("Cookie: a=1; b=2\r\nCookie: c=3\r\n", "a=1 b=2 c=3")]
    [TestCase("Cookie: a=1;b=\t; c=\"d e\"; e==f\r\n", "a=1 b= c=d e e==f")]
    [TestCase("Cookie: a=1; a=2; A=3\r\n", "a=1 A=3")]
    [TestCase("Cookie: ;; b ; =c; d e=1; f=%41; g=\"\r\n", "f=%41 g=\"")]
    [TestCase("Cookie: a=\u00e4\r\n", "a=\u00e4")]
    public void Cookies_are_read_and_what_is_none_is_left_out(string fields, string expected)
    {
        string? seen = null;
        using ServerFixture server = Serve(request => seen = Text(request));
        server.Ask($"GET / HTTP/1.1\r\nHost: test\r\n{fields}\r\n");
        Assert.That(seen, Is.EqualTo(expected));
    }

    [TestCase(128, 128, 0)]
    [TestCase(129, 128, 1)]
    [TestCase(1000, 128, 1)]
    public void Cookies_beyond_128_are_ignored_with_one_line(int sent, int read, int lines)
    {
        int? count = null;
        using ServerFixture server = Serve(request => count = request.Cookies.Count);
        string pairs = string.Join("; ", Enumerable.Range(0, sent).Select(i => $"{i}=1"));
        RawAnswer answer = server.Ask($"GET / HTTP/1.1\r\nHost: test\r\nCookie: {pairs}\r\n\r\n");
        Assert.That((answer.Status, count), Is.EqualTo((200, read)));
        Assert.That(
            server.Logged().Count(line => line.Contains("more than 128 cookies")),
            Is.EqualTo(lines));
    }

    [Test]
    public void Lines_about_cookies_are_as_rare_as_those_about_refusals()
    {
        using ServerFixture server = Serve(request => _ = request.Cookies);
        string pairs = string.Concat(Enumerable.Repeat("a=1;", 129));
        HttpPeer peer = server.Connect();
        for (int i = 0; i < 25; i++)
        {
            peer.Ask($"GET / HTTP/1.1\r\nHost: test\r\nCookie: {pairs}\r\n\r\n");
        }

        Assert.That(server.Logged().Count(line => line.Contains("cookies")), Is.EqualTo(10));
    }

    private static string Text(Request request) =>
        string.Join(' ', request.Cookies.Select(pair => $"{pair.Key}={pair.Value}"));

    private static ServerFixture Serve(Action<Request> action) => new(app => app.OnGet("/", one =>
    {
        action(one);
        return Response.Text("ok");
    }));
}
