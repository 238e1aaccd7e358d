using System.Text;
using System.Text.RegularExpressions;

namespace Server.Tests;

/// <summary>
/// Every thread of the process has a name and a line in docs/threads.md; a new one does not appear
/// unnoticed.
/// </summary>
public partial class ThreadNamesTests
{
    [Test]
    public async Task In_debug_mode_there_is_the_watchdog_and_it_is_in_the_table()
    {
        // Not the variable of this process: servers of other fixtures would inherit it meanwhile.
        using var server = ServerProcess.Under(["env", "REACTOR_DEBUG=1"]);
        using var client = new HttpClient { BaseAddress = server.Address };
        await client.GetStringAsync(new Uri("/plaintext", UriKind.Relative));
        HashSet<string> seen = [.. server.ThreadNames()];
        Assert.That(seen, Does.Contain("reactor-watchdo"), "15 characters of the name");
        Assert.That(seen.Except(ReadTable()), Is.Empty);
    }

    [TestCase]
    [TestCase("--no-inline")]
    [TestCase("--log-level", "Trace")]
    [TestCase("--driver", "epoll")]
    [TestCase("--loops", "2")]
    [TestCase("--inspect", "0")]
    public async Task Every_thread_under_load_is_in_the_table(params string[] arguments)
    {
        HashSet<string> listed = ReadTable();
        using var server = ServerProcess.Start(arguments);
        using var client = new HttpClient { BaseAddress = server.Address };
        var seen = new HashSet<string>();
        Task[] load = [.. Enumerable.Range(0, 32).Select(_ => Ask(client))];
        var all = Task.WhenAll(load);
        while (!all.IsCompleted)
        {
            seen.UnionWith(server.ThreadNames());
            await Task.Yield();
        }

        await all;
        TestContext.Out.WriteLine(string.Join(", ", seen.Order()));
        Assert.That(seen.Except(listed), Is.Empty, "threads that docs/threads.md does not name");
        Assert.That(seen, Does.Contain("reactor"), "the loop");
    }

    private static async Task Ask(HttpClient client)
    {
        for (int i = 0; i < 50; i++)
        {
            await client.GetStringAsync(new Uri("/plaintext", UriKind.Relative));
            using var bad = new HttpRequestMessage(HttpMethod.Get, "/bytes/x");
            (await client.SendAsync(bad)).Dispose();
            using var body = new StringContent(new string('x', 10_000), Encoding.ASCII);
            (await client.PostAsync(new Uri("/echo", UriKind.Relative), body)).Dispose();
        }

        await client.GetStringAsync(new Uri("/hello/x", UriKind.Relative));
    }

    // The first column: a name in code quotes, as the kernel shows it.
    private static HashSet<string> ReadTable()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Reactor.sln")))
        {
            folder = folder.Parent;
        }

        string page = File.ReadAllText(Path.Combine(folder!.FullName, "docs", "threads.md"));
        return [.. Row().Matches(page).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("(?m)^\\| `([^`]+)` \\|")]
    private static partial Regex Row();
}
