using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Handlers that the runtime cannot compile at their first request, because an assembly, a type or
/// a method is missing: 500, as for every handler that fails, each time that they are asked for.
/// </summary>
public class UnloadableHandlerTests
{
    private const string Members = """
        public static async Coroutine<Response> Whole(Request request)
        {
            await EventLoop.Yield();
            Lib.Part.Use();
            return Response.Text("never");
        }

        public static async Coroutine<Response> Nested(Request request) => await Whole(request);

        public static Coroutine<Response> NoCoroutine(Request request)
        {
            Lib.Part.Use();
            return default;
        }

        public static async Task<Response> Plain(Request request)
        {
            await Task.Yield();
            Lib.Part.Use();
            return Response.Text("never");
        }
        """;

    [Test]
    public void A_handler_that_cannot_be_compiled_is_500_and_the_next_request_is_served(
        [Values] Missing missing, [Values("Whole", "Nested", "NoCoroutine", "Plain")] string name)
    {
        using var code = new UnloadableCode(missing, Members);
        using var server = new ServerFixture(app =>
        {
            AddRoute(app, code, name);
            app.OnGet("/ok", "fine");
        });
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Get("/broken")).Status, Is.EqualTo(500));
        Assert.That(peer.Ask(Get("/broken")).Status, Is.EqualTo(500));
        Assert.That(peer.Ask(Get("/ok")).Text, Is.EqualTo("fine"));
        Assert.That(server.Logged(), Has.Some.Contains("/broken"));
        Assert.That(
            server.Log.ExceptionTypes, Has.All.EqualTo(UnloadableCode.ErrorOf(missing)));
    }

    [Test]
    public void So_it_is_on_every_driver(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        using var code = new UnloadableCode(Missing.Assembly, Members);
        using var server = new RealServer(driver, app =>
        {
            AddRoute(app, code, "Whole");
            app.OnGet("/ok", "fine");
        });
        using var client = server.Connect();

        RealServer.Send(client, Get("/broken") + Get("/ok"));

        Assert.That(
            RealServer.Receive(client, 2, "GET", "GET").Select(answer => answer.Status),
            Is.EqualTo(new[] { 500, 200 }));
    }

    private static void AddRoute(Application app, UnloadableCode code, string name)
    {
        if (name == "Plain")
        {
            app.Get("/broken", code.Method<Func<Request, Task<Response>>>(name));
        }
        else
        {
            app.Get("/broken", code.Method<Handler>(name));
        }
    }
}
