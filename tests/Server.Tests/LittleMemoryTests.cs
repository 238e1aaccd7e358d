using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// The real binary with a heap of 100 MiB, and clients that upload four times as much at once and
/// then leave: the next client is served.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
[NonParallelizable]
public sealed class LittleMemoryTests(string driver)
{
    private const int Clients = 400;
    private const int BodyBytes = 1_000_000;

    [Test]
    public void The_server_serves_the_next_client_after_more_uploads_than_fit()
    {
        using ServerProcess server = ServerProcess.Under(
            ["env", "DOTNET_GCHeapHardLimit=0x6400000"], "--driver", driver);
        byte[] upload =
        [
            .. Encoding.Latin1.GetBytes(
                $"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {BodyBytes}\r\n\r\n"),
            .. new byte[BodyBytes - 10_000],
        ];
        var clients = new List<Socket>();
        for (int i = 0; i < Clients; i++)
        {
            Socket client = server.Connect();
            client.SendTimeout = 1000;
            client.Send(upload, SocketFlags.None, out _);
            clients.Add(client);
        }

        clients.ForEach(client => client.Dispose());
        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => server.IsServing(), Is.True.After(30_000, 50));
        }

        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero);
    }
}
