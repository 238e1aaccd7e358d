using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>All fields of a request through <c>request.Headers</c>.</summary>
public class RequestHeadersTests
{
    private const string Fields =
        "X-Forwarded-For: 192.0.2.1\r\nAccept: a, b\r\nx-forwarded-for: 192.0.2.2\r\n"
        + "Accept: c\r\nX-Empty:\r\nX-Latin: \u00E9\r\n";

    [Test]
    public void Every_field_line_is_there_in_its_order_and_its_spelling() => AssertTold(
        headers => string.Join('\n', headers.Select(field => $"{field.Key}={field.Value}")),
        "Host=test\nX-Forwarded-For=192.0.2.1\nAccept=a, b\nx-forwarded-for=192.0.2.2\n"
        + "Accept=c\nX-Empty=\nX-Latin=\u00E9");

    [TestCase("X-Forwarded-For", "192.0.2.1|192.0.2.2")]
    [TestCase("accept", "a, b|c")]
    [TestCase("ACCEPT", "a, b|c")]
    [TestCase("x-empty", "")]
    [TestCase("x-none", null)]
    [TestCase("Cookie", null)]
    public void All_values_of_a_name_are_given_whatever_its_case(string name, string? values)
    {
        AssertTold(
            headers => $"{headers.Contains(name)} {string.Join('|', headers.GetAll(name))}",
            $"{values is not null} {values}");
        AssertTold(
            headers => headers[name] ?? "null",
            values?.Split('|')[0] ?? "null");
    }

    [Test]
    public void A_field_is_given_by_its_place() => AssertTold(
        headers => $"{headers.Count} {headers[2].Key} {headers[2].Value}", "7 Accept a, b");

    [Test]
    public void After_the_response_asking_throws()
    {
        RequestHeaders? kept = null;
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            kept = request.Headers;
            Assert.That(request.Headers, Is.SameAs(kept), "one view for a request");
            return new Response(204);
        }));
        server.Ask(Get("/"));

        Assert.That(() => kept!.Count, Throws.InvalidOperationException);
        Assert.That(() => kept!["Host"], Throws.InvalidOperationException);
        Assert.That(() => kept!.GetAll("Host"), Throws.InvalidOperationException);
        Assert.That(() => kept!.ToList(), Throws.InvalidOperationException);
    }

    private static void AssertTold(Func<RequestHeaders, string> tell, string expected)
    {
        string told = "";
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            told = tell(request.Headers);
            return new Response(204);
        }));
        server.Ask($"GET / HTTP/1.1\r\nHost: test\r\n{Fields}\r\n");

        Assert.That(told, Is.EqualTo(expected));
    }
}
