using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A handler that has nothing to wait for is a plain function. Beside it lambdas that are
/// coroutines, and methods that return tasks, bind as before: that this file compiles is the test.
/// </summary>
public sealed class SynchronousHandlerTests
{
    [TestCase("GET", "/sync", "sync")]
    [TestCase("GET", "/block", "block")]
    [TestCase("GET", "/method", "method")]
    [TestCase("GET", "/derived", "")]
    [TestCase("GET", "/coroutine", "coroutine")]
    [TestCase("GET", "/async", "async")]
    [TestCase("GET", "/task", "task")]
    [TestCase("GET", "/taskLambda", "taskLambda")]
    [TestCase("POST", "/sync", "post")]
    [TestCase("PUT", "/sync", "put")]
    [TestCase("DELETE", "/sync", "delete")]
    [TestCase("PATCH", "/sync", "patch")]
    public void Each_kind_of_handler_answers(string method, string path, string expected)
    {
        using var server = new ServerFixture(AddRoutes);
        RawAnswer answer = server.Ask(
            $"{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, expected)));
    }

    [Test]
    public void What_it_throws_is_500_and_logged()
    {
        using var server = new ServerFixture(app => app.Get(
            "/", (Request _) => (Response)Fail("on purpose")));

        Assert.That(server.Ask(Get("/")).Status, Is.EqualTo(500));
        LogQueue.Flush(TimeSpan.FromSeconds(10));
        Assert.That(server.Log.Exceptions.Single().Message, Is.EqualTo("on purpose"));
    }

    [Test]
    public void A_lambda_that_only_throws_compiles_and_is_500()
    {
        using var server = new ServerFixture(app => app.Get(
            "/", _ => throw new InvalidOperationException("on purpose")));

        Assert.That(server.Ask(Get("/")).Status, Is.EqualTo(500));
        LogQueue.Flush(TimeSpan.FromSeconds(10));
        Assert.That(server.Log.Exceptions.Single().Message, Is.EqualTo("on purpose"));
    }

    [TestCase("get")]
    [TestCase("CONNECT")]
    [TestCase("")]
    public void A_method_that_no_route_can_have_throws(string method) => Assert.That(
        () => new Application().Router.AddRoute(method, "/", _ => Response.Text("x")),
        Throws.ArgumentException.With.Property("ParamName").StartsWith("method"));

    [TestCase("hello")]
    [TestCase("hello/{name}")]
    public void A_path_without_a_slash_throws(string path) => Assert.That(
        () => new Application().Get(path, _ => Response.Text("x")),
        Throws.ArgumentException.With.Message.Contains("begin with '/'"));

    private static void AddRoutes(Application app)
    {
        app.Get("/sync", r => Response.Text("sync"));
        app.Get("/block", r =>
        {
            string text = r.Path[1..];
            return Response.Text(text);
        });
        app.Get("/method", Answer);
        app.Get("/derived", Streamed);
        app.Get("/coroutine", AnswerLater);
        app.Get("/async", async r =>
        {
            await EventLoop.Yield();
            return Response.Text("async");
        });
        app.Get("/task", AnswerAsTask);
        app.Get("/taskLambda", r => Task.FromResult(Response.Text("taskLambda")));
        app.Post("/sync", r => Response.Text("post"));
        app.Put("/sync", r => Response.Text("put"));
        app.Delete("/sync", r => Response.Text("delete"));
        app.Router.AddRoute("PATCH", "/sync", r => Response.Text("patch"));
    }

    private static Response Answer(Request request) => Response.Text("method");

    private static StreamResponse Streamed(Request request)
    {
        var response = new StreamResponse();
        response.Prepare(request);
        return response;
    }

    private static async Coroutine<Response> AnswerLater(Request request)
    {
        await EventLoop.Yield();
        return Response.Text("coroutine");
    }

    private static Task<Response> AnswerAsTask(Request request) =>
        Task.FromResult(Response.Text("task"));

    private static object Fail(string message) => throw new InvalidOperationException(message);
}
