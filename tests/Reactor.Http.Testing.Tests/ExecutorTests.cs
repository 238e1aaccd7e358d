namespace Reactor.Http.Testing.Tests;

/// <summary>
/// Handlers that run functions on an executor have one outcome, whatever the speed of its threads.
/// </summary>
public class ExecutorTests
{
    [Test]
    public void Functions_that_run_at_once_come_back_in_the_order_of_their_calls()
    {
        // The functions end in the opposite order: each waits for the one that was sent after it.
        const int Count = 8;
        ManualResetEventSlim[] ended = [.. Enumerable.Range(0, Count + 1)
            .Select(i => new ManualResetEventSlim(i == Count))];
        var order = new List<int>();
        var app = new Application();
        app.Post("/{number:int}", async Coroutine<Response> (request) =>
        {
            int number = request.MatchInfo.Get<int>("number");
            await EventLoop.ToThread(() =>
            {
                ended[number + 1].Wait();
                ended[number].Set();
            });
            order.Add(number);
            return Response.Text("done");
        });
        TestServer.Run(app, async client => await EventLoop.WhenAll(
            [.. Enumerable.Range(0, Count).Select(number => PostAsync(client, number))]));

        Assert.That(order, Is.EqualTo(Enumerable.Range(0, Count)));
        Array.ForEach(ended, static one => one.Dispose());
    }

    [Test]
    public void A_file_is_sent_while_the_clock_stands([Values] bool hasExecutor)
    {
        string path = Path.GetTempFileName();
        byte[] bytes = [.. Enumerable.Range(0, 200_000).Select(static i => (byte)(i % 251))];
        File.WriteAllBytes(path, bytes);
        var app = new Application();
        app.Post("/", static async request => Response.Bytes(await request.ReadAsync()));
        TestServer.Run(app, client =>
        {
            using FileStream file = File.OpenRead(path);
            ClientContent content = ClientContent.Stream(
                file, executor: hasExecutor ? client.Server.Loop.DefaultExecutor : null);
            Assert.That(client.Post("/", content).Body.ToArray(), Is.EqualTo(bytes));
            Assert.That(client.Post("/", content).Body.ToArray(), Is.EqualTo(bytes), "again");
            Assert.That(client.Server.Time, Is.EqualTo(TimeSpan.Zero));
        });
        File.Delete(path);
    }

    [Test]
    public void A_search_with_functions_on_an_executor_is_deterministic()
    {
        ChaosException found = Assert.Throws<ChaosException>(() => ChaosSearch.Run(
            () =>
            {
                var app = new Application();
                app.Post("/{number}", async Coroutine<Response> (_) =>
                    Response.Text(await EventLoop.ToThread(static () => "done")));
                return app;
            },
            async client =>
            {
                for (int round = 0; round < 20; round++)
                {
                    await EventLoop.WhenAll(PostAsync(client, 1), PostAsync(client, 2));
                }

                if (client.Server.Time > TimeSpan.FromMilliseconds(100))
                {
                    throw new TimeoutException("slow");
                }
            }))!;

        Assert.That(found.IsDeterministic, found.Message);
        Assert.That(found.InnerException, Is.TypeOf<TimeoutException>());
    }

    [Test]
    public void A_function_over_which_the_clock_went_on_fails_the_test_when_it_ends()
    {
        using var gate = new ManualResetEventSlim();
        var server = new TestServer(
            new Application(), new() { WorkElsewhereMax = TimeSpan.FromMilliseconds(1) });
        Future<Unit> work = server.Loop.RunInExecutor(gate.Wait);
        server.Advance(TimeSpan.FromSeconds(1));
        gate.Set();

        ForeignWaitException error = Assert.Throws<ForeignWaitException>(
            () => server.Run(async () => await work))!;
        server.Dispose();
        Assert.That(error.Waits, Is.EqualTo(new[]
        {
            "a function on an executor took so much real time that the clock, or a later function, "
            + "went on without it",
        }));
    }

    private static async Coroutine PostAsync(TestClient client, int number)
    {
        try
        {
            using ClientResponse response =
                await client.PostAsync($"/{number}", ClientContent.Text("go"));
            await response.ReadAsync();
        }
        catch (ClientException)
        {
            // A fault of the network.
        }
    }
}
