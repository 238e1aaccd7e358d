namespace Reactor.Http.Tests.Server.Exchanges;

/// <summary>
/// Ranges are for files, which are not served yet: until then Range has no effect (RFC 9110 14.2).
/// </summary>
public sealed class RangeTests
{
    [TestCase("GET", "Range: bytes=0-1")]
    [TestCase("GET", "Range: bytes=0-1,-1")]
    [TestCase("GET", "Range: bytes=9-")]
    [TestCase("GET", "Range: lines=1-2")]
    [TestCase("GET", "Range: bytes=18446744073709551616-")]
    [TestCase("GET", "Range: bytes=0-1\r\nIf-Range: \"a\"")]
    [TestCase("POST", "Range: bytes=0-1")]
    public void H86_a_range_is_ignored_and_the_whole_content_is_sent(string method, string fields)
    {
        using var server = new ServerFixture(app =>
            app.Match(["GET", "POST"], "/", _ => Response.Text("whole")));
        RawAnswer answer = server.Ask($"{method} / HTTP/1.1\r\nHost: test\r\n{fields}\r\n\r\n");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "whole")));
        Assert.That(answer["Content-Range"], Is.Null);
        Assert.That(answer["Accept-Ranges"], Is.Null);
    }
}
