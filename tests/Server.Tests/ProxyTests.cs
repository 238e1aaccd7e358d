using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Real proxies in front of the server, which keep their connections to it and lend them from
/// client to client: 10,000 requests, malformed ones among them, and each response must belong to
/// its request. A server that loses count of a body would answer one client with another's data.
/// </summary>
[Category("Slow")]
[Category("External")]
[NonParallelizable]
public class ProxyTests
{
    private const int Clients = 8;
    private const int RequestsPerClient = 1250;

    [Test]
    public void Behind_nginx_each_response_belongs_to_its_request() =>
        Check(backend => ProxyProcess.Nginx(backend, requestBuffering: "off"));

    [Test]
    public void Behind_HAProxy_each_response_belongs_to_its_request() =>
        Check(ProxyProcess.HAProxy);

    private static void Check(Func<int, ProxyProcess> start)
    {
        using var server = ServerProcess.Start("--log-level", "None");
        using ProxyProcess proxy = start(server.Port);
        int seed = TestSeed.Next();
        Task<int>[] clients =
        [
            .. Enumerable.Range(0, Clients).Select(i => Task.Factory.StartNew(
                () => new ProxyClient(proxy.Port, i, seed).Run(RequestsPerClient),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        Task.WaitAll(clients);

        Assert.That(
            clients.Sum(client => client.Result), Is.EqualTo(Clients * RequestsPerClient));
        string after = server.Ask(
            "GET /plaintext HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.That(after, Does.EndWith("Hello, World!"), "the server is as it was");
    }
}
