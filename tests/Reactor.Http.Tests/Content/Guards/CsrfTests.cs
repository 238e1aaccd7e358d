using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>
/// Which requests pass, by the rules that Go's <c>CrossOriginProtection</c> documents: safe methods
/// and same origins pass, other sites do not, and what is no browser passes.
/// </summary>
public sealed class CsrfTests
{
    private const string Friend = "https://friend.test";

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("OPTIONS")]
    public void A_safe_method_passes_from_everywhere(string method)
    {
        using ServerFixture server = Serve();
        int status = server.Ask(Request(
            method, "/", "Sec-Fetch-Site: cross-site", "Origin: https://evil.test")).Status;
        Assert.That(status, Is.EqualTo(200));
    }

    // Site, origin: null is a missing field. The host of the request is site.test.
    [TestCase("same-origin", null, ExpectedResult = 200)]
    [TestCase("none", null, ExpectedResult = 200)]
    [TestCase("same-site", null, ExpectedResult = 403)]
    [TestCase("cross-site", null, ExpectedResult = 403)]
    [TestCase("same-origin", "https://evil.test", ExpectedResult = 200)]
    [TestCase("cross-site", "https://site.test", ExpectedResult = 403)]
    [TestCase("SAME-ORIGIN", null, ExpectedResult = 403)]
    [TestCase("same-origin, none", null, ExpectedResult = 403)]
    [TestCase("future-value", null, ExpectedResult = 403)]
    [TestCase("", null, ExpectedResult = 403)]
    [TestCase(null, null, ExpectedResult = 200)]
    [TestCase(null, "https://site.test", ExpectedResult = 200)]
    [TestCase(null, "http://site.test", ExpectedResult = 200)]
    [TestCase(null, "https://site.test:8443", ExpectedResult = 403)]
    [TestCase(null, "https://sub.site.test", ExpectedResult = 403)]
    [TestCase(null, "https://site.test.evil.test", ExpectedResult = 403)]
    [TestCase(null, "https://evil.test", ExpectedResult = 403)]
    [TestCase(null, "null", ExpectedResult = 403)]
    [TestCase(null, "site.test", ExpectedResult = 403)]
    [TestCase(null, "https://site.test/", ExpectedResult = 403)]
    [TestCase(null, "", ExpectedResult = 403)]
    [TestCase("cross-site", Friend, ExpectedResult = 200)]
    [TestCase("same-site", Friend, ExpectedResult = 200)]
    [TestCase(null, Friend, ExpectedResult = 200)]
    [TestCase("cross-site", "https://friend.test:444", ExpectedResult = 403)]
    [TestCase("cross-site", "http://friend.test", ExpectedResult = 403)]
    [TestCase("cross-site", "null", ExpectedResult = 403)]
    public int An_unsafe_method_passes_only_from_here(string? site, string? origin)
    {
        int calls = 0;
        using ServerFixture server = Serve(() => calls++);
        List<string> fields = [];
        fields.AddRange(site is null ? [] : [$"Sec-Fetch-Site: {site}"]);
        fields.AddRange(origin is null ? [] : [$"Origin: {origin}"]);
        int[] statuses =
        [
            .. new[] { "POST", "PUT", "PATCH", "DELETE" }.Select(
                method => server.Ask(Request(method, "/", [.. fields])).Status).Distinct(),
        ];
        Assert.That(statuses, Has.Length.EqualTo(1));
        Assert.That(calls, Is.EqualTo(statuses[0] == 200 ? 4 : 0));
        return statuses[0];
    }

    [TestCase("same-origin", "same-origin", ExpectedResult = 200)]
    [TestCase("same-origin", "cross-site", ExpectedResult = 403)]
    [TestCase("cross-site", "same-origin", ExpectedResult = 403)]
    public int Of_a_repeated_field_every_value_counts(string one, string other)
    {
        using ServerFixture server = Serve();
        return server.Ask(Request(
            "POST", "/", $"Sec-Fetch-Site: {one}", $"Sec-Fetch-Site: {other}")).Status;
    }

    [TestCase("site.test:80", "http://site.test", ExpectedResult = 200)]
    [TestCase("site.test:443", "https://site.test", ExpectedResult = 200)]
    [TestCase("site.test:8080", "http://site.test:8080", ExpectedResult = 200)]
    [TestCase("SITE.test", "http://site.test", ExpectedResult = 200)]
    [TestCase("[::1]:8080", "http://[::1]:8080", ExpectedResult = 200)]
    [TestCase("site.test:8080", "http://site.test", ExpectedResult = 403)]
    [TestCase("site.test:443", "http://site.test", ExpectedResult = 403)]
    public int Without_site_host_and_port_of_the_origin_are_compared(string host, string origin)
    {
        using ServerFixture server = Serve();
        return server.Ask(
            $"POST / HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n\r\n").Status;
    }

    [Test]
    public void A_refusal_says_why()
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(Request("POST", "/", "Sec-Fetch-Site: cross-site"));
        Assert.That(answer.Text, Does.Contain("another site"));
    }

    [Test]
    public void A_group_or_a_route_may_be_protected_alone()
    {
        using var server = new ServerFixture(app =>
        {
            app.Post("/open", _ => new Response());
            app.Post("/route", _ => new Response()).UseCsrfProtection();
            app.Group("/group").UseCsrfProtection().Post("/x", _ => new Response());
        });
        string[] fields = ["Sec-Fetch-Site: cross-site"];
        Assert.That(server.Ask(Request("POST", "/open", fields)).Status, Is.EqualTo(200));
        Assert.That(server.Ask(Request("POST", "/route", fields)).Status, Is.EqualTo(403));
        Assert.That(server.Ask(Request("POST", "/group/x", fields)).Status, Is.EqualTo(403));
    }

    [TestCase("https://friend.test/")]
    [TestCase("null")]
    [TestCase("*")]
    public void A_trusted_origin_must_be_what_a_browser_sends(string origin) => Assert.That(
        () => new CsrfOptions { TrustedOrigins = [origin] },
        Throws.ArgumentException.With.Message.Contains("TrustedOrigins"));

    private static ServerFixture Serve(Action? onCall = null) => new(app =>
    {
        app.UseCsrfProtection(new CsrfOptions { TrustedOrigins = [Friend] });
        app.Any("/", _ =>
        {
            onCall?.Invoke();
            return new Response();
        });
    });
}
