using Reactor.Http;
using Reactor.Http.OpenApi;
using static OpenApi.Tests.Documents;

namespace OpenApi.Tests;

/// <summary>The paths, the parameters of patterns, and the servers of a document.</summary>
public sealed class PathTests
{
    [Test]
    public void Groups_and_mounts_give_their_prefixes()
    {
        OpenApiDocument document = Of(app =>
        {
            var shop = new Application();
            shop.Get("/", Answer);
            shop.Group("/items").Get("/{id:int}", Answer).PathValue("tenant", "Whose shop.");
            app.Mount("/tenants/{tenant}/shop", shop);
            app.Group("/v1").Group("/deep").Delete("/x", Answer);
        });

        Assert.That(document.Operations(), Is.EqualTo(new[]
        {
            "get /tenants/{tenant}/shop/", "get /tenants/{tenant}/shop/items/{id}",
            "delete /v1/deep/x",
        }));
        AssertJson(document.Operation("/tenants/{tenant}/shop/items/{id}")["parameters"], """
            [
              {"name":"tenant","in":"path","required":true,"description":"Whose shop.",
                "schema":{"type":"string"}},
              {"name":"id","in":"path","required":true,
                "schema":{"type":"integer","format":"int32"}}
            ]
            """);
    }

    [Test]
    public void A_tail_is_a_parameter_that_says_what_it_takes()
    {
        OpenApiDocument document = Of(app => app.Get("/files/{rest...}", Answer));

        AssertJson(document.Operation("/files/{rest}")["parameters"], """
            [{"name":"rest","in":"path","required":true,"schema":{"type":"string"},
              "description":"The rest of the path. It may be empty and may have slashes."}]
            """);
    }

    [TestCase("int", """{"type":"integer","format":"int32"}""")]
    [TestCase("long", """{"type":"integer","format":"int64"}""")]
    [TestCase(
        "range(1,9)", """{"type":"integer","format":"int32","minimum":1,"maximum":9}""")]
    [TestCase(
        "range(0,2147483648)",
        """{"type":"integer","format":"int64","minimum":0,"maximum":2147483648}""")]
    [TestCase("guid", """{"type":"string","format":"uuid"}""")]
    [TestCase("alpha", """{"type":"string","pattern":"^[A-Za-z]+$","minLength":1}""")]
    [TestCase("len(3,3)", """{"type":"string","minLength":3,"maxLength":3}""")]
    [TestCase("len(2,8)", """{"type":"string","minLength":2,"maxLength":8}""")]
    public void A_constraint_is_a_schema(string constraint, string schema) => AssertJson(
        Of(app => app.Get($"/x/{{value:{constraint}}}", Answer))
            .Operation("/x/{value}")["parameters"]![0]!["schema"],
        schema);

    [Test]
    public void Literals_are_escaped_as_in_a_path() => Assert.That(
        Of(app => app.Get("/größe/a b/{id}", Answer)).Operations(),
        Is.EqualTo(new[] { "get /gr%C3%B6%C3%9Fe/a%20b/{id}" }));

    [Test]
    public void A_wildcard_host_is_a_server_with_a_variable()
    {
        OpenApiDocument document = Of(app => app.Host("*.reactor.test").Get("/a", Answer));

        AssertJson(document.Root["paths"]!["/a"]!["servers"], """
            [{"url":"//{subdomain}.reactor.test",
              "variables":{"subdomain":{"default":"www"}}}]
            """);
    }

    [Test]
    public void The_port_of_hosts_is_that_of_the_info()
    {
        OpenApiDocument document = Of(
            app =>
            {
                app.Host("api.reactor.test").Get("/a", Answer);
                app.Host("*.reactor.test").Get("/b", Answer);
            },
            Info with { HostPort = 8080 });

        Assert.That(
            new[] { "/a", "/b" }.Select(
                path => (string?)document.Root["paths"]![path]!["servers"]![0]!["url"]),
            Is.EqualTo(new[] { "//api.reactor.test:8080", "//{subdomain}.reactor.test:8080" }));
    }

    [Test]
    public void The_servers_are_the_own_one_or_those_of_the_info()
    {
        AssertJson(Of(_ => { }).Root["servers"], """[{"url":"/"}]""");
        AssertJson(
            Of(_ => { }, Info with { Servers = ["https://a.test", "https://b.test/v1"] })
                .Root["servers"],
            """[{"url":"https://a.test"},{"url":"https://b.test/v1"}]""");
    }

    private static Response Answer(Request request) => new(204);
}
