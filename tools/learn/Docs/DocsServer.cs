using System.Globalization;
using System.Reflection;
using Reactor.Http;
using Reactor.Inspector;

namespace Reactor.Learn;

/// <summary>
/// Serves the pages of the course on the loopback address, on a loop and a thread of its own. The
/// address of a page is its path in the repository. Any thread makes and disposes it.
/// </summary>
internal sealed class DocsServer : IDisposable
{
    // A picture opened by itself has its style sheet inside.
    private const string PicturePolicy = "default-src 'none'; style-src 'unsafe-inline'";

    private readonly InspectorHost _host;
    private readonly DocsFiles _files;
    private readonly Language _language;

    /// <param name="root">The folder of the repository.</param>
    /// <param name="port">The port; 0 picks a free one.</param>
    /// <param name="language">Of the index that the address without a path leads to.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The port cannot be bound.</exception>
    public DocsServer(string root, int port, Language language)
    {
        SdkCompiler.Use(); // colours the code
        _files = new DocsFiles(root);
        _language = language;
        _host = new InspectorHost(port, Make, background: null);
    }

    public int Port => _host.Port;

    /// <summary>The address of the index; everything that it shows is in the repository.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/");

    /// <summary>Ends the server and its thread; idempotent.</summary>
    public void Dispose() => _host.Dispose();

    private Application Make(InspectorGuard guard)
    {
        var app = new Application();
        InspectorGuard.AddHeaders(app);
        Add(app, guard, "/", async _ =>
        {
            await EventLoop.Yield();
            return Response.Redirect($"/docs/lessons/{_language.Folder()}/README.md");
        });
        foreach ((string name, string type) in new[]
        {
            ("style.css", "text/css; charset=utf-8"), ("icon.svg", "image/svg+xml"),
        })
        {
            byte[] bytes = ReadAsset(name);
            Add(app, guard, $"/assets/{name}", async _ =>
            {
                await EventLoop.Yield();
                return Response.Bytes(bytes, type);
            });
        }

        Add(app, guard, "/{path...}", ServeAsync);
        return app;
    }

    private static void Add(
        Application app, InspectorGuard guard, string pattern,
        Handler handler) =>
        app.Get(pattern, async Coroutine<Response> (request) =>
            guard.Reject(request, needsToken: false) is null
                ? await handler(request)
                : Response.Text("This server answers on the loopback address only.\n", 403));

    // Files are read and pages made in an executor: the loop goes on meanwhile.
    private async Coroutine<Response> ServeAsync(Request request)
    {
        string path = request.MatchInfo["path"] ?? "";
        return await EventLoop.ToThread(() => Answer(path));
    }

    private Response Answer(string path)
    {
        if (_files.Find(path) is not { } file)
        {
            return Response.Html(DocsPage.OfNothing(_language), 404);
        }

        switch (file.Kind)
        {
            case DocsKind.Markdown:
                return Response.Html(DocsPage.OfMarkdown(
                    File.ReadAllText(file.FullPath), file.Path, OtherLanguage(file.Path)));
            case DocsKind.Source:
                return Response.Html(
                    DocsPage.OfSource(File.ReadAllText(file.FullPath), file.Path));
            case DocsKind.Folder:
                return !path.EndsWith('/')
                    ? Response.Redirect($"/{file.Path}/")
                    : _files.Find($"{file.Path}/README.md") is { } index
                        ? Response.Redirect($"/{index.Path}")
                        : Response.Html(DocsPage.OfFolder(file.Path, _files.In(file)));
            default:
                var picture = Response.Bytes(File.ReadAllBytes(file.FullPath), file.ContentType);
                picture.Headers.Set("Content-Security-Policy", PicturePolicy);
                return picture;
        }
    }

    /// <summary>The page in the other language, if there is one.</summary>
    private string? OtherLanguage(string path)
    {
        string other =
            path.Contains("/en/", StringComparison.Ordinal) ? path.Replace("/en/", "/zh-CN/")
            : path.Contains("/zh-CN/", StringComparison.Ordinal) ? path.Replace("/zh-CN/", "/en/")
            : path == "README.md" ? "README.zh-CN.md"
            : path == "README.zh-CN.md" ? "README.md"
            : "";
        return other.Length > 0 ? _files.Find(other)?.Path : null;
    }

    private static byte[] ReadAsset(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
