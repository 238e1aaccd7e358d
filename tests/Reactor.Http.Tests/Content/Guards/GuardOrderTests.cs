using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>
/// All guards together, in the order of docs/guards.md: what one refuses still has the fields of
/// those around it, so that a page can read why.
/// </summary>
public sealed class GuardOrderTests
{
    private const string Friend = "https://friend.test";

    private static readonly RequestKey<string> s_user = new("user");

    [TestCase("GET", "Sec-Fetch-Site: cross-site", "Authorization: Bearer good",
        ExpectedResult = 200)]
    [TestCase("GET", "Sec-Fetch-Site: cross-site", "X: ", ExpectedResult = 401)]
    [TestCase("POST", "Sec-Fetch-Site: cross-site", "X: ", ExpectedResult = 401)]
    [TestCase("DELETE", "Sec-Fetch-Site: cross-site", "Authorization: Bearer good",
        ExpectedResult = 405)]
    public int What_a_guard_refuses_has_the_fields_of_those_around_it(
        string method, string site, string authorization)
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(
            Request(method, "/", $"Origin: {Friend}", site, authorization));
        AssertGuarded(answer);
        return answer.Status;
    }

    [Test]
    public void A_preflight_needs_no_credentials_and_no_token()
    {
        using ServerFixture server = Serve();
        for (int i = 0; i < 10; i++)
        {
            RawAnswer answer = server.Ask(Preflight("/", Friend, "POST"));
            Assert.That(answer.Status, Is.EqualTo(204));
            AssertGuarded(answer);
        }
    }

    [Test]
    public void A_page_can_read_that_it_asked_too_often()
    {
        using ServerFixture server = Serve();
        string request = Request(
            "GET", "/", $"Origin: {Friend}", "Authorization: Bearer good");
        Assert.That(server.Ask(request).Status, Is.EqualTo(200));
        Assert.That(server.Ask(request).Status, Is.EqualTo(200));
        RawAnswer refused = server.Ask(request);
        Assert.That(refused.Status, Is.EqualTo(429));
        AssertGuarded(refused);
    }

    [Test]
    public void Another_site_is_refused_before_its_credentials_are_looked_at()
    {
        int looked = 0;
        using ServerFixture server = Serve(() => looked++);
        RawAnswer answer = server.Ask(Request(
            "POST", "/", "Origin: https://evil.test", "Authorization: Bearer good"));
        Assert.That(answer.Status, Is.EqualTo(403));
        Assert.That(answer["Access-Control-Allow-Origin"], Is.Null);
        Assert.That(answer["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        Assert.That(looked, Is.Zero);
    }

    private static void AssertGuarded(RawAnswer answer)
    {
        Assert.That(answer["X-Request-Id"], Is.Not.Null);
        Assert.That(answer["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        Assert.That(answer["Access-Control-Allow-Origin"], Is.EqualTo(Friend));
        Assert.That(answer["Access-Control-Allow-Credentials"], Is.EqualTo("true"));
        Assert.That(string.Join(", ", answer.All("Vary")), Does.Contain("Origin"));
    }

    private static ServerFixture Serve(Action? onLook = null) => new(app =>
    {
        app.UseRequestId();
        app.UseSecurityHeaders();
        app.UseCors(new CorsOptions
        {
            Origins = [Friend],
            Methods = ["GET", "POST"],
            Headers = ["Authorization"],
            Credentials = true,
        });
        app.UseRateLimit(new RateLimitOptions { Requests = 2 });
        app.UseCsrfProtection(new CsrfOptions { TrustedOrigins = [Friend] });
        app.UseAuthentication(new AuthenticationOptions<string>
        {
            UserKey = s_user,
            Schemes =
            [
                AuthenticationScheme.Bearer<string>("api", async (_, token) =>
                {
                    onLook?.Invoke();
                    return token == "good" ? "user" : null;
                }),
            ],
        });
        app.Match(["GET", "POST"], "/", _ => Response.Text("text"));
    });
}
