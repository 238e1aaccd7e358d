using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What is refused: one answer with its status and <c>Connection: close</c>, the end of our stream,
/// and nothing more is read as a request. Which bytes are wrong is the parser's matter; here each
/// kind of refusal is seen from the wire.
/// </summary>
public class RefusalTests
{
    private const string Head = " / HTTP/1.1\r\nHost: test\r\n";

    // What is refused, and with which status: by the RFC, and where it leaves a choice the
    // stricter.
    private static readonly (string Request, int Status)[] s_refused =
    [
        ("\r\n\r\n\r\n", 400),
        ("\n", 400),
        ("GET / HTTP/1.1\nHost: test\r\n\r\n", 400),
        ("GET / HTTP/1.1\rHost: test\r\n\r\n", 400),
        ("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", 400),
        ("G(T" + Head + "\r\n", 400),
        (new string('G', 33) + Head + "\r\n", 501),
        ("GET  / HTTP/1.1\r\nHost: test\r\n\r\n", 400),
        ("GET\t/ HTTP/1.1\r\nHost: test\r\n\r\n", 400),
        ("GET /\r\n\r\n", 400),
        ("GET / HTTP/1.1 \r\nHost: test\r\n\r\n", 400),
        ("GET /a\"b HTTP/1.1\r\nHost: test\r\n\r\n", 400),
        ("GET /" + new string('x', 8192) + " HTTP/1.1\r\nHost: test\r\n\r\n", 414),
        ("GET /a#b HTTP/1.1\r\nHost: test\r\n\r\n", 400),
        ("GET relative HTTP/1.1\r\nHost: test\r\n\r\n", 400),
        ("GET * HTTP/1.1\r\nHost: *\r\n\r\n", 400),
        ("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400),
        ("CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\n\r\n", 501),
        ("GET / HTTP/1.10\r\nHost: test\r\n\r\n", 400),
        ("GET / http/1.1\r\nHost: test\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nHost: test\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("GET / HTTP/1.1\r\n Host: test\r\n\r\n", 400),
        ("GET" + Head + ": x\r\n\r\n", 400),
        ("GET" + Head + "a b: x\r\n\r\n", 400),
        ("GET" + Head + "a : x\r\n\r\n", 400),
        ("GET" + Head + "a\r\n\r\n", 400),
        ("GET" + Head + "a: x\r\n folded\r\n\r\n", 400),
        ("GET" + Head + "a: x\u0000y\r\n\r\n", 400),
        ("GET" + Head + "a: " + new string('x', 8192) + "\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET" + Head + "Host: test\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("GET" + Head + "Connection: a/b\r\n\r\n", 400),
        ("GET" + Head + "Connection: ,,,,,,,,,x\r\n\r\n", 400),
        ("POST" + Head + "Content-Length: -1\r\n\r\n", 400),
        ("POST" + Head + "Content-Length: 01\r\n\r\n", 400),
        ("POST" + Head + "Content-Length: 99999999999999999999\r\n\r\n", 400),
        ("POST" + Head + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        ("POST" + Head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST" + Head + "Transfer-Encoding: \u000bchunked\r\n\r\n", 400),
        ("POST" + Head + "Transfer-Encoding: chunked, chunked\r\n\r\n", 400),
        ("POST" + Head + "Transfer-Encoding: chunked, gzip\r\n\r\n", 400),
        ("POST" + Head + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST" + Head + "Content-Length: 1\r\nExpect: magic\r\n\r\n", 417),
        ("POST" + Head + "Content-Length: 1048577\r\n\r\n", 413),
    ];

    private static readonly TestCaseData[] s_cases =
        [.. s_refused.Select(one => new TestCaseData(one.Request, one.Status)
            .SetArgDisplayNames(Short(one.Request)))];

    [TestCaseSource(nameof(s_cases))]
    public void H06_it_has_its_status_and_the_connection_ends(string request, int status)
    {
        int served = 0;
        using var server = new ServerFixture(app => app.On("*", "/{rest...}", _ =>
        {
            served++;
            return Response.Text("x");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(request + "GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
        server.Settle();
        RawAnswer answer = peer.TakeOne();

        Assert.That((answer.Status, answer.SaysClose, served), Is.EqualTo((status, true, 0)));
        Assert.That(peer.IsEnded, "our FIN");
        Assert.That(server.ConnectionTasks, Is.EqualTo(1), "we wait for the peer's");
        peer.End();
        server.Settle();
        Assert.That((server.ConnectionTasks, peer.IsReset), Is.EqualTo((0, false)));
    }

    [TestCaseSource(nameof(s_cases))]
    public void H06_it_is_the_same_when_it_comes_byte_by_byte(string request, int status)
    {
        using var server = new ServerFixture(app => app.On("*", "/{rest...}", _ => new Response()));
        HttpPeer peer = server.Connect();
        foreach (char c in request)
        {
            peer.Send(c.ToString());
        }

        server.Settle();
        RawAnswer answer = peer.TakeOne();

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((status, true)));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void H20_a_TLS_hello_is_answered_in_plain_text_and_the_connection_ends()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.Connect();
        peer.Send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]);
        server.Settle();
        RawAnswer answer = peer.TakeOne();

        Assert.That((answer.Status, answer.SaysClose), Is.EqualTo((400, true)));
        Assert.That(answer["Content-Type"], Does.StartWith("text/plain"));
        Assert.That(answer.Text, Does.Contain("TLS"), "whoever sees it knows what to change");
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void Every_status_of_a_request_refusal_is_among_the_cases()
    {
        int[] statuses = [.. RejectionTable.All.ToArray()
            .Where(row => row.Reason is not (Rejection.None or Rejection.StatusLineInvalid
                or Rejection.StatusLineTooLong or Rejection.InterimResponsesTooMany
                or Rejection.ContentCodingInvalid
                or Rejection.HeadTooSlow or Rejection.BodyTooSlow // DeadlineTests
                or Rejection.BodyNoRoom)) // BodyBudgetTests
            .Select(row => row.Status)
            .Distinct()];

        Assert.That(s_refused.Select(one => one.Status).Distinct(), Is.EquivalentTo(statuses));
    }

    [Test]
    public void A_refusal_is_logged_with_its_clause_and_offset_but_not_as_an_error()
    {
        using var server = new ServerFixture();
        server.Ask("GET / HTTP/1.1\r\nHost : test\r\n\r\n");

        Assert.That(
            server.Logged(),
            Has.Some.Contains("HDR-SPACE-BEFORE-COLON").And.Contains("byte 20"));
        Assert.That(server.Log.Exceptions, Is.Empty);
    }

    private static string Short(string request) =>
        request[..Math.Min(request.Length, 70)]
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\0", "\\0", StringComparison.Ordinal);
}
