using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Anybody can ask for any number of paths that nobody serves, so nothing may be kept for each.
/// </summary>
[Category("Measured")]
[NonParallelizable]
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

    [Test]
    public void Ten_thousand_methods_and_hosts_that_no_route_has_leave_nothing()
    {
        using var server = new ServerFixture(app =>
        {
            app.SlashPolicy = SlashPolicy.Redirect;
            app.OnGet("/files/{id:int}", "x");
            app.Host("*.example").Group("/group").Post("/a", _ => Response.Text("x"));
        });
        HttpPeer peer = server.Connect();
        string tail = new('X', 200);
        Ask(peer, 100, "WARM" + tail);
        long before = ManagedHeap.Measure();
        Ask(peer, Paths, tail);
        long grown = ManagedHeap.Measure() - before;

        Assert.That(grown, Is.LessThan(Paths * tail.Length / 5), "a kept method has 200 bytes");
    }

    // Each is answered without a handler: 501, 405, 404 of a host and of its group.
    private static void Ask(HttpPeer peer, int count, string tail)
    {
        (string Method, string Path, int Status)[] kinds =
        [
            ("M", "/files/7", 501), ("DELETE", "/files/7", 405), ("GET", "/group/b", 404),
            ("PUT", "/group/a", 405),
        ];
        for (int i = 0; i < count; i++)
        {
            (string method, string path, int status) = kinds[i % kinds.Length];
            method = status == 501 ? $"M{i}{tail[..20]}" : method;
            string request = $"{method} {path} HTTP/1.1\r\nHost: h{i}{tail}.example\r\n\r\n";
            if (peer.Ask(request).Status != status)
            {
                Assert.Fail($"{status} was expected of {request}");
            }
        }
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
