using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Client;

/// <summary>When a request is sent again (RFC 9110 9.2.2).</summary>
public sealed class RetryTests
{
    private static readonly ClientException s_lost = new ClientDisconnectedException("", false);

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
    public void Only_an_idempotent_request_is_sent_again(string method, bool expected)
    {
        var request = new ClientRequest(method, "/");
        Assert.Multiple(() =>
        {
            Assert.That(
                Retries.IsAllowed(request, s_lost, true, false, 0, 1), Is.EqualTo(expected));
            Assert.That(
                Retries.IsAllowed(request, new ClientConnectException(""), false, false, 0, 1),
                Is.EqualTo(expected));
        });
    }

    [TestCase(0, 0, false)]
    [TestCase(0, 1, true)]
    [TestCase(1, 1, false)]
    [TestCase(1, 2, true)]
    public void A_request_is_sent_again_as_often_as_the_options_say(
        int retries, int max, bool expected) => Assert.That(
            Retries.IsAllowed(new("GET", "/"), s_lost, true, false, retries, max),
            Is.EqualTo(expected));

    [Test]
    public void A_new_connection_or_a_byte_of_a_response_allows_no_retry()
    {
        var request = new ClientRequest("GET", "/");
        var late = new ClientDisconnectedException("", hasResponseBytes: true);
        Assert.Multiple(() =>
        {
            Assert.That(Retries.IsAllowed(request, s_lost, false, false, 0, 1), Is.False);
            Assert.That(Retries.IsAllowed(request, late, true, false, 0, 1), Is.False);
        });
    }

    [Test]
    public void What_is_late_malformed_or_cancelled_is_not_sent_again()
    {
        Exception[] errors =
        [
            new ClientTimeoutException(ClientPhase.Head, ""),
            new ClientTimeoutException(ClientPhase.Connect, ""),
            new ClientProtocolException(Rejection.StatusLineInvalid, ""),
            new ClientPoolException(""),
            new ClientUrlException(""),
            new LoopCanceledException(),
            new InvalidOperationException(),
        ];
        foreach (Exception error in errors)
        {
            Assert.That(
                Retries.IsAllowed(new("GET", "/"), error, true, false, 0, 1), Is.False,
                error.GetType().Name);
        }
    }

    [TestCase(false, false, true)]
    [TestCase(false, true, false)]
    [TestCase(true, false, true)]
    [TestCase(true, true, true)]
    public void A_content_that_has_begun_must_be_one_that_can_be_resent(
        bool canResend, bool hasBegun, bool expected)
    {
        var request = new ClientRequest("PUT", "/") { Content = new StubContent(canResend) };
        Assert.That(
            Retries.IsAllowed(request, s_lost, true, hasBegun, 0, 1), Is.EqualTo(expected));
    }
}
