using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Anybody can ask for any number of paths that nobody serves, so nothing may be kept for each.
/// </summary>
[Category("Measured")]
public class NotFoundFloodTests
{
    private const int Paths = 10_000;

    [TestCase("plain")]
    [TestCase("middleware")]
    [TestCase("page and hook")]
    [TestCase("page that throws")]
    public void Ten_thousand_paths_that_nobody_serves_leave_nothing(string kind)
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/files/{name}", "x");
            switch (kind)
            {
                case "middleware":
                    app.Use((request, next) => next(request));
                    break;
                case "page and hook":
                    app.ErrorPage = (in ErrorContext error) => Response.Html("x", error.Status);
                    app.OnResponsePrepare.Add((_, response) => response.Headers.Set("X-Id", "1"));
                    break;
                case "page that throws":
                    app.ErrorPage = (in ErrorContext _) => throw new InvalidOperationException();
                    break;
            }
        });
        HttpPeer peer = server.Connect();
        string tail = new('x', 1000);
        Ask(server, peer, 100, "warm" + tail);
        long before = ManagedHeap.Measure();
        Ask(server, peer, Paths, tail);
        long grown = ManagedHeap.Measure() - before;

        Assert.That(grown, Is.LessThan(Paths * tail.Length / 5), "a kept path has 1000 bytes");
    }

    private static void Ask(ServerFixture server, HttpPeer peer, int count, string tail)
    {
        for (int i = 0; i < count; i++)
        {
            if (peer.Ask(Get($"/none/{i}/{tail}")).Status != 404)
            {
                Assert.Fail("404 was expected");
            }
        }
    }
}
