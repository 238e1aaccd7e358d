using System.Globalization;

namespace Server.Tests;

/// <summary>
/// On the epoll driver one thread of the process does all input and output, and the others sleep:
/// the kernel counts what each thread did, so it can be asked.
/// </summary>
[Platform("Linux")]
[NonParallelizable]
[Category("Measured")]
public sealed class OneThreadTests
{
    private const int Requests = 3000;

    [Test]
    public void Under_load_one_thread_works_and_no_thread_waits_for_sockets_on_its_behalf()
    {
        using var server = ServerProcess.Start("--driver", "epoll", "--log-level", "Warning");
        using var client = new HttpClient { BaseAddress = server.Address };
        Ask(client);
        Dictionary<string, long> before = Switches(server.Id);
        Ask(client);
        Dictionary<string, long> after = Switches(server.Id);
        TestContext.Out.WriteLine(string.Join(", ", after));

        Assert.That(after.Keys, Has.None.StartsWith(".NET Socket"));
        foreach ((string name, long switches) in after)
        {
            long grown = switches - before.GetValueOrDefault(name);
            if (name == "reactor")
            {
                Assert.That(grown, Is.GreaterThan(Requests / 4), "it sleeps between requests");
            }
            else
            {
                // The runtime's own threads wake a few times a second, for what is not ours.
                Assert.That(grown, Is.LessThan(Requests / 10), name);
            }
        }
    }

    private static void Ask(HttpClient client)
    {
        for (int i = 0; i < Requests; i++)
        {
            using HttpResponseMessage answer = client.Send(
                new HttpRequestMessage(HttpMethod.Get, "/plaintext"));
            Assert.That(answer.IsSuccessStatusCode);
        }
    }

    /// <summary>How often each thread gave up the processor by itself: by its name.</summary>
    private static Dictionary<string, long> Switches(int process)
    {
        const string Field = "voluntary_ctxt_switches:";
        var switches = new Dictionary<string, long>();
        foreach (string task in Directory.GetDirectories($"/proc/{process}/task"))
        {
            try
            {
                string name = File.ReadAllText(Path.Combine(task, "comm")).TrimEnd();
                string line = File.ReadLines(Path.Combine(task, "status"))
                    .Single(one => one.StartsWith(Field, StringComparison.Ordinal));
                switches[name] = switches.GetValueOrDefault(name)
                    + long.Parse(line[Field.Length..], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return switches;
    }
}
