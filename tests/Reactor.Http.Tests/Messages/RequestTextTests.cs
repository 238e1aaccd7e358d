using System.Text;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// <c>TextAsync</c>: the charset that the client names, UTF-8 without one, no byte order mark.
/// </summary>
public class RequestTextTests
{
    [TestCase(null, "C3A9", "\u00E9")]
    [TestCase("text/plain", "C3A9", "\u00E9")]
    [TestCase("text/plain; charset=utf-8", "C3A9", "\u00E9")]
    [TestCase("text/plain;charset=\"UTF-8\"", "C3A9", "\u00E9")]
    [TestCase("text/plain; charset=utf8", "C3A9", "\u00E9")]
    [TestCase("text/plain; charset=iso-8859-1", "E9", "\u00E9")]
    [TestCase("text/plain; charset=latin1", "E9", "\u00E9")]
    [TestCase("text/plain; a=\"; charset=utf-16\"; Charset=ISO-8859-1", "E9", "\u00E9")]
    [TestCase("text/plain; charset=us-ascii", "61", "a")]
    [TestCase("text/plain; charset=us-ascii", "E9", "\uFFFD")]
    [TestCase("text/plain; charset=utf-16", "6100", "a")]
    [TestCase("text/plain; charset=utf-16le", "6100", "a")]
    [TestCase("text/plain; charset=utf-16be", "0061", "a")]
    [TestCase("text/plain; charset=utf-32", "61000000", "a")]
    [TestCase("text/plain; charset", "C3A9", "\u00E9")]
    [TestCase("text/plain; x; charset=latin1;", "E9", "\u00E9")]
    [TestCase("text/plain; charset=utf-8; charset=latin1", "C3A9", "\u00E9")]
    [TestCase("text/plain; charset=\"utf-8", "C3A9", "\u00E9")]
    [TestCase("text/plain", "FF61", "\uFFFDa")]
    public void The_charset_is_the_one_that_Content_Type_names(
        string? type, string content, string text) => AssertText(type, content, text);

    // RFC 3629 6, RFC 2781 3.2: the mark says how to read, and is no text.
    [TestCase("text/plain", "EFBBBF61", "a")]
    [TestCase("text/plain", "61EFBBBF", "a\uFEFF")]
    [TestCase("text/plain; charset=utf-16", "FFFE6100", "a")]
    [TestCase("text/plain; charset=utf-16", "FEFF0061", "a")]
    [TestCase("text/plain; charset=utf-16be", "FEFF0061", "a")]
    [TestCase("text/plain; charset=utf-32", "FFFE000061000000", "a")]
    [TestCase("text/plain; charset=utf-32", "0000FEFF00000061", "a")]
    public void A_byte_order_mark_is_no_part_of_the_text(
        string type, string content, string text) => AssertText(type, content, text);

    [TestCase("windows-1252")]
    [TestCase("shift_jis")]
    [TestCase("utf-7")]
    [TestCase("nothing")]
    [TestCase("\"\"")]
    public void Another_charset_is_415_and_the_connection_goes_on(string charset)
    {
        using var server = new ServerFixture(AddRoutes);
        HttpPeer peer = server.Connect();
        string head = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n"
            + $"Content-Type: text/x; charset={charset}\r\n\r\n";

        Assert.That(peer.Ask(head + "a").Status, Is.EqualTo(415));
        Assert.That(peer.Ask(Post("/", "next")).Text, Is.EqualTo("next"));
        Assert.That(server.Logged(), Is.Empty, "it is no failure of the handler");
    }

    [Test]
    public void It_is_415_before_the_client_is_told_to_go_on()
    {
        using var server = new ServerFixture(AddRoutes);
        RawAnswer answer = server.Ask(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: text/x; charset=x\r\n"
            + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(415));
    }

    private static void AssertText(string? type, string content, string text)
    {
        string? told = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            told = await request.TextAsync();
            return new Response(204);
        }));
        byte[] octets = Convert.FromHexString(content);
        string field = type is null ? "" : $"Content-Type: {type}\r\n";
        server.Ask(
            $"POST / HTTP/1.1\r\nHost: test\r\n{field}"
            + $"Content-Length: {octets.Length}\r\n\r\n{Encoding.Latin1.GetString(octets)}");

        Assert.That(told, Is.EqualTo(text));
    }

    private static void AddRoutes(Application app) => app.Post(
        "/", async request => Response.Text(await request.TextAsync()));
}
