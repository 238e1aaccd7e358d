using System.Text.Json.Nodes;
using Reactor.Http;
using Reactor.Http.OpenApi;
using static OpenApi.Tests.Documents;

namespace OpenApi.Tests;

/// <summary>
/// Routes that OpenAPI cannot tell apart: a templated path stands for all of its values and hosts,
/// and has one operation for a method (OpenAPI 3.1, Paths Object). None is lost without a word.
/// </summary>
public sealed class ClashTests
{
    /// <summary>A document in which paths clash, for the judges.</summary>
    public static OpenApiDocument Document() => Of(
        app =>
        {
            AddConstraints(app);
            AddHosts(app);
            app.Get("/y/{a}", Answer);
            app.Post("/y/{b:int}", Answer);
            app.Get("/files/{name}", Answer);
            app.Get("/files/{rest...}", Answer);
        },
        Info with { License = new("MIT", Identifier: "MIT") });

    [Test]
    public void Of_paths_that_differ_in_constraints_the_first_is_described_and_names_the_others()
    {
        OpenApiDocument document = Of(AddConstraints);

        Assert.That(document.Operations(), Is.EqualTo(new[] { "get /x/{id}" }));
        JsonNode operation = document.Operation("/x/{id}");
        Assert.That((string?)operation["operationId"], Is.EqualTo("byNumber"));
        Assert.That((string?)operation["description"], Is.EqualTo(
            "By number.\n\nAnother route serves this path for other values or hosts: "
            + "`GET /x/{name}`, `GET /x/{code:guid}`."));
        AssertJson(operation["parameters"]![0]!["schema"], """
            {"type":"integer","format":"int32"}
            """);
        Assert.That(
            document.LeftOut.Select(route => route.Pattern),
            Is.EqualTo(new[] { "/x/{name}", "/x/{code:guid}" }));
    }

    [Test]
    public void A_path_with_other_names_is_one_path_with_the_names_of_the_first()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Get("/y/{a}/z/{b}", Answer);
            app.Post("/y/{c:int}/z/{d:guid}", Answer).PathValue("d", "A code.");
        });

        Assert.That(
            document.Operations(), Is.EqualTo(new[] { "get /y/{a}/z/{b}", "post /y/{a}/z/{b}" }));
        AssertJson(document.Operation("/y/{a}/z/{b}", "post")["parameters"], """
            [
              {"name":"a","in":"path","required":true,
                "schema":{"type":"integer","format":"int32"}},
              {"name":"b","in":"path","required":true,"description":"A code.",
                "schema":{"type":"string","format":"uuid"}}
            ]
            """);
        Assert.That(document.LeftOut, Is.Empty, "each has its operation");
    }

    [Test]
    public void A_tail_and_a_value_are_one_path()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Get("/files/{rest...}", Answer);
            app.Get("/files/{name}", Answer);
        });

        Assert.That(document.Operations(), Is.EqualTo(new[] { "get /files/{rest}" }));
        Assert.That(document.LeftOut.Single().Pattern, Is.EqualTo("/files/{name}"));
    }

    [Test]
    public void A_route_for_every_method_is_named_where_another_takes_only_some_values()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Any("/x/{word}", Answer);
            app.Get("/x/{id:int}", Answer);
        });

        Assert.That(document.Operations(), Is.EquivalentTo(new[]
        {
            "get /x/{word}", "put /x/{word}", "post /x/{word}", "delete /x/{word}",
            "patch /x/{word}",
        }));
        Assert.That(
            (string?)document.Operation("/x/{word}")["description"],
            Does.EndWith(": `* /x/{word}`."));
        Assert.That(document.LeftOut.Single().Pattern, Is.EqualTo("/x/{word}"));
    }

    [Test]
    public void A_route_for_every_method_loses_nothing_to_a_method_of_the_same_pattern()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Any("/x/{word}", Answer);
            app.Get("/x/{word}", Answer).Summary("The own one.");
        });

        Assert.That(
            (string?)document.Operation("/x/{word}")["summary"], Is.EqualTo("The own one."));
        Assert.That(document.LeftOut, Is.Empty);
    }

    [Test]
    public void A_path_of_two_hosts_is_described_once_with_its_server()
    {
        OpenApiDocument document = Of(AddHosts);

        Assert.That(
            document.Operations(), Is.EqualTo(new[] { "get /z", "delete /z", "get /own" }));
        Assert.That(document.Root["paths"]!["/z"]!["servers"], Is.Null, "they differ");
        AssertJson(
            document.Operation("/z", "delete")["servers"], """[{"url":"//api.reactor.test"}]""");
        Assert.That(document.Operation("/z")["servers"], Is.Null);
        AssertJson(
            document.Root["paths"]!["/own"]!["servers"], """[{"url":"//api.reactor.test"}]""");
        Assert.That(
            document.LeftOut.Select(route => $"{route}"),
            Is.EqualTo(new[] { "GET api.reactor.test/z", "GET *.reactor.test/z" }));
    }

    // Of the hosts that serve a request, the more specific one comes first.
    [TestCase("api.reactor.test", "api")]
    [TestCase("API.Reactor.Test", "api")]
    [TestCase("www.reactor.test", "wild")]
    [TestCase("a.b.reactor.test", "wild")]
    [TestCase("reactor.test", "all")]
    public void The_document_of_a_host_has_the_routes_that_serve_it(string host, string summary)
    {
        OpenApiDocument document = Of(AddHosts, Info with { Host = host });

        Assert.That((string?)document.Operation("/z")["summary"], Is.EqualTo(summary));
        Assert.That(
            document.Operations(), Is.EqualTo(summary == "api"
                ? new[] { "get /z", "delete /z", "get /own" } : ["get /z"]));
        Assert.That(document.Root["paths"]!.ToJsonString(), Does.Not.Contain("servers"));
        Assert.That(document.LeftOut, Is.Empty, "no request for this host reaches the others");
    }

    [Test]
    public void The_route_of_a_host_for_every_method_comes_before_those_of_all_hosts()
    {
        OpenApiDocument document = Of(
            app =>
            {
                app.Get("/a", Answer).Summary("all");
                app.Host("api.reactor.test").Any("/a", Answer).Summary("api");
            },
            Info with { Host = "api.reactor.test" });

        Assert.That((string?)document.Operation("/a")["summary"], Is.EqualTo("api"));
        Assert.That(document.LeftOut, Is.Empty);
    }

    // "*.b.test" and "a.b.test" have the same length.
    [Test]
    public void An_exact_host_comes_before_a_wildcard_and_a_long_one_before_a_short_one()
    {
        Assert.That(Chosen("*.b.test", "a.b.test"), Is.EqualTo("a.b.test"));
        Assert.That(Chosen("*.test", "*.b.test"), Is.EqualTo("*.b.test"));

        static string? Chosen(params string[] hosts) => (string?)Of(
            app =>
            {
                foreach (string host in hosts)
                {
                    app.Host(host).Get("/", Answer).Summary(host);
                }
            },
            Info with { Host = "a.b.test" }).Operation("/")["summary"];
    }

    [Test]
    public void Another_host_serves_the_values_that_a_host_refuses()
    {
        OpenApiDocument document = Of(
            app =>
            {
                app.Host("api.reactor.test").Get("/a/{id:int}", Answer);
                app.Get("/a/{id}", Answer);
            },
            Info with { Host = "api.reactor.test" });

        Assert.That(document.LeftOut.Single().Pattern, Is.EqualTo("/a/{id}"));
    }

    [Test]
    public void A_method_that_OpenAPI_lacks_is_left_out()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Router.AddRoute("PURGE", "/cache", Answer);
            app.Match(["GET", "SEARCH"], "/items", Answer);
            app.Get("/hidden", Answer).Undocumented();
        });

        Assert.That(document.Operations(), Is.EqualTo(new[] { "get /items" }));
        Assert.That(
            document.LeftOut.Select(route => route.Pattern),
            Is.EqualTo(new[] { "/cache", "/items" }));
    }

    private static void AddConstraints(Application app)
    {
        app.Get("/x/{id:int}", Answer).Named("byNumber").Summary("A thing", "By number.");
        app.Get("/x/{name}", Answer);
        app.Get("/x/{code:guid}", Answer);
    }

    private static void AddHosts(Application app)
    {
        Application api = app.Host("api.reactor.test");
        api.Get("/z", Answer).Summary("api");
        app.Host("*.reactor.test").Get("/z", Answer).Summary("wild");
        app.Get("/z", Answer).Summary("all");
        api.Delete("/z", Answer);
        api.Get("/own", Answer);
    }

    private static Response Answer(Request request) => new(204);
}
