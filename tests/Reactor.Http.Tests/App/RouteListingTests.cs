namespace Reactor.Http.Tests.App;

/// <summary>The table of routes that a program prints for its user.</summary>
public sealed class RouteListingTests
{
    [Test]
    public void Each_route_is_one_line_with_what_is_known_about_it()
    {
        var app = new Application();
        app.Get("/", Answer).Named("home");
        app.Match(["GET", "PUT"], "/items/{id:int}", Answer, new RouteOptions
        {
            BodyBytesMax = 1000,
            HandlerTimeout = TimeSpan.FromSeconds(1.5),
            RequestsInFlightMax = 3,
            ServesOverloaded = true,
            CancelHandlerOnDisconnect = false,
        }).With("an item");
        Application host = app.Host("api.example.com").Group("/v1");
        host.Any("/{rest...}", Answer, new RouteOptions
        {
            HandlerTimeout = Timeout.InfiniteTimeSpan,
            CancelHandlerOnDisconnect = true,
        });

        Assert.That(Text(app), Is.EqualTo(new[]
        {
            "Method   Host             Pattern          Name  Options" + new string(' ', 115)
                + "Metadata",
            "GET                       /                home",
            "GET|PUT                   /items/{id:int}        body at most 1000 bytes, "
                + "at most 1.5 s, at most 3 requests at once, served while overloaded, "
                + "not cancelled on disconnect  an item",
            "*        api.example.com  /v1/{rest...}          no time limit, cancelled on "
                + "disconnect",
        }));
    }

    [Test]
    public void A_column_without_content_is_left_out()
    {
        var app = new Application();
        app.Get("/a", Answer);
        app.Post("/b", Answer);

        Assert.That(Text(app), Is.EqualTo(new[] { "Method  Pattern", "GET     /a", "POST    /b" }));
    }

    [Test]
    public void An_application_without_routes_says_so() =>
        Assert.That(Text(new Application()), Is.EqualTo(new[] { "No routes." }));

    private static string[] Text(Application app)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        RouteListing.Write(writer, app);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }

    private static Response Answer(Request request) => new(204);
}
