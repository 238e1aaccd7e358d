namespace Reactor.Http.Tests.Server;

/// <summary>
/// JSON is read only where the client says that it is JSON: a page of another site can make a
/// browser send a form or text without asking, but nothing that is named JSON.
/// </summary>
public sealed class JsonTypeTests
{
    [TestCase("application/json")]
    [TestCase("Application/JSON")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("application/json;charset=\"UTF-8\"")]
    [TestCase("application/json ; charset=utf8")]
    [TestCase("application/json; version=1")]
    [TestCase("application/problem+json")]
    [TestCase("application/vnd.api+json; charset=utf-8")]
    [TestCase("image/x+JSON")]
    public void Json_is_read_by_its_type(string type) =>
        Assert.That(Send(type, "{\"n\": 3}"), Is.EqualTo((200, "3")));

    [TestCase("text/plain")]
    [TestCase("text/plain; application/json")]
    [TestCase("text/plain; x=+json")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/octet-stream")]
    [TestCase("application/jsonx")]
    [TestCase("application/xml")]
    [TestCase("text/json")]
    [TestCase("application/+json")]
    [TestCase("+json")]
    [TestCase("json")]
    [TestCase("/json")]
    [TestCase("")]
    [TestCase("text/plain, application/json")]
    [TestCase("text/plain, a/b+json")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=iso-8859-1")]
    [TestCase(null)]
    public void Content_of_another_type_is_415_and_the_connection_goes_on(string? type)
    {
        using var server = new ServerFixture(app => app.OnJson("/"));
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Post(type, "{\"n\": 3}")).Status, Is.EqualTo(415));
        Assert.That(peer.Ask(Post("application/json", "{\"n\": 4}")).Text, Is.EqualTo("4"));
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");
    }

    [Test]
    public void A_client_that_waits_for_100_is_told_415_before_it_sends_its_body()
    {
        using var server = new ServerFixture(app => app.OnJson("/"));
        RawAnswer answer = server.Ask(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 8\r\nExpect: 100-continue\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(415));
    }

    [Test]
    public void A_handler_may_catch_it_and_read_the_body_otherwise()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                await request.JsonAsync(NumberJson.Default.Number);
                return Response.Text("json");
            }
            catch (HttpException error) when (error.Status == 415)
            {
                return Response.Text(await request.TextAsync());
            }
        }));

        Assert.That(server.Ask(Post("text/plain", "words")).Text, Is.EqualTo("words"));
    }

    private static (int Status, string Text) Send(string? type, string body)
    {
        using var server = new ServerFixture(app => app.OnJson("/"));
        RawAnswer answer = server.Ask(Post(type, body));
        return (answer.Status, answer.Text);
    }

    private static string Post(string? type, string body) =>
        "POST / HTTP/1.1\r\nHost: test\r\n"
        + (type is null ? "" : $"Content-Type: {type}\r\n")
        + $"Content-Length: {body.Length}\r\n\r\n{body}";
}

internal static class JsonRoutes
{
    /// <summary>A route that reads a number from JSON and answers with it.</summary>
    public static void OnJson(this Application app, string pattern) =>
        app.Post(pattern, async request =>
        {
            Number? number = await request.JsonAsync(NumberJson.Default.Number);
            return Response.Text($"{number!.N}");
        });
}
