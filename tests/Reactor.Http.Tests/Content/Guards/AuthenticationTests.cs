using System.Text;
using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>Basic (RFC 7617) and Bearer (RFC 6750) in the framework of RFC 9110 11.</summary>
public sealed class AuthenticationTests
{
    private const string Basic = "Basic realm=\"files\", charset=\"UTF-8\"";
    private const string Bearer = "Bearer realm=\"api\"";

    private static readonly RequestKey<string> s_user = new("user");

    [Test]
    public void Without_credentials_the_schemes_are_offered_and_the_handler_is_not_called()
    {
        int calls = 0;
        using ServerFixture server = Serve(onCall: () => calls++);
        RawAnswer answer = server.Ask(Request("GET", "/"));
        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(answer.All("WWW-Authenticate"), Is.EqualTo(new[] { Basic, Bearer }));
        Assert.That(server.Ask(Request("GET", "/none")).Status, Is.EqualTo(401));
        Assert.That(calls, Is.Zero);
    }

    // The example of RFC 7617 2, and its example in UTF-8 (2.1): "test:123£".
    [TestCase("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin|open sesame")]
    [TestCase("Basic dGVzdDoxMjPCow==", "test|123£")]
    [TestCase("basic dGVzdDoxMjPCow==", "test|123£")]
    [TestCase("BASIC   dGVzdDoxMjPCow==", "test|123£")]
    [TestCase("Basic Og==", "|")]
    [TestCase("Basic dTo=", "u|")]
    [TestCase("Basic OnA=", "|p")]
    [TestCase("Basic dTpwOnE=", "u|p:q")]
    [TestCase("Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM")] // RFC 6750 2.1
    [TestCase("bEaReR a+/~==", "a+/~==")]
    public void Well_formed_credentials_reach_the_function_as_they_were(
        string authorization, string user)
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(Request("GET", "/", $"Authorization: {authorization}"));
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Is.EqualTo(user));
    }

    [TestCase("Basic", TestName = "without_anything")]
    [TestCase("Basic =", TestName = "of_padding_alone")]
    [TestCase("Basic dTpw dTpw", TestName = "in_two_parts")]
    [TestCase("Basic dTp\tw", TestName = "with_a_tab")]
    [TestCase("Basic dTo", TestName = "without_padding")]
    [TestCase("Basic dTp=", TestName = "with_unused_bits")]
    [TestCase("Basic dTpw=", TestName = "with_too_much_padding")]
    [TestCase("Basic d_pw", TestName = "in_base64url")]
    [TestCase("Basic dXNlcg==", TestName = "without_a_colon")]
    [TestCase("Basic dTpw/w==", TestName = "in_bad_UTF8")]
    [TestCase("Basic dQA6cA==", TestName = "with_NUL_in_the_name")]
    [TestCase("Basic dTpwAA==", TestName = "with_NUL_in_the_password")]
    [TestCase("Basic dTpwCg==", TestName = "with_a_line_end")]
    [TestCase("Basic dTp/", TestName = "with_DEL")]
    [TestCase("Basic username=\"u\"", TestName = "as_parameters")]
    public void Malformed_Basic_is_401(string authorization)
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(Request("GET", "/", $"Authorization: {authorization}"));
        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(answer.All("WWW-Authenticate"), Is.EqualTo(new[] { Basic, Bearer }));
    }

    [TestCase("Bearer")]
    [TestCase("Bearer =")]
    [TestCase("Bearer a b")]
    [TestCase("Bearer a=b")]
    [TestCase("Bearer a,b")]
    [TestCase("Bearer \"a\"")]
    [TestCase("Bearer a\tb")]
    [TestCase("Bearer \u00e9")]
    public void Malformed_Bearer_is_400_and_says_so(string authorization)
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(Request("GET", "/", $"Authorization: {authorization}"));
        Assert.That(answer.Status, Is.EqualTo(400)); // RFC 6750 3.1
        Assert.That(
            answer.All("WWW-Authenticate"),
            Is.EqualTo(new[] { Basic, $"{Bearer}, error=\"invalid_request\"" }));
    }

    [TestCase("Digest username=\"u\"")]
    [TestCase("Negotiate abc")]
    [TestCase("Basicx dTpw")]
    [TestCase("Bas")]
    [TestCase("dTpw")]
    [TestCase("")]
    public void Credentials_of_another_scheme_are_none(string authorization)
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(Request("GET", "/", $"Authorization: {authorization}"));
        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(answer.All("WWW-Authenticate"), Is.EqualTo(new[] { Basic, Bearer }));
    }

    [Test]
    public void Two_fields_are_refused_with_the_head()
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(Request(
            "GET", "/", "Authorization: Bearer good", "Authorization: Bearer good"));
        Assert.That(answer.Status, Is.EqualTo(400));
    }

    [TestCase("Basic d3Jvbmc6cA==", Basic, Bearer)] // wrong:p
    [TestCase("Bearer wrong", Basic, Bearer + ", error=\"invalid_token\"")]
    public void Wrong_credentials_are_401(string authorization, params string[] challenges)
    {
        int calls = 0;
        using ServerFixture server = Serve(onCall: () => calls++);
        RawAnswer answer = server.Ask(Request("GET", "/", $"Authorization: {authorization}"));
        Assert.That(answer.Status, Is.EqualTo(401));
        Assert.That(answer.All("WWW-Authenticate"), Is.EqualTo(challenges));
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void Optional_means_that_none_are_needed_and_wrong_ones_are_refused()
    {
        using ServerFixture server = Serve(isOptional: true);
        Assert.That(server.Ask(Request("GET", "/")).Text, Is.EqualTo("nobody"));
        Assert.That(Ask("Bearer good").Text, Is.EqualTo("good"));
        Assert.That(Ask("Bearer wrong").Status, Is.EqualTo(401));
        Assert.That(Ask("Digest x").Status, Is.EqualTo(401));
        Assert.That(Ask("Basic x").Status, Is.EqualTo(401));

        RawAnswer Ask(string authorization) =>
            server.Ask(Request("GET", "/", $"Authorization: {authorization}"));
    }

    [Test]
    public void A_response_that_may_be_for_a_user_varies_by_the_credentials()
    {
        using ServerFixture server = Serve(isOptional: true);
        Assert.That(server.Ask(Request("GET", "/"))["Vary"], Is.EqualTo("Authorization"));
    }

    [Test]
    public void The_function_may_wait_and_may_refuse_by_itself()
    {
        using var server = new ServerFixture(app =>
        {
            app.UseAuthentication(new AuthenticationOptions<string>
            {
                UserKey = s_user,
                Schemes =
                [
                    AuthenticationScheme.Bearer<string>("api", async (_, token) =>
                    {
                        await EventLoop.Delay(TimeSpan.FromSeconds(1));
                        return token == "banned" ? throw HttpException.Forbidden() : token;
                    }),
                ],
            });
            app.Get("/", request => Response.Text(request.State.Get(s_user)));
        });
        HttpPeer peer = server.Connect();
        peer.Send(Request("GET", "/", "Authorization: Bearer good"));
        server.RunFor(2);
        Assert.That(peer.TakeOne("GET").Text, Is.EqualTo("good"));
        peer.Send(Request("GET", "/", "Authorization: Bearer banned"));
        server.RunFor(2);
        Assert.That(peer.TakeOne("GET").Status, Is.EqualTo(403));
    }

    [Test]
    public void Credentials_are_in_no_line_of_the_log_and_in_no_response()
    {
        const string Secret = "c2VjcmV0";
        using var server = new ServerFixture(
            app => app.UseAuthentication(new AuthenticationOptions<string>
            {
                UserKey = s_user,
                Schemes =
                [
                    AuthenticationScheme.Bearer<string>("api", async (_, _) =>
                        throw new InvalidOperationException("The database is down.")),
                    AuthenticationScheme.Basic<string>("api", async (_, _, _) => null),
                ],
            }));
        foreach (string authorization in new[]
        {
            $"Bearer {Secret}", $"Bearer {Secret} {Secret}", $"Basic {Secret}",
            $"Basic OnNlY3JldA==", $"Other {Secret}",
        })
        {
            RawAnswer answer = server.Ask(Request("GET", "/", $"Authorization: {authorization}"));
            string sent = answer.Text + string.Concat(answer.Fields);
            Assert.That(sent, Does.Not.Contain(Secret).And.Not.Contain("secret"));
        }

        string log = string.Join('\n', server.Logged());
        Assert.That(log, Does.Contain("The handler of GET / threw"));
        Assert.That(log, Does.Not.Contain(Secret).And.Not.Contain("secret"));
    }

    [Test]
    public void A_realm_is_quoted()
    {
        AuthenticationScheme<string> scheme =
            AuthenticationScheme.Bearer<string>("a \"b\" \\c", async (_, _) => null);
        Assert.That(scheme.Challenge, Is.EqualTo("Bearer realm=\"a \\\"b\\\" \\\\c\""));
        foreach (string bad in new[] { "a\r\nb", "a\0", "ä", "a\tb" })
        {
            Assert.That(
                () => AuthenticationScheme.Basic<string>(bad, async (_, _, _) => null),
                Throws.ArgumentException.With.Message.Contains("realm"));
        }
    }

    [Test]
    public void Schemes_that_cannot_be_told_apart_are_refused_at_the_start()
    {
        AuthenticationScheme<string> one =
            AuthenticationScheme.Bearer<string>("a", async (_, _) => null);
        AuthenticationScheme<string> other =
            AuthenticationScheme.Bearer<string>("b", async (_, _) => null);
        foreach (AuthenticationScheme<string>[] schemes in new[]
        {
            [], new[] { one, other }, new[] { one, one },
        })
        {
            Assert.That(
                () => new Application().UseAuthentication(new AuthenticationOptions<string>
                {
                    UserKey = s_user,
                    Schemes = schemes,
                }),
                Throws.ArgumentException.With.Message.Contains("Schemes"));
        }
    }

    [TestCase("secret", "secret", ExpectedResult = true)]
    [TestCase("", "", ExpectedResult = true)]
    [TestCase("secret", "Secret", ExpectedResult = false)]
    [TestCase("secret", "secre", ExpectedResult = false)]
    [TestCase("secret", "secrets", ExpectedResult = false)]
    [TestCase(null, null, ExpectedResult = false)]
    [TestCase(null, "", ExpectedResult = false)]
    [TestCase("", null, ExpectedResult = false)]
    public bool Secrets_are_equal_if_every_character_is(string? given, string? expected) =>
        Secrets.AreEqual(given, expected);

    [Test]
    public void Secrets_that_are_no_valid_text_are_compared_too() =>
        Assert.That(Secrets.AreEqual("\ud800", "\ud801"), Is.False);

    private static ServerFixture Serve(bool isOptional = false, Action? onCall = null) => new(app =>
    {
        app.UseAuthentication(new AuthenticationOptions<string>
        {
            UserKey = s_user,
            Schemes =
            [
                AuthenticationScheme.Basic<string>("files", async (_, user, password) =>
                    user == "wrong" ? null : $"{user}|{password}"),
                AuthenticationScheme.Bearer<string>("api", async (_, token) =>
                    token == "wrong" ? null : token),
            ],
            IsOptional = isOptional,
        });
        app.Get("/", request =>
        {
            onCall?.Invoke();
            return Response.Bytes(
                Encoding.UTF8.GetBytes(
                    request.State.TryGet(s_user, out string? user) ? user : "nobody"),
                "text/plain; charset=utf-8");
        });
    });
}
