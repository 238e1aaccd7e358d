using System.IO.Pipelines;
using System.Text.RegularExpressions;
using Reactor.Http.Tests.Server;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>The code of docs/client.md, which is compiled and run here.</summary>
public sealed partial class ClientPageTests
{
    [Test]
    public void The_code_of_the_page_runs()
    {
        using var world = new ClientWorld();
        string url = world.Serve(app =>
        {
            app.OnGet("/hello", "Hello");
            app.On("PUT", "/notes/1", _ => new Response(201));
            app.OnGet("/large", new string('x', 100_000));
        });
        world.Run(async () =>
        {
            var local = new ClientOptions { BaseAddress = new Uri(url) };
            await using var session = new ClientSession(local);
            using ClientResponse response = await session.GetAsync("/hello");
            response.EnsureSuccess();
            string text = await response.TextAsync();
            Assert.That(text, Is.EqualTo("Hello"));

            var request = new ClientRequest("PUT", "/notes/1")
            {
                Content = ClientContent.Text("Buy milk"),
                Headers = { { "If-None-Match", "*" } },
                Timeout = TimeSpan.FromSeconds(10),
            };
            using ClientResponse created = await session.SendAsync(request);
            Assert.That(created.Status, Is.EqualTo(201));

            using ClientResponse download = await session.GetAsync("/large");
            long bytes = 0;
            while (true)
            {
                ReadResult read = await download.Body.ReadAsync();
                bytes += read.Buffer.Length;
                download.Body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            Assert.That(bytes, Is.EqualTo(100_000));
        });
        var options = new ClientOptions
        {
            Proxy = new ClientProxy("http://127.0.0.1:3128")
            {
                UserName = "user",
                Password = "secret",
            },
        };
        Assert.That(options.Proxy.Url.Port, Is.EqualTo(3128));
    }

    [Test]
    public void The_page_shows_the_code_that_runs()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs/client.md"));
        string code = Indent().Replace(File.ReadAllText(Path.Combine(
            RepositoryFolder.Path, "tests/Reactor.Http.Tests/Client/ClientPageTests.cs")), "");
        MatchCollection blocks = Block().Matches(page);
        Assert.That(blocks, Has.Count.EqualTo(4));
        foreach (Match block in blocks)
        {
            Assert.That(code, Does.Contain(Indent().Replace(block.Groups[1].Value, "")));
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
