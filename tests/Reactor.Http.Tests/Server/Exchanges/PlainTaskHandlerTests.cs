using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Handlers that are plain <c>async Task</c> methods, and coroutines that await what is not ours:
/// both go on on the loop thread, whoever completes what they wait for.
/// </summary>
public class PlainTaskHandlerTests
{
    [Test]
    public void A_plain_task_handler_answers()
    {
        using var server = new ServerFixture(app => app.Get("/", Hello));

        Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("hello"));

        static Task<Response> Hello(Request request) => Task.FromResult(Response.Text("hello"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void It_resumes_on_the_loop_thread_after_foreign_work(bool isCoroutine)
    {
        var work = new TaskCompletionSource<string>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var threads = new List<int>();
        async Task<Response> Plain(Request request)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            string text = await work.Task;
            threads.Add(Environment.CurrentManagedThreadId);
            return Response.Text(text);
        }

        async Coroutine<Response> Ours(Request request)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            string text = await work.Task.ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
            return Response.Text(text);
        }

        using var server = new ServerFixture(app =>
        {
            if (isCoroutine)
            {
                app.Get("/", Ours);
            }
            else
            {
                app.Get("/", Plain);
            }
        }, mayReport: true); // the clock jumps meanwhile
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();
        Assert.That(peer.Received, Is.Empty);

        var other = new Thread(() => work.SetResult("from afar"));
        other.Start();
        other.Join();
        server.RunUntil(() => peer.Received.Length > 0);
        Assert.That(peer.TakeOne().Text, Is.EqualTo("from afar"));
        Assert.That(
            threads, Is.EqualTo(Enumerable.Repeat(Environment.CurrentManagedThreadId, 2)));
    }

    [Test]
    public void A_real_delay_of_the_framework_is_awaited_without_blocking_others()
    {
        var isFastServed = new TaskCompletionSource();
        using var server = new ServerFixture(app =>
        {
            app.Get("/slow", async _ =>
            {
                await Task.WhenAll(Task.Delay(20), isFastServed.Task);
                return Response.Text("slow");
            });
            app.OnGet("/", "fast");
        }, mayReport: true); // the clock jumps meanwhile
        HttpPeer slow = server.Connect();
        slow.Send(Get("/slow"));
        server.Settle();
        Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("fast"));
        Assert.That(slow.Received, Is.Empty);

        isFastServed.SetResult();
        server.RunUntil(() => slow.Received.Length > 0);
        Assert.That(slow.TakeOne().Text, Is.EqualTo("slow"));
    }

    [Test]
    public void A_plain_task_handler_can_read_the_body_and_stream_the_answer()
    {
        async Task<Response> Echo(Request request)
        {
            ReadOnlyMemory<byte> body = await request.ReadAsync();
            var response = new StreamResponse();
            response.Prepare(request);
            await response.WriteAsync(body);
            return response;
        }

        using var server = new ServerFixture(app => app.Post("/", Echo));
        HttpPeer peer = server.Connect();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n");
        server.Settle();

        Assert.That(peer.Ask("body").Text, Is.EqualTo("body"));
    }

    [Test]
    public void Work_on_an_executor_is_awaited()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            int there = await request.Loop.RunInExecutor(() => Environment.CurrentManagedThreadId);
            return Response.Text($"{there != Environment.CurrentManagedThreadId}");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.RunUntil(() => peer.Received.Length > 0);

        Assert.That(peer.TakeOne().Text, Is.EqualTo("True"));
    }
}
