namespace Reactor.Http.Tests.Server;

/// <summary>
/// The handlers of the random pipelines: each answers with the path of its request, in its own way,
/// and notes that it has begun.
/// </summary>
/// <remarks>The loop's thread.</remarks>
internal sealed class PipelineApplication
{
    private static readonly byte[] s_large = new byte[100_000];

    private readonly Dictionary<string, int> _begun = [];
    private readonly HashSet<string> _gone = [];
    private readonly List<string> _begunTooLate = [];

    /// <summary>How often the handler of a path was called.</summary>
    public IReadOnlyDictionary<string, int> Begun => _begun;

    /// <summary>The paths of handlers that began after their client had gone.</summary>
    public IReadOnlyList<string> BegunTooLate => _begunTooLate;

    /// <summary>From now on no handler may begin for this client: its reset has arrived.</summary>
    public void NoteGone(int client) => _gone.Add($"{client}");

    public void Forget()
    {
        _begun.Clear();
        _gone.Clear();
    }

    public void AddRoutes(Application app)
    {
        foreach (string kind in new[] { "ok", "head", "last", "old" })
        {
            Get(app, kind, request => Handlers.Run(Answer, request));
        }

        Get(app, "yield", YieldFirst);
        Get(app, "wait", Wait);
        Get(app, "asks", Ask);
        Get(app, "large", request => Handlers.Run(_ => Response.Bytes(s_large), request));
        Get(app, "stream", Stream);
        Get(app, "throws", request => Handlers.Run(
            _ => throw new InvalidOperationException("on purpose"), request));
        Get(app, "breaks", Break);
        Get(app, "short", Shorten);
        foreach (string kind in new[] { "echo", "chunked", "expect", "bad-chunk", "too-large" })
        {
            Post(app, kind, Read);
        }

        Post(app, "ignore", request => Handlers.Run(Answer, request));
    }

    private void Get(Application app, string kind, Handler handler) =>
        app.Get($"/{kind}/{{client}}/{{i}}", request => Begin(request, handler));

    private void Post(Application app, string kind, Handler handler) =>
        app.Post($"/{kind}/{{client}}/{{i}}", request => Begin(request, handler));

    private Coroutine<Response> Begin(Request request, Handler handler)
    {
        _begun[request.Path] = _begun.GetValueOrDefault(request.Path) + 1;
        if (request.Context.Channel.Connection.IsOutputBroken
            || _gone.Contains(request.MatchInfo["client"]))
        {
            _begunTooLate.Add(request.Path);
        }

        return handler(request);
    }

    private static Response Answer(Request request) => Response.Text(request.Path);

    private static async Coroutine<Response> YieldFirst(Request request)
    {
        await EventLoop.Yield();
        return Answer(request);
    }

    private static async Coroutine<Response> Wait(Request request)
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(0.3));
        return Answer(request);
    }

    private static async Coroutine<Response> Ask(Request request)
    {
        _ = request.Aborted;
        await EventLoop.Delay(TimeSpan.FromSeconds(0.3));
        request.Aborted.ThrowIfCancellationRequested();
        return Answer(request);
    }

    private static async Coroutine<Response> Read(Request request)
    {
        await request.ReadAsync();
        return Answer(request);
    }

    private static async Coroutine<Response> Stream(Request request)
    {
        var response = new StreamResponse();
        response.Prepare(request);
        byte[] text = System.Text.Encoding.ASCII.GetBytes(request.Path);
        await response.WriteAsync(text.AsMemory(0, 2));
        await EventLoop.Delay(TimeSpan.FromSeconds(0.2));
        await response.WriteAsync(text.AsMemory(2));
        return response;
    }

    private static async Coroutine<Response> Break(Request request)
    {
        await Stream(request);
        throw new InvalidOperationException("on purpose");
    }

    private static async Coroutine<Response> Shorten(Request request)
    {
        var response = new StreamResponse(contentLength: 100);
        response.Prepare(request);
        await response.WriteAsync("less"u8.ToArray());
        return response;
    }
}
