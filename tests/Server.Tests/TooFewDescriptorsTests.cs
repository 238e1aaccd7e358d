using System.Net.Sockets;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// A limit of descriptors with which the process could not live: it says so and ends, and does not
/// abort with a stack trace or listen without serving.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public class TooFewDescriptorsTests(string driver)
{
    /// <summary>With fewer the runtime itself does not start.</summary>
    private const int RuntimeNeeds = 24;

    private const int ServerNeeds = 128;

    /// <summary>Clients at a time that the least limit leaves room for.</summary>
    private const int Room = 16;

    [Test]
    public void Every_limit_below_the_least_is_a_sentence_and_an_exit_code(
        [Values(RuntimeNeeds, 30, 40, 50, 55, 60, 65, 70, 80, 90, 100, ServerNeeds - 1)]
        int descriptors)
    {
        (int exitCode, string output, string error) = ServerProcess.RunWithDescriptors(
            descriptors, "--driver", driver, "--listen", "http://127.0.0.1:0");
        Assert.That((exitCode, output), Is.EqualTo((5, "")), error);
        Assert.That(error, Is.EqualTo(
            $"reactor: The limit of open files is {descriptors}, and the server needs "
            + $"{ServerNeeds} and one for each connection; raise it, for example with "
            + "ulimit -n 1024."));
    }

    [TestCase(ServerNeeds + (3 * 8) - 1, false)]
    [TestCase(ServerNeeds + (3 * 8), true)]
    public void Each_further_loop_needs_some_more(int descriptors, bool areEnough)
    {
        string[] arguments = ["--driver", driver, "--loops", "4"];
        if (areEnough)
        {
            using ServerProcess server = ServerProcess.WithDescriptors(descriptors, arguments);
            AssertServes(server);
            return;
        }

        (int exitCode, _, string error) =
            ServerProcess.RunWithDescriptors(descriptors, arguments);
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(error, Does.Contain($"needs {descriptors + 1} with 4 loops"));
    }

    [TestCase(ServerNeeds)]
    [TestCase(160)]
    public void With_the_least_it_serves_and_ends_in_order(int descriptors)
    {
        using ServerProcess server =
            ServerProcess.WithDescriptors(descriptors, ["--driver", driver]);
        AssertServes(server);
    }

    /// <summary>
    /// A client is reset when its descriptor is one of the last 16, and each thread that begins has
    /// two for a moment: with hardly a descriptor more than that, a busy machine resets clients.
    /// </summary>
    private static void AssertHasRoom(ServerProcess server)
    {
        Socket[] clients = [.. Enumerable.Range(0, Room).Select(_ => server.Connect())];
        foreach (Socket client in clients)
        {
            client.Send("GET /plaintext HTTP/1.0\r\n\r\n"u8);
        }

        foreach (Socket client in clients)
        {
            Assert.That(ServerProcess.ReceiveAll(client), Does.StartWith("HTTP/1.1 200 "));
            client.Dispose();
        }
    }

    private static void AssertServes(ServerProcess server)
    {
        for (int i = 0; i < 3; i++)
        {
            foreach (string path in new[] { "/plaintext", "/json", "/items", "/bytes/100000" })
            {
                string answer = server.Ask($"GET {path} HTTP/1.0\r\n\r\n");
                Assert.That(answer, Does.StartWith("HTTP/1.1 200 "), path);
            }

            Assert.That(server.Ask("BAD\r\n\r\n"), Does.StartWith("HTTP/1.1 400 "));
        }

        AssertHasRoom(server);

        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero, server.Error);
        Assert.That(server.Error, Does.Not.Contain("Exception"));
    }
}
