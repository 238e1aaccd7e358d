using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>The CORS protocol of the Fetch standard, on the server's side (Fetch 3.3).</summary>
public sealed class CorsTests
{
    private const string Allow = "Access-Control-Allow-Origin";
    private const string Friend = "https://friend.test";

    private static readonly CorsOptions s_options = new()
    {
        Origins = [Friend, "http://localhost:3000"],
        Methods = ["GET", "PUT"],
        Headers = ["Content-Type", "X-Trace"],
        ExposedHeaders = ["ETag"],
        MaxAge = TimeSpan.FromMinutes(10),
    };

    private static IEnumerable<TestCaseData> Kinds => KindsOfResponses($"Origin: {Friend}");

    [TestCaseSource(nameof(Kinds))]
    public void Every_kind_of_response_can_be_read_by_an_allowed_origin(string request, int status)
    {
        using ServerFixture server = Serve(s_options);
        RawAnswer answer = server.Ask(request);
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer[Allow], Is.EqualTo(Friend));
        Assert.That(answer["Access-Control-Expose-Headers"], Is.EqualTo("ETag"));
        Assert.That(answer["Access-Control-Allow-Credentials"], Is.Null);
        Assert.That(answer["Access-Control-Allow-Methods"], Is.Null);
    }

    [TestCase("/text", TestName = "of_a_route_without_OPTIONS")]
    [TestCase("/put", TestName = "of_a_route_for_every_method")]
    [TestCase("/missing", TestName = "of_a_path_without_a_route")]
    public void A_preflight_is_answered_with_204_before_routes(string target)
    {
        int calls = 0;
        using ServerFixture server = Serve(s_options, app => app.Any("/put", _ =>
        {
            calls++;
            return new Response(200);
        }));
        RawAnswer answer = server.Ask(Preflight(target, Friend));
        Assert.That(answer.Status, Is.EqualTo(204));
        Assert.That(answer[Allow], Is.EqualTo(Friend));
        Assert.That(answer["Access-Control-Allow-Methods"], Is.EqualTo("GET, PUT"));
        Assert.That(answer["Access-Control-Allow-Headers"], Is.EqualTo("Content-Type, X-Trace"));
        Assert.That(answer["Access-Control-Max-Age"], Is.EqualTo("600"));
        Assert.That(answer["Access-Control-Expose-Headers"], Is.Null);
        Assert.That(calls, Is.Zero);
    }

    [TestCase("/text", 200)]
    [TestCase("/broken", 500)]
    public void A_predicate_that_throws_allows_nothing_and_takes_no_field(string path, int status)
    {
        using var server = new ServerFixture(app =>
        {
            AddKindsOfResponses(app);
            app.UseCors(new() { IsOriginAllowed = _ => throw new FormatException("predicate") });
            app.UseRequestId();
        }, mayReport: true);
        RawAnswer answer = server.Ask(Request("GET", path, $"Origin: {Friend}"));
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer[Allow], Is.Null);
        Assert.That(answer.All("Vary"), Does.Contain("Origin"));
        Assert.That(answer["X-Request-Id"], Is.Not.Null);
        Assert.That(
            server.Errors.Select(error => error.Exception?.Message),
            Is.EqualTo(new[] { "predicate" }));
    }

    [Test]
    public void A_preflight_of_another_origin_is_answered_without_the_fields()
    {
        using ServerFixture server = Serve(s_options);
        RawAnswer answer = server.Ask(Preflight("/text", "https://evil.test"));
        Assert.That(answer.Status, Is.EqualTo(204));
        Assert.That(answer.Fields.Where(field => field.Name.StartsWith(
            "Access-Control-", StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    [Test]
    public void OPTIONS_without_a_requested_method_is_no_preflight()
    {
        using ServerFixture server = Serve(s_options);
        RawAnswer answer = server.Ask(Request("OPTIONS", "/text", $"Origin: {Friend}"));
        Assert.That(answer["Allow"], Is.EqualTo("GET, HEAD, OPTIONS"));
        Assert.That(answer["Access-Control-Allow-Methods"], Is.Null);
        answer = server.Ask(Request("OPTIONS", "/text", "Access-Control-Request-Method: PUT"));
        Assert.That(answer["Allow"], Is.EqualTo("GET, HEAD, OPTIONS"));
    }

    // The comparison of origins is that of scheme, host and port (RFC 6454 5); a browser sends all
    // in lower case and no default port, and nothing is a prefix or a part of anything.
    [TestCase("https://friend.test", ExpectedResult = "https://friend.test")]
    [TestCase("http://localhost:3000", ExpectedResult = "http://localhost:3000")]
    [TestCase("http://friend.test", ExpectedResult = null)]
    [TestCase("https://friend.test:444", ExpectedResult = null)]
    [TestCase("http://localhost", ExpectedResult = null)]
    [TestCase("http://localhost:30000", ExpectedResult = null)]
    [TestCase("https://friend.test.evil.test", ExpectedResult = null)]
    [TestCase("https://evil-friend.test", ExpectedResult = null)]
    [TestCase("https://sub.friend.test", ExpectedResult = null)]
    [TestCase("https://friend.test/", ExpectedResult = null)]
    [TestCase("https://friend.test:443", ExpectedResult = null)]
    [TestCase("HTTPS://friend.test", ExpectedResult = null)]
    [TestCase("https://FRIEND.test", ExpectedResult = null)]
    [TestCase("https://friend.test, https://evil.test", ExpectedResult = null)]
    [TestCase("https://evil.test https://friend.test", ExpectedResult = null)]
    [TestCase("https://user@friend.test", ExpectedResult = null)]
    [TestCase("friend.test", ExpectedResult = null)]
    [TestCase("*", ExpectedResult = null)]
    [TestCase("", ExpectedResult = null)]
    public string? An_origin_is_allowed_if_it_is_exactly_one_of_the_list(string origin)
    {
        using ServerFixture server = Serve(s_options);
        RawAnswer answer = server.Ask(Request("GET", "/text", $"Origin: {origin}"));
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Is.EqualTo("text"));
        return answer[Allow];
    }

    [Test]
    public void Two_origins_are_none()
    {
        using ServerFixture server = Serve(s_options);
        RawAnswer answer = server.Ask(
            Request("GET", "/text", $"Origin: {Friend}", $"Origin: {Friend}"));
        Assert.That(answer[Allow], Is.Null);
    }

    [Test]
    public void A_predicate_decides_about_well_formed_origins_only()
    {
        var asked = new List<string>();
        var options = new CorsOptions
        {
            Origins = [Friend],
            IsOriginAllowed = origin =>
            {
                asked.Add(origin);
                return origin.EndsWith(".friend.test", StringComparison.Ordinal);
            },
        };
        using ServerFixture server = Serve(options);
        Assert.That(Ask("https://a.friend.test"), Is.EqualTo("https://a.friend.test"));
        Assert.That(Ask("https://evil.test"), Is.Null);
        Assert.That(Ask(Friend), Is.EqualTo(Friend));
        Assert.That(Ask("x.friend.test"), Is.Null);
        Assert.That(asked, Is.EqualTo(new[] { "https://a.friend.test", "https://evil.test" }));

        string? Ask(string origin) =>
            server.Ask(Request("GET", "/text", $"Origin: {origin}"))[Allow];
    }

    [Test]
    public void Credentials_are_allowed_to_a_named_origin_and_to_no_other()
    {
        using ServerFixture server = Serve(s_options with { Credentials = true });
        RawAnswer friend = server.Ask(Request("GET", "/text", $"Origin: {Friend}"));
        RawAnswer other = server.Ask(Request("GET", "/text", "Origin: https://evil.test"));
        RawAnswer preflight = server.Ask(Preflight("/text", Friend));
        Assert.That(friend["Access-Control-Allow-Credentials"], Is.EqualTo("true"));
        Assert.That(other["Access-Control-Allow-Credentials"], Is.Null);
        Assert.That(preflight["Access-Control-Allow-Credentials"], Is.EqualTo("true"));
    }

    [Test]
    public void An_open_resource_says_star_and_only_to_pages()
    {
        using ServerFixture server = Serve(new CorsOptions { Origins = ["*"], Methods = ["*"] });
        RawAnswer answer = server.Ask(Request("GET", "/text", "Origin: https://any.test"));
        Assert.That(answer[Allow], Is.EqualTo("*"));
        Assert.That(server.Ask(Request("GET", "/text"))[Allow], Is.Null);
        Assert.That(
            server.Ask(Preflight("/text", "https://any.test"))["Access-Control-Allow-Methods"],
            Is.EqualTo("*"));
    }

    [Test]
    public void A_group_may_have_CORS_alone_and_its_404_has_it_too()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/text", "text");
            app.Group("/api").UseCors(s_options).OnGet("/text", "text");
        });
        string[] fields = [$"Origin: {Friend}"];
        Assert.That(server.Ask(Request("GET", "/text", fields))[Allow], Is.Null);
        Assert.That(server.Ask(Request("GET", "/api/text", fields))[Allow], Is.EqualTo(Friend));
        Assert.That(server.Ask(Request("GET", "/api/none", fields))[Allow], Is.EqualTo(Friend));
        Assert.That(server.Ask(Preflight("/api/text", Friend))[Allow], Is.EqualTo(Friend));
        Assert.That(server.Ask(Preflight("/text", Friend))[Allow], Is.Null);
    }

    [Test]
    public void The_policy_nearest_to_the_handler_stands_alone()
    {
        using var server = new ServerFixture(app =>
        {
            app.UseCors(new CorsOptions { Origins = ["*"], ExposedHeaders = ["X-Outer"] });
            app.Get("/text", _ => Response.Text("text"));
            app.Get("/own", _ => Response.Text("text")).UseCors(s_options);
            app.Get("/handler", _ =>
            {
                var response = Response.Text("text");
                response.Headers.Add(Allow, "https://handler.test");
                return response;
            });
        });
        string[] evil = ["Origin: https://evil.test"];
        RawAnswer own = server.Ask(Request("GET", "/own", $"Origin: {Friend}"));
        Assert.That(server.Ask(Request("GET", "/text", evil))[Allow], Is.EqualTo("*"));
        Assert.That(server.Ask(Request("GET", "/own", evil))[Allow], Is.Null);
        Assert.That(own[Allow], Is.EqualTo(Friend));
        Assert.That(own["Access-Control-Expose-Headers"], Is.EqualTo("ETag"));
        Assert.That(
            server.Ask(Request("GET", "/handler", evil))[Allow],
            Is.EqualTo("https://handler.test"));
    }

    [Test]
    public void A_response_that_is_returned_many_times_is_for_the_origin_of_each_request()
    {
        var shared = Response.Text("shared");
        using ServerFixture server = Serve(
            s_options with { Credentials = true }, app => app.Get("/shared", _ => shared));
        foreach (string? origin in new string?[]
        {
            null, Friend, "https://evil.test", "http://localhost:3000", null, Friend,
        })
        {
            string[] fields = origin is null ? [] : [$"Origin: {origin}"];
            RawAnswer answer = server.Ask(Request("GET", "/shared", fields));
            bool isAllowed = origin is not null && s_options.Origins.Contains(origin);
            Assert.That(answer[Allow], Is.EqualTo(isAllowed ? origin : null));
            Assert.That(
                answer["Access-Control-Allow-Credentials"], Is.EqualTo(isAllowed ? "true" : null));
            Assert.That(answer.All("Vary"), Is.EqualTo(new[] { "Origin" }));
        }
    }

    [Test]
    public void A_route_that_takes_OPTIONS_answers_preflights_itself()
    {
        using var server = new ServerFixture(app => app.Match(
            ["PUT", "OPTIONS"], "/x", _ => Response.Text("x")).UseCors(s_options));
        RawAnswer answer = server.Ask(Preflight("/x", Friend));
        Assert.That(answer.Status, Is.EqualTo(204));
        Assert.That(answer["Access-Control-Allow-Methods"], Is.EqualTo("GET, PUT"));
    }

    [TestCase("null", "sandboxed")]
    [TestCase("https://friend.test/", "no slash")]
    [TestCase("https://Friend.test", "lower case")]
    [TestCase("https://friend.test:443", "default")]
    [TestCase("http://friend.test:80", "default")]
    [TestCase("friend.test", "such as https://")]
    [TestCase("https://*.friend.test/x", "such as https://")]
    [TestCase("https://bücher.test", "such as https://")]
    [TestCase("https://", "such as https://")]
    [TestCase("", "such as https://")]
    public void An_origin_that_no_browser_sends_is_refused_at_the_start(
        string origin, string reason) => Assert.That(
            () => new CorsOptions { Origins = [origin] },
            Throws.ArgumentException.With.Message.Contains(reason));

    [TestCase("http://localhost:3000")]
    [TestCase("http://127.0.0.1:8080")]
    [TestCase("http://[::1]:8080")]
    [TestCase("https://xn--bcher-kva.test")]
    [TestCase("chrome-extension://abcdefghijklmnop")]
    [TestCase("capacitor://localhost")]
    public void An_origin_as_browsers_send_it_is_taken(string origin) =>
        Assert.That(() => new CorsOptions { Origins = [origin] }, Throws.Nothing);

    [Test]
    public void Options_that_make_no_sense_say_why()
    {
        Assert.That(
            () => new CorsOptions { Methods = ["patch"] },
            Throws.ArgumentException.With.Message.Contains("upper case"));
        Assert.That(
            () => new CorsOptions { Headers = ["X Trace"] },
            Throws.ArgumentException.With.Message.Contains("field name"));
        Assert.That(
            () => new CorsOptions { ExposedHeaders = ["*", "ETag"] },
            Throws.ArgumentException.With.Message.Contains("alone"));
        Assert.That(
            () => new CorsOptions { MaxAge = TimeSpan.FromSeconds(-1) },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new Application().UseCors(new CorsOptions()),
            Throws.ArgumentException.With.Message.Contains("allows nothing"));
        Assert.That(
            () => new Application().UseCors(
                new CorsOptions { Origins = ["*"], IsOriginAllowed = _ => true }),
            Throws.ArgumentException.With.Message.Contains("never be"));
    }

    [Test]
    public void The_options_are_copied()
    {
        string[] origins = [Friend];
        var options = new CorsOptions { Origins = origins };
        origins[0] = "*";
        Assert.That(options.Origins, Is.EqualTo(new[] { Friend }));
    }

    private static ServerFixture Serve(CorsOptions options, Action<Application>? more = null) =>
        new(app =>
        {
            AddKindsOfResponses(app);
            app.UseCors(options);
            more?.Invoke(app);
        });
}
