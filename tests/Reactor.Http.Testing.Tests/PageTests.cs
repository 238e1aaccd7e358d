using System.Threading.Channels;

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// The programs of docs/testing-a-service.md stand here, so that they compile and hold; a test
/// compares the text.
/// </summary>
public sealed class PageTests
{
    [Test]
    public void A_session_that_expires()
    {
        var sessions = new Dictionary<string, TimeSpan>();
        var app = new Application();
        app.Get("/login", async _ =>
        {
            await EventLoop.Yield();
            sessions["1"] = EventLoop.Current.Time + TimeSpan.FromMinutes(30);
            return Response.Text("1");
        });
        app.Get("/me", async request =>
        {
            await EventLoop.Yield();
            return new Response(
                sessions[request.Query["session"]!] < EventLoop.Current.Time ? 403 : 200);
        });

        TestServer.Run(app, client =>
        {
            string id = client.Get("/login?user=ann").Text;
            client.Advance(TimeSpan.FromMinutes(31));
            Assert.That(client.Get($"/me?session={id}").Status, Is.EqualTo(403));
        });
    }

    [Test]
    public void A_long_poll()
    {
        var news = new TaskCompletionSource<string>();
        var app = new Application();
        app.Get("/news", async _ => Response.Text(await news.Task));
        app.Get("/publish", async _ =>
        {
            await EventLoop.Yield();
            news.SetResult("published");
            return new Response(204);
        });

        TestServer.Run(app, async client =>
        {
            LoopTask<ClientResponse> poll = EventLoop.Spawn(client.GetAsync("/news"));
            await client.AdvanceAsync(TimeSpan.FromSeconds(10));
            using ClientResponse published = await client.GetAsync("/publish");
            using ClientResponse polled = await poll;
            Assert.That(await polled.TextAsync(), Is.EqualTo("published"));
        });
    }

    [Test]
    public void A_service_that_calls_another_one()
    {
        Application shop = new(), stock = new(), both = new();
        stock.Get("/{item}", request => Response.Text("7"));
        var session = new ClientSession(
            new ClientOptions { ResolveAsync = TestServer.ResolveAsync });
        shop.Get("/{item}", async request =>
        {
            string item = request.MatchInfo["item"];
            using ClientResponse count = await session.GetAsync($"http://stock.test/{item}");
            return Response.Text($"{await count.TextAsync()} are left");
        });
        shop.OnCleanup.Add(async _ => await session.CloseAsync());
        both.MountHost("shop.test", shop);
        both.MountHost("stock.test", stock);
        TestServer.Run(both, client =>
            Assert.That(client.Get("http://shop.test/tea").Text, Is.EqualTo("7 are left")));
    }

    [Test]
    public void A_background_task_that_reads_a_channel()
    {
        var done = new List<string>();
        Channel<string> jobs = Channel.CreateUnbounded<string>();
        var app = new Application();
        app.Post("/{job}", request =>
        {
            jobs.Writer.TryWrite(request.MatchInfo["job"]);
            return new Response(202);
        });
        app.Spawn("pump", async _ =>
        {
            while (await jobs.Reader.WaitToReadAsync().OnLoop())
            {
                while (jobs.Reader.TryRead(out string? job))
                {
                    await RunAsync(job);
                }
            }
        });
        TestServer.Run(app, client =>
        {
            client.Post("/mail", ClientContent.Text(""));
            client.Advance(TimeSpan.FromSeconds(1));
        });
        Assert.That(done, Is.EqualTo(["mail"]));

        async Coroutine RunAsync(string job)
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            done.Add(job);
        }
    }

    [Test]
    public void The_page_shows_these_programs()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Reactor.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        string page = Path.Combine(folder, "docs", "testing-a-service.md");
        string source = Trimmed(File.ReadAllText(
            Path.Combine(folder, "tests", "Reactor.Http.Testing.Tests", "PageTests.cs")));
        string[] blocks = File.ReadAllText(page).Split("```csharp\n");
        Assert.That(blocks, Has.Length.EqualTo(7));
        foreach (string block in blocks.Skip(1))
        {
            string code = block[..block.IndexOf("```", StringComparison.Ordinal)];
            Assert.That(source, Does.Contain(Trimmed(code)));
        }
    }

    /// <summary>The programs of the search, which others test: here they are compiled.</summary>
    internal static void Search()
    {
        ChaosSearch.Run(MakeApplication, async client =>
        {
            await EventLoop.WhenAll(Order(client), Order(client));
            // What must be true after every run.
        });

        static Application MakeApplication() => new();

        async Coroutine Order(TestClient client) => await TryOrder(client);

        async Coroutine<bool> TryOrder(TestClient client)
        {
            try
            {
                ClientContent order = ClientContent.Text("tea");
                using ClientResponse response = await client.PostAsync("/orders", order);
                return response.Status == 201;
            }
            catch (ClientException)
            {
                return false; // unknown: the order may have been taken
            }
        }
        // After the run: confirmed orders <= orders in the stock <= attempted orders.
    }

    private static string Trimmed(string code) =>
        string.Join('\n', code.Split('\n').Select(static line => line.Trim()));
}
