using System.Globalization;
using System.Security.Cryptography;
using Reactor.Http.Tests.Server;
using Reactor.Testing;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>Forms as real clients send them, on real sockets.</summary>
[NonParallelizable]
public class FormClientTests
{
    private const string Aiohttp = """
        import aiohttp, asyncio, sys
        async def main():
            form = aiohttp.FormData(quote_fields=False)
            form.add_field('plain', 'a value\r\nof two lines')
            form.add_field('na\u00efve', '\u20ac')
            form.add_field('file', open(sys.argv[2], 'rb'), filename='\u4e2d "x".bin',
                           content_type='application/x-test')
            async with aiohttp.ClientSession() as session:
                async with session.post(sys.argv[1], data=form) as response:
                    print(await response.text(), end='')
                pairs = {'a': '1 & 2', 'b': '\u00fc'}
                async with session.post(sys.argv[1], data=pairs) as response:
                    print(await response.text(), end='')
        asyncio.run(main())
        """;

    private SpoolFolder _folder = null!;
    private RealServer _server = null!;

    private string Url => $"http://{_server.EndPoint}/";

    [SetUp]
    public void Start()
    {
        _folder = new SpoolFolder();
        _server = new RealServer(
            OperatingSystem.IsLinux() ? "epoll" : "sockets",
            app => app.Post("/", Describe, new RouteOptions { BodyBytesMax = 1 << 30 }));
    }

    [TearDown]
    public void Stop()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    [Category("External")]
    public void Curl_sends_fields_and_several_files_with_names_in_utf8()
    {
        ExternalTool.Require("curl", "curl");
        string small = Make("kl\u00E4in \"q\".txt", 3);
        string large = Make("\u4E2D.bin", 3_000_000);
        string told = Run(
            "curl", "-sS", "-F", "field=a value", "-F", "\u00FC=\u20AC",
            "-F", $"files=@\"{small.Replace("\"", "\\\"")}\";type=text/plain",
            "-F", $"files=@{large};filename=\u4E2D.bin", "-F", "text=<" + Make("t", 2), Url);
        Assert.That(told, Is.EqualTo(
            "field=a value\n\u00FC=\u20AC\ntext=ab\n"
            + $"files: kl\u00E4in \"q\".txt, text/plain, {Hash(small)}\n"
            + $"files: \u4E2D.bin, application/octet-stream, {Hash(large)}\n"));
        Assert.That(
            Run("curl", "-sS", "-d", "a=1", "--data-urlencode", "b=2 & \u00FC", "-d", "c=\u00FC",
                Url),
            Is.EqualTo("a=1\nb=2 & \u00FC\nc=\u00FC\n"));
    }

    [Test]
    [Category("External")]
    public void Aiohttp_sends_a_form_as_its_client_writes_it()
    {
        string python = ExternalTool.RequireModule("aiohttp", "python3-aiohttp");
        string file = Make("x", 200_000);
        Assert.That(Run(python, "-c", Aiohttp, Url, file), Is.EqualTo(
            "plain=a value\r\nof two lines\nna\u00EFve=\u20AC\n"
            + $"file: \u4E2D \"x\".bin, application/x-test, {Hash(file)}\n"
            + "a=1 & 2\nb=\u00FC\n"));
    }

    [Test]
    public async Task HttpClient_sends_MultipartFormDataContent()
    {
        string file = Make("x", 100_000);
        using var client = new HttpClient();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("a value"), "plain" },
            { new StringContent("\u20AC"), "with space" },
            { new ByteArrayContent(File.ReadAllBytes(file)), "file", "\u4E2D x.bin" },
            { new StreamContent(File.OpenRead(file)), "file", "plain.bin" },
        };
        using HttpResponseMessage answer = await client.PostAsync(Url, form);
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(
            "plain=a value\nwith space=\u20AC\n"
            + $"file: \u4E2D x.bin, -, {Hash(file)}\nfile: plain.bin, -, {Hash(file)}\n"));
        using var pairs = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["a b"] = "1&2", ["\u00FC"] = "+" });
        using HttpResponseMessage second = await client.PostAsync(Url, pairs);
        Assert.That(await second.Content.ReadAsStringAsync(), Is.EqualTo("a b=1&2\n\u00FC=+\n"));
    }

    [Test]
    [Category("External")]
    [Category("Slow")]
    [Platform("Linux")]
    public void An_upload_of_64_MiB_grows_the_process_by_less_than_16_MiB()
    {
        ExternalTool.Require("curl", "curl");
        string warmUp = Sparse("warm-up", 8 << 20);
        string large = Sparse("large", 64 << 20);
        Upload(warmUp);
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak is now what is resident
        double before = ReadMiB("VmRSS");
        Upload(large);
        Assert.That(ReadMiB("VmHWM") - before, Is.LessThan(16));
    }

    private void Upload(string file) => Assert.That(
        Run("curl", "-sS", "-F", $"file=@{file}", Url), Does.StartWith("file: "));

    private static double ReadMiB(string name)
    {
        string line = File.ReadLines("/proc/self/status")
            .First(one => one.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..^3], CultureInfo.InvariantCulture) / 1024;
    }

    // Contents are made on threads of the executor too: the files may be large.
    private async Coroutine<Response> Describe(Request request)
    {
        FormValues form = await request.FormAsync(new FormOptions { Directory = _folder.FullName });
        string told = string.Concat(form.Select(field => $"{field.Key}={field.Value}\n"));
        foreach (FormFile file in form.Files)
        {
            string hash = await EventLoop.ToThread(() => Hash(file.Path));
            told += $"{file.Name}: {file.FileName}, {file.ContentType ?? "-"}, {hash}\n";
        }

        return Response.Text(told);
    }

    private static string Run(string program, params string[] arguments)
    {
        ChildOutcome outcome = ChildProcess.Run(program, arguments);
        Assert.That((outcome.ExitCode, outcome.Errors), Is.EqualTo((0, "")));
        return outcome.Output;
    }

    // Letters, so that a file can be a field.
    private string Make(string name, int bytes)
    {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++)
        {
            content[i] = (byte)('a' + (i % 23));
        }

        Directory.CreateDirectory(_folder.At("sources"));
        string path = _folder.At($"sources/{name}");
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Sparse(string name, long bytes)
    {
        using FileStream file = File.Create(_folder.At(name));
        file.SetLength(bytes);
        return file.Name;
    }

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
