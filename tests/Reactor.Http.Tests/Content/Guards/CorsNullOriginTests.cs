using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>
/// The origin <c>null</c> is that of any sandboxed frame, so a site that echoes it is open to all
/// sites. It is never echoed, whatever the options say.
/// </summary>
public sealed class CorsNullOriginTests
{
    private static readonly CorsOptions[] s_options =
    [
        new() { Origins = ["https://friend.test"], Credentials = true },
        new() { IsOriginAllowed = _ => true, Credentials = true },
        new() { IsOriginAllowed = _ => true },
        new() { Origins = ["*"] },
    ];

    [Test]
    public void It_is_never_echoed(
        [ValueSource(nameof(s_options))] CorsOptions options,
        [Values("null", "Null", "NULL", " null", "null ", "null, null")] string origin)
    {
        using var server = new ServerFixture(app =>
        {
            AddKindsOfResponses(app);
            app.UseCors(options);
        });
        foreach (string request in new[]
        {
            Request("GET", "/text", $"Origin: {origin}"),
            Request("GET", "/stream", $"Origin: {origin}"),
            Request("GET", "/missing", $"Origin: {origin}"),
            Preflight("/text", origin),
        })
        {
            RawAnswer answer = server.Ask(request);
            string[] allowed = answer.All("Access-Control-Allow-Origin");
            Assert.That(allowed.Where(value => value != "*"), Is.Empty);
            Assert.That(answer.All("Access-Control-Allow-Credentials"), Is.Empty);
            Assert.That(answer.All("Vary"), Does.Contain("Origin"));
        }
    }

    [Test]
    public void A_predicate_is_not_even_asked_about_it()
    {
        int asked = 0;
        using var server = new ServerFixture(app => app.UseCors(new CorsOptions
        {
            IsOriginAllowed = _ => ++asked > 0,
        }));
        server.Ask(Request("GET", "/", "Origin: null"));
        Assert.That(asked, Is.Zero);
    }

    [Test]
    public void It_cannot_be_configured() => Assert.That(
        () => new CorsOptions { Origins = ["https://friend.test", "null"] },
        Throws.ArgumentException.With.Message.Contains("sandboxed"));
}
