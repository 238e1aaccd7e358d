using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content;

/// <summary>
/// JSON of a client: errors say where in words of the program, and no byte of the request is
/// repeated (RFC 8259; RFC 9110 15.5.1).
/// </summary>
public sealed class JsonContentTests
{
    [TestCase("{", "$", Description = "cut off")]
    [TestCase("", "$")]
    [TestCase("evil", "$")]
    [TestCase("{\"name\":\"a\"} evil", "$")]
    [TestCase("{\"name\":\"a\"}{}", "$")]
    [TestCase("{}", "$", Description = "a property is missing")]
    [TestCase("{\"name\":null}", "$.name")]
    [TestCase("{\"name\":666}", "$.name")]
    [TestCase("{\"name\":\"a\",\"lines\":[{\"count\":1},{\"count\":\"evil\"}]}",
        "$.lines[1].count")]
    [TestCase("{\"name\":\"a\",\"lines\":[{\"count\":1,\"part\":{\"part no\":\"evil\"}}]}",
        "$.lines[0].part.part no")]
    [TestCase("{\"name\":\"a\",\"lines\":[{\"count\":99999999999}]}", "$.lines[0].count")]
    [TestCase("{\"name\":\"a\",\"lines\":{\"evil\":1}}", "$.lines")]
    [TestCase("{\"name\":\"a\",\"tags\":{\"evil\":\"x\"}}", "$.tags.*")]
    [TestCase("{\"name\":\"a\",\"tags\":{\"e.v[0]il\":\"x\"}}", "$.tags.*")]
    [TestCase("{\"name\":\"a\",\"evil\":{\"name\":,}}", "$.*")]
    public void An_error_names_its_path_in_words_of_the_program(string body, string path)
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
            Response.Text((await request.JsonAsync(ContentJson.Default.Order)).Name)));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Post(body));

        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(
            answer.Text, Does.Contain($"The content is not the expected JSON at {path} (line 1"));
        Assert.That(answer.Text, Does.Not.Contain("evil").And.Not.Contain("666"));
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");
        Assert.That(peer.Ask(Post("{\"name\":\"b\"}")).Text, Is.EqualTo("b"), "it goes on");
    }

    [TestCase("{}", Description = "there is no discriminator")]
    [TestCase("{\"lives\":9}")]
    [TestCase("{\"$type\":\"dog\"}")]
    public void A_value_without_its_type_is_400(string body)
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
            Response.Text($"{await request.JsonAsync(ContentJson.Default.Pet)}")));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Post(body));
        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Text, Does.Contain("The content is not the expected JSON"));
        Assert.That(server.LoggedExceptions(), Is.Empty, "the client's fault is no error of ours");
        Assert.That(
            peer.Ask(Post("{\"$type\":\"cat\",\"lives\":9}")).Text, Does.Contain("Lives = 9"));
    }

    [Test]
    public void An_error_has_its_line_and_byte()
    {
        var error = Assert.Throws<HttpException>(() => JsonText.Read(
            "{\n  \"name\": 1\n}"u8, ContentJson.Default.Order, JsonLimits.Default, "It"))!;

        // The number is on the second line; its one digit is the 11th byte there.
        Assert.That(error.Detail, Does.EndWith("at $.name (line 2, byte 12)."));
        Assert.That(error.InnerException, Is.TypeOf<JsonException>());
    }

    [Test]
    public void Null_is_400_since_a_handler_would_fail_on_it()
    {
        foreach (JsonTypeInfo metadata in new JsonTypeInfo[]
            { ContentJson.Default.Order, ContentJson.Default.NullableInt32 })
        {
            var error = metadata is JsonTypeInfo<Order> order
                ? Assert.Throws<HttpException>(() => Read("null", order))!
                : Assert.Throws<HttpException>(
                    () => Read("null", ContentJson.Default.NullableInt32))!;
            Assert.That((error.Status, error.Detail), Is.EqualTo((400, "It is null.")));
        }

        Assert.That(Read("5", ContentJson.Default.NullableInt32), Is.EqualTo(5));
        Assert.That(
            Read("null", ContentJson.Default.JsonElement).ValueKind,
            Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("{\"name\":\"a\",\"name\":\"b\"}")]
    [TestCase("{\"name\":\"a\",\"Name\":\"b\"}", Description = "they are one property here")]
    [TestCase("{\"name\":\"a\",\"n\\u0061me\":\"b\"}", Description = "equal once unescaped")]
    [TestCase("{\"name\":\"a\",\"tags\":{\"x\":1,\"x\":2}}")]
    public void Two_properties_of_one_name_are_400_unless_they_are_allowed(string body)
    {
        // Web defaults: names ignore case.
        JsonTypeInfo<Order> metadata = IgnoringCase();

        Assert.That(
            () => Read(body, metadata),
            Throws.TypeOf<HttpException>().With.Property("Status").EqualTo(400));
        Order order = Read(body, metadata, new JsonLimits { AllowsDuplicateNames = true });
        Assert.That(order.Name, Is.AnyOf("a", "b"));
    }

    [TestCase("{\"a\":1,\"a\":1}")]
    [TestCase("[{\"a\":{\"b\":1,\"b\":2}}]")]
    public void Two_properties_of_one_name_are_400_in_an_element_too(string body) => Assert.That(
        () => Read(body, ContentJson.Default.JsonElement), Throws.TypeOf<HttpException>());

    [TestCase(1, 1)]
    [TestCase(64, 64)]
    [TestCase(100, 100)]
    public void The_depth_is_a_limit_of_the_call(int most, int depth)
    {
        var limits = new JsonLimits { DepthMax = most };

        Assert.That(
            () => Read(Nested(depth), ContentJson.Default.JsonElement, limits), Throws.Nothing);
        Assert.That(
            () => Read(Nested(depth + 1), ContentJson.Default.JsonElement, limits),
            Throws.TypeOf<HttpException>().With.Property("Status").EqualTo(400));
    }

    [Test]
    public void By_default_the_depth_is_that_of_the_metadata_or_64()
    {
        var shallow = new ContentJson(new JsonSerializerOptions { MaxDepth = 3 });

        Assert.That(() => Read(Nested(3), shallow.JsonElement), Throws.Nothing);
        Assert.That(() => Read(Nested(4), shallow.JsonElement), Throws.TypeOf<HttpException>());
        Assert.That(() => Read(Nested(64), ContentJson.Default.JsonElement), Throws.Nothing);
        Assert.That(
            () => Read(Nested(65), ContentJson.Default.JsonElement),
            Throws.TypeOf<HttpException>());
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1001)]
    public void A_depth_is_1_to_1000(int depth) => Assert.That(
        () => new JsonLimits { DepthMax = depth }, Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Metadata_made_by_hand_is_used_as_it_is()
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = ContentJson.Default };
        JsonTypeInfo<int?> metadata = JsonMetadataServices.CreateValueInfo<int?>(
            options, JsonMetadataServices.GetNullableConverter<int>(
                JsonMetadataServices.CreateValueInfo<int>(
                    options, JsonMetadataServices.Int32Converter)));

        Assert.That(Read("7", metadata), Is.EqualTo(7));
    }

    [TestCase("Content-Length: {0}\r\n\r\n{1}")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n{0:x}\r\n{1}\r\n0\r\n\r\n")]
    public void A_body_of_the_limit_of_the_call_is_read_and_one_byte_more_is_413(string form)
    {
        string body = "{\"name\":\"four\"}";
        foreach ((int most, int status) in new[] { (body.Length, 200), (body.Length - 1, 413) })
        {
            using var server = new ServerFixture(app => app.Post("/", async request =>
            {
                var limits = new JsonLimits { BytesMax = most };
                return Response.Text(
                    (await request.JsonAsync(ContentJson.Default.Order, limits)).Name);
            }));
            RawAnswer answer = server.Ask(
                "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                + string.Format(null, form, body.Length, body));

            Assert.That(answer.Status, Is.EqualTo(status));
        }
    }

    [Test]
    public void A_limit_of_the_call_never_raises_that_of_the_route()
    {
        using var server = new ServerFixture(app => app.Post(
            "/",
            async request =>
            {
                var limits = new JsonLimits { BytesMax = 1000 };
                await request.JsonAsync(ContentJson.Default.Order, limits);
                return new Response();
            },
            new RouteOptions { BodyBytesMax = 10 }));

        Assert.That(server.Ask(Post("{\"name\":\"1\"}")).Status, Is.EqualTo(413));
    }

    [Test]
    public void A_body_that_was_read_before_is_measured_against_the_limit()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            string text = await request.TextAsync();
            var limits = new JsonLimits { BytesMax = int.Parse(request.QueryString) };
            Order order = await request.JsonAsync(ContentJson.Default.Order, limits);
            return Response.Text(text + order.Name);
        }));

        Assert.That(
            server.Ask(Post("{\"name\":\"1\"}", "/?12")).Text, Is.EqualTo("{\"name\":\"1\"}1"));
        Assert.That(server.Ask(Post("{\"name\":\"1\"}", "/?11")).Status, Is.EqualTo(413));
    }

    [Test]
    public void A_client_that_waits_for_100_is_told_413_before_it_sends_its_body()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            var limits = new JsonLimits { BytesMax = 10 };
            await request.JsonAsync(ContentJson.Default.Order, limits);
            return new Response();
        }));
        RawAnswer answer = server.Ask(
            "POST / HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            + "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(413));
    }

    private static JsonTypeInfo<Order> IgnoringCase() => new ContentJson(
        new JsonSerializerOptions(ContentJson.Default.Options)
        {
            PropertyNameCaseInsensitive = true,
        }).Order;

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static T Read<T>(string text, JsonTypeInfo<T> metadata, JsonLimits? limits = null) =>
        JsonText.Read(
            System.Text.Encoding.UTF8.GetBytes(text), metadata, limits ?? JsonLimits.Default, "It");

    private static string Post(string body, string target = "/") =>
        $"POST {target} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";
}
