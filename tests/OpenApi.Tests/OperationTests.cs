using System.Text.Json.Nodes;
using Reactor.Http;
using Reactor.Http.OpenApi;
using static OpenApi.Tests.Documents;

namespace OpenApi.Tests;

/// <summary>What the descriptions of a route are in its operation.</summary>
public sealed class OperationTests
{
    [Test]
    public void Ids_are_names_or_made_of_method_and_path_and_unique()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Get("/", Answer);
            app.Get("/todo-lists/{id:int}/items", Answer);
            app.Get("/todo/lists/{id:int}/items", Answer);
            app.Get("/named", Answer).Named("getRoot");
            app.Match(["PUT", "DELETE"], "/two", Answer).Named("a two/1");
        });

        Assert.That(
            Ids(document),
            Is.EqualTo(new[]
            {
                "getRoot2", "getTodoListsByIdItems", "getTodoListsByIdItems2", "getRoot",
                "a_two_1_put", "a_two_1_delete",
            }));
    }

    [Test]
    public void The_words_of_a_route_are_those_of_its_operation()
    {
        OpenApiDocument document = Of(
            app =>
            {
                app.Get("/a", Answer).Summary("Does it.", "In *detail*.")
                    .Tags("one", "two").Tags("one").Deprecated();
                app.Get("/b", Answer).Tags("three");
            },
            Info with { Tags = new Dictionary<string, string> { ["two"] = "2", ["none"] = "0" } });

        JsonNode operation = document.Operation("/a");
        AssertJson(operation["tags"], """["one","two"]""");
        Assert.That((string?)operation["summary"], Is.EqualTo("Does it."));
        Assert.That((string?)operation["description"], Is.EqualTo("In *detail*."));
        Assert.That((bool?)operation["deprecated"], Is.True);
        JsonNode other = document.Operation("/b");
        Assert.That((string?)other["summary"], Is.EqualTo("GET /b"));
        Assert.That(other.Keys(), Has.No.Member("deprecated").And.No.Member("description"));
        AssertJson(document.Root["tags"], """
            [{"name":"one"},{"name":"two","description":"2"},{"name":"three"},
              {"name":"none","description":"0"}]
            """);
    }

    [Test]
    public void Parameters_have_their_place_type_and_words()
    {
        OpenApiDocument document = Of(app => app.Get("/a", Answer)
            .Query<int>("page", description: "From 1.")
            .Query<Guid>("id", required: true, repeated: true)
            .QueryEnum<Level>("level")
            .Header<DateTimeOffset>("X-Since", required: true)
            .Cookie<bool>("seen")
            .Query<string>("page", description: "The last one counts."));

        AssertJson(document.Operation("/a")["parameters"], """
            [
              {"name":"page","in":"query","description":"The last one counts.",
                "schema":{"type":"string"}},
              {"name":"id","in":"query","required":true,
                "schema":{"type":"array","items":{"type":"string","format":"uuid"}}},
              {"name":"level","in":"query","schema":{"type":"string","enum":["Low","High"]}},
              {"name":"X-Since","in":"header","required":true,
                "schema":{"type":"string","format":"date-time"}},
              {"name":"seen","in":"cookie","schema":{"type":"boolean"}}
            ]
            """);
    }

    [TestCase("Accept")]
    [TestCase("content-type")]
    [TestCase("Authorization")]
    public void A_field_that_documents_ignore_is_refused(string name) => Assert.That(
        () => Of(app => app.Get("/a", Answer).Header<int>(name)), Throws.ArgumentException);

    [TestCase(199)]
    [TestCase(600)]
    public void A_status_is_a_final_one(int status) => Assert.That(
        () => Of(app => app.Get("/a", Answer).Produces(status)),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    // RFC 9110 6.4.1, 15.3.6.
    [TestCase(204)]
    [TestCase(205)]
    [TestCase(304)]
    public void A_status_without_content_has_none_in_a_document(int status)
    {
        Assert.That(
            () => Of(app => app.Get("/a", Answer).ProducesContent(status, "text/plain")),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Of(app => app.Get("/a", Answer).Produces(status, TypesJson.Default.LeftItem)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Of(app => app.Get("/a", Answer).Produces(status)), Throws.Nothing);
    }

    [Test]
    public void A_field_is_one_parameter_however_its_name_is_written()
    {
        OpenApiDocument document = Of(app => app.Get("/a", Answer)
            .Header<int>("X-Count").Header<int>("x-count").Cookie<int>("a").Cookie<int>("A"));

        Assert.That(
            document.Operation("/a")["parameters"]!.AsArray().Select(one => (string?)one!["name"]),
            Is.EqualTo(new[] { "x-count", "a", "A" }));
    }

    [Test]
    public void Contents_of_a_request_and_of_one_status_are_alternatives()
    {
        OpenApiDocument document = Of(app => app.Post("/a", Answer)
            .Accepts(TypesJson.Default.LeftItem, "One of these.")
            .Accepts(TypesJson.Default.RightItem)
            .AcceptsContent("text/csv")
            .Produces(200, TypesJson.Default.LeftItem)
            .ProducesContent(200, "text/csv", "The rows.")
            .Produces(599)
            .Produces(422)
            .Produces(202));

        JsonNode operation = document.Operation("/a", "post");
        AssertJson(operation["requestBody"], """
            {"description":"One of these.","required":true,"content":{
              "application/json":{"schema":{"anyOf":[
                {"$ref":"#/components/schemas/Item"},{"$ref":"#/components/schemas/Item2"}]}},
              "text/csv":{}}}
            """);
        AssertJson(operation["responses"], """
            {
              "200":{"description":"The rows.","content":{
                "application/json":{"schema":{"$ref":"#/components/schemas/Item"}},
                "text/csv":{}}},
              "202":{"description":"Accepted"},
              "422":{"description":"Unprocessable Content"},
              "599":{"description":"599"},
              "4XX":{"$ref":"#/components/responses/Problem"},
              "default":{"$ref":"#/components/responses/Problem"}
            }
            """);
    }

    [Test]
    public void Content_of_any_shape_takes_the_place_of_its_alternatives()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Post("/a", Answer).Accepts(TypesJson.Default.LeftItem)
                .AcceptsContent("application/json", required: false);
            app.Post("/b", Answer).AcceptsContent("application/json")
                .Accepts(TypesJson.Default.LeftItem);
        });

        AssertJson(
            document.Operation("/a", "post")["requestBody"],
            """{"content":{"application/json":{}}}""");
        AssertJson(
            document.Operation("/b", "post")["requestBody"],
            """{"content":{"application/json":{}},"required":true}""");
    }

    [Test]
    public void A_licence_has_an_identifier_or_a_URL() => Assert.That(
        () => Of(_ => { }, Info with { License = new("MIT", "MIT", "https://a.test") }),
        Throws.InvalidOperationException.With.Message.Contains("OpenApiInfo.License"));

    [Test]
    public void A_route_that_says_nothing_has_some_success_and_the_errors_of_the_server() =>
        AssertJson(Of(app => app.Get("/a", Answer)).Operation("/a")["responses"], """
            {
              "2XX":{"description":"Success"},
              "4XX":{"$ref":"#/components/responses/Problem"},
              "default":{"$ref":"#/components/responses/Problem"}
            }
            """);

    [Test]
    public void An_own_error_page_is_a_response_of_unknown_content()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Get("/a", Answer);
            Application own = app.Group("/own");
            own.ErrorPage = (in ErrorContext error) => Response.Text("own");
            own.Group("/deep").Get("/b", Answer);
        });

        Assert.That(Error("/a"), Is.EqualTo("#/components/responses/Problem"));
        Assert.That(Error("/own/deep/b"), Is.EqualTo("#/components/responses/ErrorPage"));
        AssertJson(
            document.Root["components"]!["responses"]!["ErrorPage"],
            """{"description":"Error"}""");

        string? Error(string path) =>
            (string?)document.Operation(path)["responses"]!["default"]!["$ref"];
    }

    [Test]
    public void Credentials_are_those_of_the_document_unless_a_route_says_others()
    {
        OpenApiDocument document = Of(
            app =>
            {
                app.Get("/usual", Answer);
                app.Get("/either", Answer).Secured("key").Secured("token", "read", "write");
                app.Get("/none", Answer).Unsecured();
                app.Get("/optional", Answer).Unsecured().Secured("key");
            },
            Info with
            {
                Security = ["token"],
                SecuritySchemes = new Dictionary<string, OpenApiSecurityScheme>
                {
                    ["token"] = OpenApiSecurityScheme.Bearer("JWT", "From /login."),
                    ["key"] = OpenApiSecurityScheme.ApiKey(RouteParameterPlace.Header, "X-Key"),
                    ["basic"] = OpenApiSecurityScheme.Basic(),
                },
            });

        AssertJson(document.Root["security"], """[{"token":[]}]""");
        Assert.That(document.Operation("/usual").Keys(), Has.No.Member("security"));
        AssertJson(
            document.Operation("/either")["security"],
            """[{"key":[]},{"token":["read","write"]}]""");
        AssertJson(document.Operation("/none")["security"], "[]");
        AssertJson(document.Operation("/optional")["security"], """[{},{"key":[]}]""");
        AssertJson(document.Root["components"]!["securitySchemes"], """
            {
              "token":{"type":"http","scheme":"bearer","bearerFormat":"JWT",
                "description":"From /login."},
              "key":{"type":"apiKey","name":"X-Key","in":"header"},
              "basic":{"type":"http","scheme":"basic"}
            }
            """);
    }

    [Test]
    public void A_scheme_that_is_unknown_is_named() => Assert.That(
        () => Of(_ => { }, Info with { Security = ["token"] }),
        Throws.InvalidOperationException.With.Message.Contains("the scheme 'token'"));

    [Test]
    public void A_key_is_no_part_of_a_path() => Assert.That(
        () => OpenApiSecurityScheme.ApiKey(RouteParameterPlace.Path, "key"),
        Throws.ArgumentException);

    private static IEnumerable<string?> Ids(OpenApiDocument document) =>
        document.Operations().Select(one => one.Split(' '))
            .Select(one => (string?)document.Operation(one[1], one[0])["operationId"]);

    private static Response Answer(Request request) => new(204);
}
