using System.Text.Json.Nodes;
using Reactor.Http.Testing;

namespace OpenApi.Tests;

/// <summary>
/// Real bodies of the served application are valid by the schemas of its document, and what the
/// application refuses is not.
/// </summary>
public sealed class BodyTests
{
    private const string Lamp = """{"name":"Lamp","color":"Red","price":3}""";

    private static readonly JsonObject s_root = ShopApplication.Document().Root;

    [TestCase("GET", "/products", null, "/products", 200)]
    [TestCase("GET", "/products/7", null, "/products/{id}", 200)]
    [TestCase("POST", "/products", Lamp, "/products", 201)]
    [TestCase("GET", "/orders/1", null, "/orders/{number}", 200)]
    public void A_response_is_valid(
        string method, string path, string? body, string template, int status)
    {
        using var server = new TestServer(ShopApplication.Make());
        TestResponse answer = server.Ask(method, path, body);

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        JsonNode schema = s_root["paths"]![template]![method.ToLowerInvariant()]!["responses"]![
            $"{status}"]!["content"]!["application/json"]!["schema"]!;
        Assert.That(Judge.IsValid(s_root, schema, answer.Text), Is.True, answer.Text);
        Assert.That(Judge.IsValid(s_root, schema, "{\"other\":1}"), Is.False, "not everything is");
    }

    [TestCase("GET", "/products/8", null, 404, Description = "the handler returns null")]
    [TestCase("POST", "/products", """{"name":""}""", 400)]
    [TestCase("POST", "/products", """{"name":"","color":"Red","price":3}""", 422)]
    [TestCase("POST", "/products", "name=Lamp", 415)]
    [TestCase("GET", "/nowhere", null, 404)]
    public void An_error_is_a_valid_problem(string method, string path, string? body, int status)
    {
        using var server = new TestServer(ShopApplication.Make());
        TestResponse answer = server.Ask(
            method, path, body, status == 415 ? "text/plain" : "application/json");

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        JsonNode schema = s_root["components"]!["responses"]!["Problem"]!["content"]![
            "application/problem+json"]!["schema"]!;
        Assert.That(Judge.IsValid(s_root, schema, answer.Text), Is.True, answer.Text);
        Assert.That(Judge.IsValid(s_root, schema, """{"title":"x","status":200}"""), Is.False);
    }

    // The handler of a valid body runs; the others are refused with 400.
    [TestCase(Lamp, true)]
    [TestCase("""{"name":"Lamp","color":"Blue","price":3}""", false)]
    [TestCase("""{"name":"Lamp","price":3}""", false)]
    [TestCase("""{"name":null,"color":"Red","price":3}""", false)]
    [TestCase("""{"name":"Lamp","color":"Red","price":"3"}""", false)]
    [TestCase("[]", false)]
    public void The_schema_accepts_what_the_application_does(string body, bool isValid)
    {
        using var server = new TestServer(ShopApplication.Make());

        Assert.That(
            server.Ask("POST", "/products", body).Status, Is.EqualTo(isValid ? 201 : 400));
        Assert.That(
            Judge.IsValid(s_root, RequestSchema("/products", "post"), body),
            Is.EqualTo(isValid));
    }

    [TestCase("""{"kind":"single","id":1,"product":7}""", true)]
    [TestCase(
        """{"kind":"several","id":1,"orders":[{"kind":"single","id":2,"product":7}]}""", true)]
    [TestCase("""{"id":1,"product":7}""", false, Description = "there is no discriminator")]
    [TestCase("""{"kind":"other","id":1}""", false)]
    [TestCase("""{"kind":"several","id":1,"orders":[{"id":2}]}""", false)]
    public void A_polymorphic_value_needs_its_kind(string body, bool isValid)
    {
        using var server = new TestServer(ShopApplication.Make());

        Assert.That(
            server.Ask("PUT", "/orders/1", body).Status, Is.EqualTo(isValid ? 204 : 400));
        Assert.That(
            Judge.IsValid(s_root, RequestSchema("/orders/{number}", "put"), body),
            Is.EqualTo(isValid));
    }

    private static JsonNode RequestSchema(string template, string method) =>
        s_root["paths"]![template]![method]!["requestBody"]!["content"]!["application/json"]![
            "schema"]!;
}
