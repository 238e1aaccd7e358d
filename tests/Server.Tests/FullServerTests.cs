using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// The real binary with as many idle connections as it may have: new clients are served, and the
/// log says that the server is full. Several loops have a part of the limit each.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class FullServerTests(string driver)
{
    private const int Most = 8;

    private static readonly byte[] s_request = Encoding.ASCII.GetBytes(
        "GET /plaintext HTTP/1.1\r\nHost: x\r\n\r\n");

    [Test]
    public void Idle_clients_keep_no_new_client_out([Values("1", "2")] string loops)
    {
        using ServerProcess server = ServerProcess.Start(
            "--driver", driver, "--loops", loops, "--max-connections", $"{Most}");
        // Each loop has its part of the limit, and the kernel divides clients by a hash. Half of
        // them at least must wait until others have been idle for a second.
        Socket[] clients = [.. Enumerable.Range(0, Most * 2).Select(_ => server.Connect())];
        Array.ForEach(clients, client => client.Send(s_request));
        Array.ForEach(clients, AssertAnswered);

        using Socket late = server.Connect();
        late.Send(s_request);
        AssertAnswered(late);
        int part = Most / int.Parse(loops);
        server.WaitForError($"is full: {part} of {part} connections");
        Assert.That(clients.Count(HasEnded), Is.GreaterThanOrEqualTo(Most + 1));
        Array.ForEach(clients, client => client.Dispose());
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    private static void AssertAnswered(Socket client)
    {
        byte[] buffer = new byte[1024];
        int count = client.Receive(buffer);
        Assert.That(Encoding.ASCII.GetString(buffer, 0, count), Does.EndWith("Hello, World!"));
    }

    private static bool HasEnded(Socket client) =>
        client.Poll(0, SelectMode.SelectRead) && client.Receive(new byte[1]) == 0;
}
