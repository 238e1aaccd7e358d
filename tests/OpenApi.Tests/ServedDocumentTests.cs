using System.Text.Json.Nodes;
using Reactor.Http;
using Reactor.Http.OpenApi;
using Reactor.Http.Testing;

namespace OpenApi.Tests;

/// <summary>The document as it is served and as it is written to a file.</summary>
public sealed class ServedDocumentTests
{
    private const string Path = "/openapi.json";

    private static readonly string s_text = ShopApplication.Document().ToString();

    private string _folder = null!;

    [SetUp]
    public void CreateFolder() =>
        _folder = Directory.CreateTempSubdirectory("openapi").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    // RFC 9110 8.8.3: a strong tag is quoted; the type is that of JSON (RFC 8259 11).
    [Test]
    public void It_is_JSON_with_a_tag_that_a_cache_must_ask_about()
    {
        using var server = new TestServer(ShopApplication.Make());
        TestResponse response = server.Ask("GET", Path);

        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Text, Is.EqualTo(s_text));
        Assert.That(response.ContentType, Is.EqualTo("application/json"));
        Assert.That(response.Headers["ETag"], Does.Match("^\"[^\"]+\"$"));
        Assert.That(response.Headers["Cache-Control"], Is.EqualTo("no-cache"));
        Assert.That(response.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
    }

    // RFC 9110 9.3.2: the same fields as GET, and no content.
    [Test]
    public void HEAD_has_the_fields_and_no_content()
    {
        using var server = new TestServer(ShopApplication.Make());
        TestResponse response = server.Ask("HEAD", Path);

        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Body.Length, Is.Zero);
        Assert.That(response.ContentType, Is.EqualTo("application/json"));
        Assert.That(
            response.Headers["Content-Length"],
            Is.EqualTo($"{System.Text.Encoding.UTF8.GetByteCount(s_text)}"));
        Assert.That(
            response.Headers["ETag"], Is.EqualTo(server.Ask("GET", Path).Headers["ETag"]));
    }

    // RFC 9110 13.1.2 and 15.4.5.
    [Test]
    public void A_client_that_has_it_gets_304_with_the_tag_and_no_content()
    {
        using var server = new TestServer(ShopApplication.Make());
        string tag = server.Ask("GET", Path).Headers["ETag"]!;
        TestResponse same = AskIf(server, tag);
        TestResponse other = AskIf(server, "\"another\"");

        Assert.That((same.Status, same.Body.Length), Is.EqualTo((304, 0)));
        Assert.That(same.Headers["ETag"], Is.EqualTo(tag));
        Assert.That(same.Headers["Cache-Control"], Is.EqualTo("no-cache"));
        Assert.That((other.Status, other.Text), Is.EqualTo((200, s_text)));
    }

    [Test]
    public void Only_reads_are_allowed()
    {
        using var server = new TestServer(ShopApplication.Make());
        TestResponse response = server.Ask("DELETE", Path);

        Assert.That(response.Status, Is.EqualTo(405));
        Assert.That(response.Headers["Allow"], Does.Contain("GET"));
    }

    [Test]
    public void Its_own_route_is_not_in_it_unless_a_program_describes_it() => Assert.That(
        JsonNode.Parse(s_text)!["paths"].Keys(), Has.No.Member(Path));

    [Test]
    public void An_application_with_a_contradiction_does_not_start()
    {
        var app = new Application();
        app.Get("/a", _ => new Response(204)).Secured("nothing");
        app.ServeOpenApi(Path, Documents.Info);

        Assert.That(
            () => new TestServer(app).Dispose(),
            Throws.InvalidOperationException.With.Message.Contains("The route 'GET /a' names"));
    }

    [Test]
    public void A_route_that_is_added_after_the_call_is_in_it()
    {
        var app = new Application();
        app.ServeOpenApi(Path, Documents.Info);
        app.Get("/later", _ => new Response(204));
        using var server = new TestServer(app);

        Assert.That(
            JsonNode.Parse(server.Ask("GET", Path).Text)!["paths"].Keys(),
            Is.EqualTo(new[] { "/later" }));
    }

    [Test]
    public void A_file_is_replaced_and_ends_with_a_newline()
    {
        string file = System.IO.Path.Combine(_folder, "openapi.json");
        File.WriteAllText(file, new string('x', 1_000_000));
        ShopApplication.Make().WriteOpenApi(file, ShopApplication.Info);

        Assert.That(File.ReadAllText(file), Is.EqualTo(s_text + "\n"));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { file }));
    }

    [Test]
    public void A_folder_that_is_missing_is_named()
    {
        string file = System.IO.Path.Combine(_folder, "missing", "openapi.json");

        Assert.That(
            () => ShopApplication.Document().Save(file),
            Throws.InstanceOf<IOException>().With.Message.Contains(file));
    }

    [Test]
    public void A_contradiction_writes_no_file()
    {
        string file = System.IO.Path.Combine(_folder, "openapi.json");
        var app = new Application();
        app.Get("/a/{id}", _ => new Response(204)).PathValue("number", "Unknown.");

        Assert.That(
            () => app.WriteOpenApi(file, Documents.Info),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The route 'GET /a/{id}' has no parameter 'number' to describe."));
        Assert.That(file, Does.Not.Exist);
    }

    private static TestResponse AskIf(TestServer server, string tag)
    {
        var request = new ClientRequest("GET", Path);
        request.Headers.Set("If-None-Match", tag);
        return server.CreateClient().Send(request);
    }
}
