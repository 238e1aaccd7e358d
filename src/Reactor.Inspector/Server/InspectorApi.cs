using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reactor.Http;

namespace Reactor.Inspector;

/// <summary>
/// The routes of the inspector: the page's files, the state as JSON and as text, recordings. Every
/// request passes the guard first. The inspector's loop only.
/// </summary>
/// <param name="guard">Decides which requests are accepted.</param>
/// <param name="live">The live loop; null in an inspector of a recording.</param>
/// <param name="shelf">The recordings.</param>
internal sealed class InspectorApi(InspectorGuard guard, LiveSource? live, RecordingShelf shelf)
{
    private readonly RecordingDownloads _downloads = new();

    public Application Make()
    {
        var app = new Application();
        InspectorGuard.AddHeaders(app);
        foreach (string name in PageFiles.Names)
        {
            PageFile file = PageFiles.Get(name);
            Add(app, "GET", name == "index.html" ? "/" : $"/{name}",
                _ => Response.Bytes(file.Bytes, file.ContentType),
                needsToken: name == "index.html");
        }

        Add(app, "GET", "/text", Text);
        Add(app, "GET", "/api/session", Session);
        Add(app, "GET", "/api/recordings", _ => Json(Recordings(), InspectorJson.Default
            .RecordingsView));
        AddOfRecording(app, "timeline", (_, run) =>
            Json(run.Timeline(), InspectorJson.Default.TimelineView));
        AddOfRecording(app, "state", State);
        AddDownload(app, "file", _downloads.File);
        AddDownload(app, "trace.json", _downloads.Trace);
        AddOfRecording(app, "picture.svg", (request, run) =>
            RecordingDownloads.Picture(
                run, request.Query["kind"], NumberOf(request, "event"),
                NumberOf(request, "connection"))
                ?? Fail(request, 400, "error.picture"));
        Add(app, "POST", "/api/record", Record);
        AddWaiting(app, "/api/live", source => source.LiveAsync);
        AddWaiting(app, "/api/tree", source => source.TreeAsync);
        return app;
    }

    private static InspectorStrings StringsOf(Request request) =>
        InspectorStrings.For(request.Query["lang"] ?? request.GetHeader("Accept-Language"));

    private static Response Json<T>(T value, JsonTypeInfo<T> type) =>
        Response.Bytes(JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json");

    private static Response Fail(
        Request request, int status, string key, params ReadOnlySpan<(string, object)> values) =>
        Response.Text(StringsOf(request).Get(key, values) + "\n", status);

    private void Add(
        Application app, string method, string pattern, Func<Request, Response> handler,
        bool needsToken = true) =>
        app.Router.AddRoute(method, pattern, request =>
            guard.Reject(request, needsToken) is { } key
                ? Fail(request, 403, key)
                : handler(request));

    private void AddOfRecording(
        Application app, string what, Func<Request, RecordedRun, Response> handler) =>
        Add(app, "GET", $"/api/recordings/{{number}}/{what}", request =>
            RunOf(request) is { } run
                ? handler(request, run)
                : Fail(request, 404, "error.recording"));

    private void AddDownload(
        Application app, string what, Func<Request, RecordedRun, Coroutine<Response>> handler) =>
        app.Router.AddRoute(
            "GET", $"/api/recordings/{{number}}/{what}",
            async Coroutine<Response> (request) =>
                guard.Reject(request, needsToken: true) is { } key ? Fail(request, 403, key)
                : RunOf(request) is { } run ? await handler(request, run)
                : Fail(request, 404, "error.recording"));

    private RecordedRun? RunOf(Request request) => int.TryParse(
        request.MatchInfo["number"], NumberStyles.None, CultureInfo.InvariantCulture,
        out int number)
        ? shelf.Find(number) : null;

    private void AddWaiting(
        Application app, string pattern,
        Func<LiveSource, Func<long, Coroutine<byte[]>>> choose) =>
        app.Router.AddRoute("GET", pattern, async Coroutine<Response> (request) =>
        {
            if (guard.Reject(request, needsToken: true) is { } key)
            {
                return Fail(request, 403, key);
            }

            if (live is null)
            {
                return Fail(request, 404, "error.notLive");
            }

            byte[] json = await choose(live)(NumberOf(request, "since") ?? 0);
            return Response.Bytes(json, "application/json");
        });

    private Response Session(Request request)
    {
        int? wanted = (int?)NumberOf(request, "recording");
        if (wanted is null && live is not null)
        {
            return Json(live.Session, InspectorJson.Default.SessionView);
        }

        int number = wanted ?? 1;
        return shelf.Find(number) is { } run
            ? Json(
                run.Session with { IsLive = live is not null, Recording = number },
                InspectorJson.Default.SessionView)
            : Fail(request, 404, "error.recording");
    }

    private RecordingsView Recordings() =>
        new(shelf.Numbers, live?.RecordingLeftNs, live?.RecordingFailure);

    private static Response State(Request request, RecordedRun run)
    {
        long? time = NumberOf(request, "time");
        long? given = NumberOf(request, "event");
        if (time is null && given is null)
        {
            return Fail(request, 400, "error.position");
        }

        long at = time is { } ns ? run.EventAt(ns) : given!.Value;
        if (request.Query["step"] is { } step)
        {
            if (!Enum.TryParse(step, ignoreCase: true, out TraceStep by)
                || !char.IsAsciiLetter(step[0]) // a number is not a name
                || NumberOf(request, "count") is not { } count)
            {
                return Fail(request, 400, "error.position");
            }

            at = run.Step(at, by, count);
        }

        return Json(run.StateAt(at), InspectorJson.Default.StateView);
    }

    private Response Record(Request request)
    {
        if (live is null)
        {
            return Fail(request, 404, "error.notLive");
        }

        if (NumberOf(request, "seconds")
            is not (>= 1 and <= LiveSource.RecordSecondsMax and long seconds))
        {
            return Fail(
                request, 400, "error.seconds", ("max", LiveSource.RecordSecondsMax));
        }

        return live.TryRecord(TimeSpan.FromSeconds(seconds))
            ? Json(Recordings(), InspectorJson.Default.RecordingsView)
            : Fail(request, 409, "error.busy");
    }

    private Response Text(Request request)
    {
        InspectorStrings strings = StringsOf(request);
        if (NumberOf(request, "recording") is null && live is not null)
        {
            return Response.Text(
                TextPage.Write(live.ReadState(), live.Session, strings));
        }

        return shelf.Find((int)(NumberOf(request, "recording") ?? 1)) is { } run
            ? Response.Text(TextPage.Write(
                run.StateAt(NumberOf(request, "event") ?? run.Count), run.Session, strings))
            : Fail(request, 404, "error.recording");
    }

    private static long? NumberOf(Request request, string name) =>
        long.TryParse(
            request.Query[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out long number)
            ? number : null;
}
