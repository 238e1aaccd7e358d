using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What a handler may put into a response head (RFC 9112 11.1): nothing that could begin a line of
/// its own, and nothing that contradicts the framing.
/// </summary>
public class HeaderInjectionTests
{
    [TestCase("a\r\nSet-Cookie: b")]
    [TestCase("a\nb")]
    [TestCase("a\rb")]
    [TestCase("a\0b")]
    [TestCase("a\u007fb")]
    [TestCase("a\u010ab")]
    [TestCase("a\u560ab")]
    public void A_value_with_a_control_or_what_may_become_one_is_refused(string value)
    {
        Assert.That(() => new Response().Headers.Add("X-A", value), Throws.ArgumentException);
        Assert.That(() => new Response().Headers.Set("X-A", value), Throws.ArgumentException);
        Assert.That(() => new Response { ContentType = value }, Throws.ArgumentException);
        Assert.That(() => Response.Bytes(new byte[1], value), Throws.ArgumentException);
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a:b")]
    [TestCase("a\r\nb")]
    [TestCase("é")]
    public void A_name_that_is_no_token_is_refused(string name) =>
        Assert.That(() => new Response().Headers.Add(name, "x"), Throws.ArgumentException);

    [TestCase("Content-Length")]
    [TestCase("content-length")]
    [TestCase("Transfer-Encoding")]
    [TestCase("Connection")]
    [TestCase("Date")]
    [TestCase("Keep-Alive")]
    public void What_belongs_to_the_framing_is_the_servers(string name)
    {
        Assert.That(() => new Response().Headers.Add(name, "1"), Throws.ArgumentException);
        Assert.That(() => new Response().Headers.Set(name, "1"), Throws.ArgumentException);
    }

    [TestCase(100)]
    [TestCase(199)]
    [TestCase(600)]
    [TestCase(-1)]
    public void Only_final_status_codes_can_be_sent(int status)
    {
        Assert.That(() => new Response(status), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new StreamResponse(status), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_status_without_a_reason_keeps_its_space()
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ => new Response(299)));

        Assert.That(server.Ask(Get("/")).StatusLine, Is.EqualTo("HTTP/1.1 299 "));
    }

    [Test]
    public void Fields_are_sent_in_order_and_repeated_ones_stay()
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            var response = Response.Text("x");
            response.Headers.Add("Set-Cookie", "a=1");
            response.Headers.Add("X-Tab", "a\tb");
            response.Headers.Add("Set-Cookie", "b=2");
            response.Headers.Set("X-Set", "1");
            response.Headers.Set("x-set", "2");
            return response;
        }));
        RawAnswer answer = server.Ask(Get("/"));

        Assert.That(
            answer.Fields.Where(f => f.Name == "Set-Cookie").Select(f => f.Value),
            Is.EqualTo(new[] { "a=1", "b=2" }));
        Assert.That((answer["X-Tab"], answer["x-set"]), Is.EqualTo(("a\tb", "2")));
    }
}
