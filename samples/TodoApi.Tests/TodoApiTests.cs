// Tests of todo_api.cs with its database, in virtual time and without a socket. A test also fails
// if it leaves a request, a task or a connection behind. Run: dotnet test samples/TodoApi.Tests
using Reactor;
using Reactor.Http;
using Reactor.Http.Testing;

public sealed class TodoApiTests
{
    [TestCase(0, 422, "must have 1 to 200 characters")]
    [TestCase(1, 201, "\"version\":1")]
    [TestCase(200, 201, "\"version\":1")]
    [TestCase(201, 422, "must have 1 to 200 characters")]
    public void A_title_has_1_to_200_characters(int length, int status, string text) =>
        TestServer.Run(TodoApi.Make(), client =>
        {
            TestResponse response = client.Post("/todos", Titled(new string('x', length)));
            Assert.That(response.Status, Is.EqualTo(status));
            Assert.That(response.Text, Does.Contain(text));
        });

    [TestCase("""{"done":true}""")]
    [TestCase("""{"title":null,"done":true}""")]
    [TestCase("""{"title":"tea"}""")]
    public void A_todo_has_a_title_and_says_whether_it_is_done(string json) =>
        TestServer.Run(TodoApi.Make(), client => Assert.That(
            client.Post("/todos", ClientContent.Text(json, "application/json")).Status,
            Is.EqualTo(400)));

    [Test]
    public void A_todo_is_found_after_a_restart_and_no_other_is()
    {
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "todos.db");
        File.Delete(file);
        TestServer.Run(TodoApi.Make(file), client => client.Post("/todos", Titled("tea")));
        TestServer.Run(TodoApi.Make(file), client =>
        {
            Assert.That(client.Get("/todos/1").Text, Does.Contain("tea"));
            Assert.That(client.Get("/todos/2").Status, Is.EqualTo(404));
        });
    }

    [Test]
    public void A_version_is_sent_and_changed_once() => TestServer.Run(TodoApi.Make(), client =>
    {
        string? version = client.Post("/todos", Titled("tea")).Headers["ETag"];
        ClientRequest get = new("GET", "/todos/1") { Headers = { ["If-None-Match"] = version } };
        Assert.That(client.Send(get).Status, Is.EqualTo(304));
        Assert.That(client.Send(Put("milk", version)).Status, Is.EqualTo(200));
        Assert.That(client.Send(Put("soup", version)).Status, Is.EqualTo(412));
        Assert.That(client.Send(get).Text, Does.Contain("milk"));
    });

    [Test]
    public void Of_two_changes_at_once_one_wins() => TestServer.Run(TodoApi.Make(), async client =>
    {
        await Ask(client.PostAsync("/todos", Titled("tea")));
        Todo?[] both = await EventLoop.WhenAll(
            Enumerable.Range(0, 2).Select(i => Ask(client.SendAsync(Put($"tea {i}", "\"1\"")))));
        Assert.That(both, Has.Exactly(1).Null);
        Assert.That(both, Has.Member(await Ask(client.GetAsync("/todos/1"))));
    });

    [Test]
    public void A_bad_network_loses_no_confirmed_change() => ChaosSearch.Run(
        () => TodoApi.Make(), async client =>
    {
        await Ask(client.PostAsync("/todos", Titled("tea")));
        Todo?[] changes = await EventLoop.WhenAll(
            Enumerable.Range(0, 3).Select(i => Ask(client.SendAsync(Put($"tea {i}")))));
        long version = (await Ask(client.GetAsync("/todos/1")))?.Version ?? long.MaxValue;
        Assert.That(version, Is.GreaterThan(changes.Count(change => change is not null)));
    }, new ChaosOptions { SeedsMax = 200 });

    private static ClientContent Titled(string title) =>
        ClientContent.Json(new Todo(title, Done: false), TodoJson.Default.Todo);
    private static ClientRequest Put(string title, string? version = null) =>
        new("PUT", "/todos/1") { Content = Titled(title), Headers = { ["If-Match"] = version } };

    private static async Coroutine<Todo?> Ask(Coroutine<ClientResponse> sending)
    {
        try
        {
            using ClientResponse response = await sending;
            return response.Status < 300 ? await response.JsonAsync(TodoJson.Default.Todo) : null;
        }
        catch (ClientException) { return null; } // unknown: the server may have changed the todo
    }
}
