using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// The real binary with 128 descriptors, all of which its clients hold before the first request
/// comes: what that request needs for the first time, assemblies too, must still be opened.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
[Platform("Linux")]
public sealed class FirstRequestWithoutDescriptorsTests(string driver)
{
    private const int Descriptors = 128;

    [Test]
    public void The_first_requests_have_responses_and_the_server_lives()
    {
        using ServerProcess server = ServerProcess.WithDescriptors(
            Descriptors, "--driver", driver);
        var clients = new List<Socket>();
        for (int i = 0; i < Descriptors + 20; i++)
        {
            clients.Add(server.Connect());
        }

        foreach (string path in new[] { "/plaintext", "/json", "/items" })
        {
            clients[0].Send(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
            byte[] buffer = new byte[64 * 1024];
            int count = clients[0].Receive(buffer);
            Assert.That(
                Encoding.Latin1.GetString(buffer, 0, count), Does.StartWith("HTTP/1.1 200"));
        }

        clients.ForEach(client => client.Dispose());
        Assert.That(() => server.IsServing(), Is.True.After(30_000, 20));
        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero, server.Error);
    }
}
