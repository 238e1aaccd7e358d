namespace Reactor.Http.Tests.Client;

/// <summary>When a request is sent again (RFC 9110 9.2.2).</summary>
public sealed class RetryTests
{
    [TestCase("GET", true)]
    [TestCase("HEAD", true)]
    [TestCase("OPTIONS", true)]
    [TestCase("TRACE", true)]
    [TestCase("PUT", true)]
    [TestCase("DELETE", true)]
    [TestCase("POST", false)]
    [TestCase("PATCH", false)]
    [TestCase("CONNECT", false)]
    [TestCase("get", false)] // methods have a case: this is another method
    [TestCase("PURGE", false)]
    public void Only_an_idempotent_request_is_sent_again(string method, bool expected) =>
        Assert.That(
            Retries.IsAllowed(new(method, "/"), false, 0, 1), Is.EqualTo(expected));

    [TestCase(0, 0, false)]
    [TestCase(0, 1, true)]
    [TestCase(1, 1, false)]
    [TestCase(1, 2, true)]
    public void A_request_is_sent_again_as_often_as_the_options_say(
        int retries, int max, bool expected) => Assert.That(
            Retries.IsAllowed(new("GET", "/"), false, retries, max),
            Is.EqualTo(expected));

    [TestCase(false, false, true)]
    [TestCase(false, true, false)]
    [TestCase(true, false, true)]
    [TestCase(true, true, true)]
    public void A_content_that_has_begun_must_be_one_that_can_be_resent(
        bool canResend, bool hasBegun, bool expected)
    {
        var request = new ClientRequest("PUT", "/") { Content = new StubContent(canResend) };
        Assert.That(Retries.IsAllowed(request, hasBegun, 0, 1), Is.EqualTo(expected));
    }

    // What an exception of the content or of the resolver says is not the fate of the connection.
    [Test]
    public void An_exception_of_the_content_is_no_reason_to_send_it_again([Values] bool isLost)
    {
        using var world = new ClientWorld();
        int requests = 0;
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                requests++;
                if (head.StartsWith("GET", StringComparison.Ordinal))
                {
                    await RawPeer.SendAsync(connection, "HTTP/1.1 204 No Content\r\n\r\n");
                }
            }
        });
        world.Get(url);
        ClientException thrown = isLost
            ? new ClientDisconnectedException("another server", hasResponseBytes: false)
            : new ClientConnectException("another server");
        int written = 0;
        var content = new TestContent(
            async body =>
            {
                written++;
                await body.WriteAsync("a"u8.ToArray());
                throw thrown;
            },
            canResend: true);
        Assert.That(
            Assert.Catch<ClientException>(() => world.Ask(new("PUT", url) { Content = content })),
            Is.SameAs(thrown));
        Assert.That(written, Is.EqualTo(1));
        world.Settle();
        Assert.That(requests, Is.LessThanOrEqualTo(2));
    }

    [TestCase("", 2)] // sent again
    [TestCase("H", 1)]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\n", 1)]
    public void A_byte_of_a_response_allows_no_retry(string sent, int requests)
    {
        using var world = new ClientWorld();
        int seen = 0;
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, "HTTP/1.1 204 No Content\r\n\r\n");
            if (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(connection, sent);
                seen++;
            }
        });
        world.Get(url);
        if (requests == 2)
        {
            Assert.That(world.Get(url), Is.EqualTo("204 "));
        }
        else
        {
            Assert.Throws<ClientDisconnectedException>(() => world.Get(url));
        }

        Assert.That(seen, Is.EqualTo(1));
    }
}
