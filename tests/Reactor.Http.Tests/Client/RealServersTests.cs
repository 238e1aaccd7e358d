using System.Globalization;
using System.IO.Pipelines;
using Reactor.Http.Tests.Server;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// The session against other programs' servers, on real sockets: ten thousand requests each, of
/// which every one carries a number that its response must have; and long streams.
/// </summary>
[Category("External")]
[Category("Slow")]
public sealed class RealServersTests
{
    private const int Requests = 10_000;
    private const int AtOnce = 64;

    private static IEnumerable<string> Drivers => RealDrivers.Names;

    [TestCaseSource(nameof(Drivers))]
    public void Every_response_of_nginx_is_that_of_its_request(string driver)
    {
        WithNginx("location / { default_type text/plain; return 200 \"$request_uri\"; }", port =>
            AskAll(driver, number => new("GET", $"http://127.0.0.1:{port}/{number}"), "/{0}"));
    }

    [TestCaseSource(nameof(Drivers))]
    public void A_file_that_nginx_compresses_arrives_as_it_was(string driver)
    {
        string text = string.Concat(Enumerable.Range(0, 200_000).Select(Text)); // a megabyte
        WithNginx("gzip on; gzip_types text/plain; default_type text/plain;", port =>
            RealPeers.Run(
                driver,
                async session =>
                {
                    for (int i = 0; i < 100; i++)
                    {
                        using ClientResponse response =
                            await session.GetAsync($"http://127.0.0.1:{port}/file");
                        Assert.That(response.Headers["Content-Encoding"], Is.Null);
                        Assert.That(response.ContentLength, Is.Null, "it was compressed");
                        Assert.That(await response.TextAsync(), Is.EqualTo(text));
                    }

                    Assert.That(session.OpenConnections, Is.EqualTo(1));
                },
                Coded.All),
            ("file", text));
    }

    [TestCaseSource(nameof(Drivers))]
    public void Every_response_of_node_is_that_of_its_request(string driver)
    {
        int port = LoopbackPort.FindFree();
        using ChildProcess server = RealPeers.Start(
            port, ExternalTool.Require("node", "nodejs"), Peer("node_app.js"), Text(port));
        PostAll(driver, port);
    }

    [TestCaseSource(nameof(Drivers))]
    public void Every_response_of_aiohttp_is_that_of_its_request(string driver)
    {
        int port = LoopbackPort.FindFree();
        using ChildProcess server = RealPeers.Start(
            port, ExternalTool.RequireModule("aiohttp", "python3-aiohttp"),
            Peer("aiohttp_app.py"), Text(port), "asyncio");
        PostAll(driver, port);
    }

    [TestCaseSource(nameof(Drivers))]
    public void Every_response_of_Kestrel_is_that_of_its_request(string driver)
    {
        int port = LoopbackPort.FindFree();
        using ChildProcess server = RealPeers.Start(
            port, "dotnet", "run", "-c", "Release", Peer("kestrel.cs"), "--", Text(port));
        PostAll(driver, port);
    }

    /// <summary>
    /// 100 MB go up and come back at once, in the pieces that arrive. Both sides are in this
    /// process.
    /// </summary>
    [TestCaseSource(nameof(Drivers))]
    public void A_hundred_megabytes_stream_both_ways_in_bounded_memory(string driver)
    {
        const int PieceBytes = 64 * 1024;
        const int Pieces = 1600;

        // The kernel's buffers are not in the process, and 64 KiB wait on each of the two sides.
        // The rest is garbage: the collector runs when a young generation of some MiB is full.
        const long GrowthMax = 16 * 1024 * 1024;
        using var server = new RealServer(
            driver, app => app.Post("/", ExchangeScenarios.StreamBack), new()
            {
                Parser = new() { BodyBytesMax = long.MaxValue },
            });
        RealPeers.Run(driver, async session =>
        {
            string url = $"http://{server.EndPoint}/";
            await StreamAsync(session, url, Pieces / 4, PieceBytes);
            GC.Collect();
            long before = Environment.WorkingSet;
            long most = await StreamAsync(session, url, Pieces, PieceBytes);
            Assert.That(most - before, Is.LessThanOrEqualTo(GrowthMax));
        });
    }

    // Returns the most resident memory that was seen.
    private static async Coroutine<long> StreamAsync(
        ClientSession session, string url, int pieces, int pieceBytes)
    {
        byte[] piece = new byte[pieceBytes];
        var content = new TestContent(async body =>
        {
            for (int i = 0; i < pieces; i++)
            {
                piece.AsSpan().Fill((byte)i); // it was sent or copied when the write ended
                await body.WriteAsync(piece);
            }
        });
        using ClientResponse response = await session.PostAsync(url, content);
        long bytes = 0;
        long most = 0;
        while (true)
        {
            ReadResult read = await response.Body.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in read.Buffer)
            {
                CheckPart(part.Span, bytes, pieceBytes);
                bytes += part.Length;
            }

            response.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }

            most = Math.Max(most, bytes % (1 << 20) < pieceBytes ? Environment.WorkingSet : 0);
        }

        Assert.That(bytes, Is.EqualTo((long)pieces * pieceBytes));
        return most;
    }

    private static void CheckPart(ReadOnlySpan<byte> part, long start, int pieceBytes)
    {
        while (!part.IsEmpty)
        {
            int length = (int)Math.Min(part.Length, pieceBytes - (start % pieceBytes));
            Assert.That(part[..length].ContainsAnyExcept((byte)(start / pieceBytes)), Is.False);
            part = part[length..];
            start += length;
        }
    }

    // Starts it with the directives of a server and the files that it has.
    private static void WithNginx(
        string server, Action<int> test, params (string Name, string Text)[] files)
    {
        string nginx = ExternalTool.Require("nginx", "nginx-light");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("reactor-client-");
        int port = LoopbackPort.FindFree();
        string path = folder.FullName;
        foreach ((string name, string text) in files)
        {
            File.WriteAllText(Path.Combine(path, name), text);
        }

        string file = Path.Combine(path, "nginx.conf");
        File.WriteAllText(file, $$"""
            daemon off; master_process off; pid {{path}}/pid; error_log {{path}}/error crit;
            events { worker_connections 256; }
            http {
              access_log off; client_body_temp_path {{path}}/b; proxy_temp_path {{path}}/p;
              fastcgi_temp_path {{path}}/f; uwsgi_temp_path {{path}}/u; scgi_temp_path {{path}}/s;
              server { listen 127.0.0.1:{{port}}; root {{path}}; {{server}} }
            }
            """);
        using (RealPeers.Start(port, nginx, "-p", path, "-c", file))
        {
            test(port);
        }

        folder.Delete(recursive: true);
    }

    private static void PostAll(string driver, int port) => AskAll(
        driver,
        number => new("POST", $"http://127.0.0.1:{port}/echo")
        {
            Content = TestContent.Text(number),
        },
        "{0}");

    private static void AskAll(
        string driver, Func<string, ClientRequest> request, string expected)
    {
        RealPeers.Run(driver, async session =>
        {
            int next = 0;
            int mixedUp = 0;

            async Coroutine Ask()
            {
                while (next < Requests)
                {
                    string number = Text(next++);
                    using ClientResponse response = await session.SendAsync(request(number));
                    Assert.That(response.Status, Is.EqualTo(200));
                    string text = await response.TextAsync();
                    mixedUp += text == string.Format(null, expected, number) ? 0 : 1;
                }
            }

            await EventLoop.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Ask()));
            Assert.That(next, Is.EqualTo(Requests));
            Assert.That(mixedUp, Is.Zero);
            Assert.That(session.OpenConnections, Is.LessThanOrEqualTo(AtOnce));
        });
    }

    private static string Peer(string file) =>
        Path.Combine(RepositoryFolder.Path, "bench", "peers", file);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
