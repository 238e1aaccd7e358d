using Reactor.Http;
using Reactor.Http.Testing;

/// <summary>
/// The service with the real parser, server and client, in virtual time and without a socket. A
/// test also fails if it leaves a request, a task or a connection behind.
/// </summary>
public sealed class OrderServiceTests
{
    [Test]
    public void A_placed_order_is_found_by_its_number() =>
        TestServer.Run(OrderService.Create(), client =>
        {
            TestResponse placed = client.Post("/orders", Json(new Order("tea", 2)));
            Assert.That(placed.Status, Is.EqualTo(201), placed.Text);
            Assert.That(
                client.Get("/orders/1").Json(OrderJson.Default.PlacedOrder),
                Is.EqualTo(new PlacedOrder(1, "tea", 2)));
        });

    [Test]
    public void An_order_that_was_not_placed_is_404() =>
        TestServer.Run(OrderService.Create(), client =>
            Assert.That(client.Get("/orders/1").Status, Is.EqualTo(404)));

    [TestCase("", 1)]
    [TestCase("tea", 0)]
    [TestCase("tea", 1001)]
    public void An_invalid_order_is_422(string product, int count) =>
        TestServer.Run(OrderService.Create(), client => Assert.That(
            client.Post("/orders", Json(new Order(product, count))).Status, Is.EqualTo(422)));

    [Test]
    public void A_body_that_is_no_order_is_400()
    {
        using var server = new TestServer(OrderService.Create());
        TestResponse response = server.CreateClient().Post(
            "/orders", ClientContent.Text("{}", "application/json"));
        Assert.That(response.Status, Is.EqualTo(400));
    }

    private static ClientContent Json(Order order) =>
        ClientContent.Json(order, OrderJson.Default.Order);
}
