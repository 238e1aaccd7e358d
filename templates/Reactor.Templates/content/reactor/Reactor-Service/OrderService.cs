using System.Text.Json.Serialization;
using Reactor.Http;

/// <summary>The routes of the service, for <c>Program.cs</c> and the tests.</summary>
public static class OrderService
{
    /// <summary>An application with its own orders.</summary>
    public static Application Create()
    {
        // One thread runs all handlers, so the list needs no lock.
        List<PlacedOrder> orders = [];
        var app = new Application();

        // A result of null is answered with 404.
        app.Get("/orders/{id:int}", OrderJson.Default.PlacedOrder, request =>
            orders.Find(order => order.Id == request.MatchInfo.Get<int>("id")));

        // A malformed body is answered with 400, 413 or 415, an invalid order with 422.
        app.Post(
            "/orders", OrderJson.Default.Order, OrderJson.Default.PlacedOrder,
            (request, order) =>
            {
                var placed = new PlacedOrder(orders.Count + 1, order.Product, order.Count);
                orders.Add(placed);
                return placed;
            },
            status: 201);

        return app;
    }
}

/// <summary>What a client orders.</summary>
public sealed record Order(string Product, int Count) : IValidatable
{
    /// <inheritdoc/>
    public void Validate(Validation check)
    {
        check.Require(
            Product.Length is > 0 and <= 100, "product", "must have 1 to 100 characters");
        check.Require(Count is > 0 and <= 1000, "count", "must be 1 to 1000");
    }
}

/// <summary>An order with its number.</summary>
public sealed record PlacedOrder(int Id, string Product, int Count);

/// <summary>
/// JSON without reflection, so that the service can be published trimmed. What a record demands,
/// the content must have.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(PlacedOrder))]
public sealed partial class OrderJson : JsonSerializerContext;
