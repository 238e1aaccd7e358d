using System.Text.Json.Serialization;
using Reactor.Http;
using Reactor.Http.OpenApi;

namespace OpenApi.Tests;

/// <summary>What is sold: every kind of member that a schema can have.</summary>
internal sealed record Product(
    long Id, string Name, Color Color, decimal Price, Product? Substitute,
    IReadOnlyList<Part> Parts, Dictionary<string, Part> ByCode, DateOnly? Since = null);

internal sealed record NewProduct(string Name, Color Color, decimal Price) : IValidatable
{
    public void Validate(Validation check) =>
        check.Require(Name.Length is > 0 and <= 100, "name", "must have 1 to 100 letters");
}

internal sealed record Part(Guid Code, int? Count, byte[]? Seal);

internal sealed record Page<T>(IReadOnlyList<T> Items, int Total);

internal enum Color
{
    Red,
    Green,
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Single), "single")]
[JsonDerivedType(typeof(Several), "several")]
internal abstract record Order(int Id);

internal sealed record Single(int Id, long Product) : Order(Id);

internal sealed record Several(int Id, IReadOnlyList<Order> Orders) : Order(Id);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(NewProduct))]
[JsonSerializable(typeof(Page<Product>))]
[JsonSerializable(typeof(Order))]
internal sealed partial class ShopJson : JsonSerializerContext;

/// <summary>An application with routes of every kind, and its document.</summary>
internal static class ShopApplication
{
    public static OpenApiInfo Info { get; } = new("Shop", "1.0")
    {
        Description = "Sells *things*.",
        License = new("MIT", Identifier: "MIT"),
        Contact = new("The shop", Email: "shop@reactor.test"),
        Tags = new Dictionary<string, string>
        {
            ["products"] = "What is sold.",
            ["orders"] = "What was bought.",
        },
        SecuritySchemes = new Dictionary<string, OpenApiSecurityScheme>
        {
            ["bearer"] = OpenApiSecurityScheme.Bearer("JWT"),
        },
    };

    public static Product Sample { get; } = new(
        7, "Lamp", Color.Green, 12.5m,
        new Product(8, "Candle", Color.Red, 1, null, [], []),
        [new Part(Guid.Empty, 3, [1, 2, 3])],
        new() { ["x"] = new Part(Guid.Empty, null, null) },
        new DateOnly(2026, 12, 1));

    public static Application Make()
    {
        var app = new Application();
        Application products = app.Group("/products");
        products.Get(
                "", ShopJson.Default.PageProduct, (Request _) => new Page<Product>([Sample], 1))
            .Named("listProducts").Summary("Lists the products.").Tags("products")
            .Query<int>("page", description: "From 1.")
            .QueryEnum<Color>("color")
            .Query<long>("id", repeated: true)
            .Header<Guid>("X-Trace");
        products.Get("/{id:long}", ShopJson.Default.Product, async request =>
                request.MatchInfo.Get<long>("id") == 7 ? Sample : null!)
            .Named("getProduct").Summary("Returns a product.", "Or *404*.").Tags("products")
            .PathValue("id", "The number of the product.");
        products.Post(
                "", ShopJson.Default.NewProduct, ShopJson.Default.Product,
                (Request _, NewProduct made) => Sample with { Name = made.Name }, status: 201)
            .Summary("Adds a product.").Tags("products").Secured("bearer", "write");
        app.Put("/orders/{number:range(1,999)}", ShopJson.Default.Order,
                async (Request _, Order order) => new Response(204))
            .Produces(204).Summary("Places an order.").Tags("orders").Deprecated();
        app.Get("/orders/{number:range(1,999)}", ShopJson.Default.Order,
                Task<Order> (Request _) => Task.FromResult<Order>(
                    new Several(1, [new Single(2, 7)])))
            .Summary("Returns an order.").Tags("orders");
        app.Get("/files/{rest...}", _ => Response.Text("x"))
            .ProducesContent(200, "text/plain", "The file.");
        app.Any("/any/{word:alpha:len(2,8)}", _ => new Response(204));
        app.Host("api.reactor.test").Get("/hosted/{code:guid}", _ => new Response(204));
        app.Host("*.reactor.test").Get("/wild", _ => new Response(204));
        app.Get("/hidden", _ => new Response(204)).Undocumented();
        app.ServeOpenApi("/openapi.json", Info);
        return app;
    }

    public static OpenApiDocument Document() => OpenApiDocument.Create(Make(), Info);
}
