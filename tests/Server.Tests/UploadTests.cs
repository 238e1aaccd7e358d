using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Uploads that the server refuses by their size: each client reads our 413, directly and through
/// proxies, although it is still sending when the response comes.
/// </summary>
[Category("Slow")]
[Category("External")]
[NonParallelizable]
public class UploadTests
{
    private const int Count = 10;
    private const string Refused = "413 413: ";

    [TestCase("epoll")]
    [TestCase("sockets")]
    public async Task Every_client_reads_the_413_of_a_large_upload_directly(string driver)
    {
        UploadClients.RequireAll();
        using var server = ServerProcess.Start("--driver", driver, "--log-level", "None");
        await Check(new Uri(server.Address, "/echo"));
    }

    [TestCase("on")]
    [TestCase("off")]
    public async Task Every_client_reads_the_413_of_a_large_upload_through_nginx(string buffering)
    {
        UploadClients.RequireAll();
        using var server = ServerProcess.Start("--log-level", "None");
        using ProxyProcess proxy = ProxyProcess.Nginx(
            server.Port, buffering, keepsClients: buffering == "on");
        await Check(new Uri($"http://127.0.0.1:{proxy.Port}/echo"));
    }

    [Test]
    public async Task Every_client_reads_the_413_of_a_large_upload_through_HAProxy()
    {
        UploadClients.RequireAll();
        using var server = ServerProcess.Start("--log-level", "None");
        using ProxyProcess proxy = ProxyProcess.HAProxy(server.Port);
        await Check(new Uri($"http://127.0.0.1:{proxy.Port}/echo"));
    }

    [Test]
    public async Task A_small_body_with_an_offer_of_http2_is_served()
    {
        ExternalTool.Require("curl", "curl");
        using var server = ServerProcess.Start();
        string[] got = await UploadClients.Run(
            "curl", "--http2", "-sS", "-w", "\n%{http_code}", "-d", "hello",
            new Uri(server.Address, "/echo").ToString());

        Assert.That(got, Is.EqualTo(new[] { "hello", "200" }));
    }

    private static async Task Check(Uri url)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("reactor-upload-");
        try
        {
            string[] files = [Make(folder, 4_000_000), Make(folder, 20_000_000)];
            string[][] got = await Task.WhenAll(UploadClients.Names.Select(
                client => UploadClients.Upload(client, folder.FullName, url, Count, files)));
            foreach ((string client, string[] lines) in UploadClients.Names.Zip(got))
            {
                Assert.That(lines, Is.All.StartsWith(Refused), client);
                Assert.That(lines, Has.Length.EqualTo(Count * files.Length), client);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Make(DirectoryInfo folder, int bytes)
    {
        string file = Path.Combine(folder.FullName, $"{bytes}");
        File.WriteAllBytes(file, new byte[bytes]);
        return file;
    }
}
