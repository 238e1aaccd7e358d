namespace Reactor.Http.Tests.App;

/// <summary>What cannot be changed once an application is served, and what says so.</summary>
public sealed class FreezeTests
{
    private static readonly (string Change, Action<Application> Run)[] s_changes =
    [
        ("the routes, by adding 'GET /late'", app => app.Get("/late", Answer)),
        ("the routes, by adding 'GET|POST /late'",
            app => app.Match(["GET", "POST"], "/late", Answer)),
        ("the middleware", app => app.Use((request, next) => next(request))),
        ("the name of the route 'GET /early'", app => app.Routes[0].Named("late")),
        ("the middleware of the route 'GET /early'",
            app => app.Routes[0].Use((request, next) => next(request))),
        ("the metadata of the route 'GET /early'", app => app.Routes[0].With("late")),
        ("what is mounted at /late", app => app.Group("/late")),
        ("what is mounted at late.example", app => app.Host("late.example")),
        ("what is mounted at the empty prefix", app => app.Group("")),
        ("DefaultHeaders", app => app.DefaultHeaders.Add("X-Late", "1")),
        ("DefaultHeaders", app => app.DefaultHeaders.Set("X-Late", "1")),
        ("DefaultHeaders", app => app.DefaultHeaders.Remove("X-Late")),
        ("ErrorPage", app => app.ErrorPage = null),
        ("OnStartup", app => app.OnStartup.Add(_ => default)),
        ("CleanupContexts", app => app.CleanupContexts.Add(_ => null!)),
        ("OnShutdown", app => app.OnShutdown.Add(_ => default)),
        ("OnCleanup", app => app.OnCleanup.Add(_ => default)),
        ("OnResponsePrepare", app => app.OnResponsePrepare.Add((_, _) => { })),
        ("OnResponsePrepare", app => app.OnResponsePrepare.RemoveAt(0)),
        ("OnResponsePrepare", app => app.OnResponsePrepare.Clear()),
        ("OnResponsePrepare", app => app.OnResponsePrepare[0] = (_, _) => { }),
    ];

    private static IEnumerable<TestCaseData> Changes => s_changes.Select((change, index) =>
        new TestCaseData(change.Change, change.Run).SetArgDisplayNames($"{index} {change.Change}"));

    [TestCaseSource(nameof(Changes))]
    public void A_change_while_it_is_served_throws_and_says_what_to_do(
        string what, Action<Application> change)
    {
        Application app = Make();
        app.MakeHandler();

        Assert.That(
            () => change(app),
            Throws.InvalidOperationException.With.Message.EqualTo(
                $"Too late to change {what}: the application is being served. "
                + "Do it before MakeHandler or Run."));
    }

    [TestCaseSource(nameof(Changes))]
    public void So_does_one_of_a_mounted_application(string what, Action<Application> change)
    {
        var outer = new Application();
        Application app = Make();
        outer.Mount("/outer", app);
        outer.MakeHandler();

        Assert.That(
            () => change(app),
            Throws.InvalidOperationException.With.Message.StartsWith("Too late to change "));
        Assert.That(what, Is.Not.Empty);
    }

    [TestCaseSource(nameof(Changes))]
    public void Before_that_it_does_not(string what, Action<Application> change)
    {
        Assert.That(() => change(Make()), Throws.Nothing, what);
    }

    [Test]
    public void One_application_can_be_served_by_several_loops()
    {
        Application app = Make();

        HttpServer first = app.MakeHandler();

        Assert.That(app.MakeHandler(), Is.Not.SameAs(first));
    }

    [Test]
    public void An_application_whose_routes_conflict_can_still_be_changed()
    {
        Application app = Make();
        app.Group("/early").Get("", Answer);

        Assert.That(() => app.MakeHandler(), Throws.ArgumentException);
        Assert.That(() => app.Get("/late", Answer), Throws.Nothing);
    }

    private static Application Make()
    {
        var app = new Application();
        app.Get("/early", Answer);
        app.OnResponsePrepare.Add((_, _) => { });
        return app;
    }

    private static Response Answer(Request request) => Response.Text("x");
}
