using Reactor.Http.Testing;

/// <summary>
/// The service with the real parser, server and client, in virtual time and without a socket. A
/// test also fails if it leaves a request, a task or a connection behind.
/// </summary>
public sealed class OrderServiceTests
{
    [Test]
    public void An_order_that_was_not_placed_is_404()
    {
        using var server = new TestServer(OrderService.Create());
        Assert.That(server.CreateClient().Get("/orders/1").Status, Is.EqualTo(404));
    }

    [Test]
    public void An_order_whose_number_is_none_is_404()
    {
        using var server = new TestServer(OrderService.Create());
        Assert.That(server.CreateClient().Get("/orders/tea").Status, Is.EqualTo(404));
    }
}
