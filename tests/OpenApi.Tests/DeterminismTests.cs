using System.Globalization;
using System.Text.Json.Nodes;
using Reactor.Http;
using Reactor.Http.OpenApi;
using static OpenApi.Tests.Documents;

namespace OpenApi.Tests;

/// <summary>The same application makes the same bytes, so a file of them can be compared.</summary>
public sealed class DeterminismTests
{
    [Test]
    public void Two_documents_have_the_same_bytes() => Assert.That(
        ShopApplication.Document().ToUtf8Bytes(),
        Is.EqualTo(ShopApplication.Document().ToUtf8Bytes()));

    // The order of a dictionary is none: only the names decide.
    [Test]
    public void The_order_in_which_dictionaries_were_filled_does_not_matter()
    {
        string[] names = ["b", "a", "c"];
        Assert.That(
            Text(names.Reverse()), Is.EqualTo(Text(names)).And.Contain("a description of a"));

        static string Text(IEnumerable<string> names) => Of(
            app => app.Get("/", _ => new Response(204)),
            Info with
            {
                Tags = names.ToDictionary(name => name, name => $"a description of {name}"),
                SecuritySchemes = names.ToDictionary(
                    name => name, name => OpenApiSecurityScheme.Basic(name)),
            }).ToString();
    }

    [Test]
    public void Paths_have_the_order_of_the_routes_and_components_that_of_their_names()
    {
        OpenApiDocument document = Of(app =>
        {
            app.Any("/c", _ => new Response(204));
            app.Get("/b", ShopJson.Default.Product, _ => ShopApplication.Sample);
            app.Get("/a", ShopJson.Default.Order, Order? (_) => new Single(1, 1));
            app.Post("/b", _ => new Response(204));
        });

        Assert.That(
            document.Root["paths"].Keys(), Is.EqualTo(new[] { "/c", "/b", "/a" }));
        Assert.That(
            document.Root["components"]!["schemas"].Keys(),
            Is.EqualTo(new[]
            {
                "Color", "Order", "OrderSeveral", "OrderSingle", "Part", "Problem", "Product",
            }));
    }

    [Test]
    public void The_culture_of_the_process_does_not_matter()
    {
        string expected = TypesApplication.Document().ToString();
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("")
        {
            NumberFormat = { NegativeSign = "minus ", NumberDecimalSeparator = "," },
        };
        try
        {
            Assert.That(TypesApplication.Document().ToString(), Is.EqualTo(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void It_is_UTF_8_with_the_letters_of_its_texts_and_line_feeds()
    {
        OpenApiDocument document = Of(_ => { }, Info with { Summary = "Größe, 价格 & <b>" });
        string text = System.Text.Encoding.UTF8.GetString(document.ToUtf8Bytes());

        Assert.That(text, Does.Contain("Größe, 价格 & <b>").And.Not.Contain("\r"));
        Assert.That(text, Does.StartWith("{\n"));
        Assert.That(document.ToString(), Is.EqualTo(text));
    }

    [Test]
    public void An_edit_changes_what_is_written()
    {
        OpenApiDocument document = Of(
            _ => { }, Info with { Edit = root => root["x-own"] = JsonValue.Create(7) });

        Assert.That(document.ToString(), Does.Contain("\"x-own\": 7"));
    }
}
