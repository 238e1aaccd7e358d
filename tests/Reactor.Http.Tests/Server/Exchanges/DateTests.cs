using Reactor.Simulation;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The Date field (RFC 9110 6.6.1), to the second, on a clock that the test holds.
/// </summary>
public class DateTests
{
    [Test]
    public void H74_every_answer_has_the_date_of_its_second()
    {
        var start = new DateTimeOffset(1994, 11, 6, 8, 49, 37, 250, TimeSpan.Zero);
        using var server = new ServerFixture(
            app => app.OnGet("/", "x"),
            Patient,
            new InMemoryOptions { StartUtc = start });
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Get("/"))["Date"], Is.EqualTo("Sun, 06 Nov 1994 08:49:37 GMT"));

        Pass(server, start.AddMilliseconds(749.9));
        Assert.That(peer.Ask(Get("/"))["Date"], Is.EqualTo("Sun, 06 Nov 1994 08:49:37 GMT"));

        Pass(server, start.AddMilliseconds(750));
        Assert.That(peer.Ask(Get("/"))["Date"], Is.EqualTo("Sun, 06 Nov 1994 08:49:38 GMT"));

        Pass(server, start.AddDays(1));
        Assert.That(peer.Ask(Get("/"))["Date"], Is.EqualTo("Mon, 07 Nov 1994 08:49:37 GMT"));
    }

    [TestCase("GET /none HTTP/1.1\r\nHost: test\r\n\r\n", 404)]
    [TestCase("GET /throws HTTP/1.1\r\nHost: test\r\n\r\n", 500)]
    [TestCase("GET /none HTTP/3.0\r\nHost: test\r\n\r\n", 505)]
    [TestCase("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n", 204)]
    public void H74_errors_have_a_date_and_the_servers_name_too(string request, int status)
    {
        using var server = new ServerFixture(app =>
            app.OnGet("/throws", _ => throw new InvalidOperationException("on purpose")));
        RawAnswer answer = server.Ask(request);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer["Date"], Is.EqualTo("Sat, 01 Jan 2000 00:00:00 GMT"));
        Assert.That(answer["Server"], Is.EqualTo("reactor"));
    }

    [Test]
    public void The_servers_name_can_be_left_out()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "x"), new HttpServerOptions { ServerName = null });

        Assert.That(server.Ask(Get("/"))["Server"], Is.Null);
    }

    private static void Pass(ServerFixture server, DateTimeOffset moment) =>
        server.Run(async () => await EventLoop.Delay(moment - server.Driver.UtcNow));
}
