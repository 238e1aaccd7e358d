using System.Text;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>Requests with forms, as text whose characters are octets.</summary>
internal static class FormRequests
{
    public const string UrlEncoded = "application/x-www-form-urlencoded";

    public const string Multipart = "multipart/form-data; boundary=b";

    /// <summary>A request with a body of known length.</summary>
    public static string Post(string contentType, string body) =>
        $"POST / HTTP/1.1\r\nHost: test\r\nContent-Type: {contentType}\r\n"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>A request whose body comes in chunks of some size.</summary>
    public static string PostChunked(string contentType, string body, int chunkBytes = 7) =>
        $"POST / HTTP/1.1\r\nHost: test\r\nContent-Type: {contentType}\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"
        + string.Concat(body.Chunk(chunkBytes).Select(
            chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n"))
        + "0\r\n\r\n";

    /// <summary>A part: the name with what follows it, and the content.</summary>
    public static string Part(string name, string content, string fields = "") =>
        $"--b\r\nContent-Disposition: form-data; name={name}\r\n{fields}\r\n{content}\r\n";

    /// <summary>A body of parts.</summary>
    public static string Parts(params string[] parts) => string.Concat(parts) + "--b--\r\n";

    /// <summary>Text as the octets of its UTF-8.</summary>
    public static string Utf8(string text) =>
        Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Serves one request and returns the answer; afterwards the connection is as before if the
    /// status is not that of a body that could not be read.
    /// </summary>
    public static RawAnswer Serve(string request, Func<Request, Coroutine<Response>> handler,
        RouteOptions? options = null)
    {
        using var server = new ServerFixture(
            app => app.Post("/", async one => await handler(one), options));
        return server.Connect().Ask(request);
    }
}

/// <summary>A folder of a test for temporary files.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reactor-forms-");

    public string FullName => _folder.FullName;

    public FormOptions Options => new() { Directory = FullName };

    public string[] Files => Directory.GetFiles(FullName);

    public string At(string name) => Path.Combine(FullName, name);

    /// <summary>Waits until the executor has deleted what it is to delete.</summary>
    public void WaitUntilEmpty(ServerFixture server) =>
        server.RunUntil(() => Files.Length == 0);

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>Runs nothing until it is told to, on the thread that tells it.</summary>
internal sealed class HeldExecutor : IExecutor
{
    private readonly Queue<Action> _work = new();

    public int Count => _work.Count;

    public void Submit(Action work) => _work.Enqueue(work);

    public void Shutdown()
    {
    }

    public void RunAll()
    {
        while (_work.TryDequeue(out Action? work))
        {
            work();
        }
    }
}
