namespace Reactor.Http.Tests.Client;

/// <summary>
/// Redirects through a session, whatever their head, their framing and the fate of their
/// connection.
/// </summary>
public sealed class SessionRedirectTests
{
    private const string There = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere";

    // More than a head may keep of memory between two exchanges: see MessageHead.Trim.
    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["few"] = "",
        ["long"] = $"X-Long: {new string('x', 3000)}\r\n",
        ["many"] = string.Concat(Enumerable.Repeat("X: y\r\n", 70)),
    };

    [Test]
    public void An_empty_redirect_is_followed_whatever_its_head_and_connection(
        [Values("GET", "HEAD", "POST")] string method, [Values(0, 1)] int minor,
        [Values("", "Connection: close\r\n")] string ends,
        [Values("few", "long", "many")] string fields)
    {
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                bool isMoved = head.Contains(" /from ", StringComparison.Ordinal);
                await RawPeer.SendAsync(connection, isMoved
                    ? $"HTTP/1.{minor} 302 Found\r\n{s_fields[fields]}Location: /to\r\n{ends}"
                        + "Content-Length: 0\r\n\r\n"
                    : head.StartsWith("HEAD", StringComparison.Ordinal) ? There[..^5]
                    : There);
                if (isMoved && (minor == 0 || ends.Length > 0))
                {
                    return;
                }
            }
        });
        // A content that is still being sent is stopped by a redirect.
        var content = new TestContent(async _ => await EventLoop.Delay(TimeSpan.FromHours(1)));
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.SendAsync(
                new(method, $"{url}/from") { Content = method == "POST" ? content : null });
            Assert.That(response.Status, Is.EqualTo(200));
            Assert.That(
                await response.TextAsync(), Is.EqualTo(method == "HEAD" ? "" : "there"));
            Assert.That(response.Redirects, Is.EqualTo(new[] { new Uri($"{url}/from") }));
        });
    }

    [Test]
    public void A_location_of_any_length_and_octets_is_followed()
    {
        using var world = new ClientWorld();
        string path = $"/\u00C3\u00A4/{new string('x', 3000)}";
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                await RawPeer.SendAsync(
                    connection, head.StartsWith("GET / ", StringComparison.Ordinal)
                        ? $"HTTP/1.1 307 Moved\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n"
                        : There);
            }
        });
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            Assert.That(
                response.Url.OriginalString, Is.EqualTo($"{url}/%C3%A4/{new string('x', 3000)}"));
        });
    }
}
