// The exchanges that are broken off at every byte, as data: each way to frame a request and an
// answer, and each way in which a handler may spend its time.
using System.Buffers;
using System.IO.Pipelines;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>The exchanges.</summary>
internal static class ExchangeScenarios
{
    /// <summary>
    /// A mebibyte each, and all of them far more than a kernel, a window and our own buffers hold.
    /// </summary>
    private static readonly byte[][] s_big =
        [.. Enumerable.Range(0, 8).Select(_ => new byte[1024 * 1024])];

    private static readonly byte[][] s_pieces = ["some"u8.ToArray(), " body"u8.ToArray()];

    public static IReadOnlyList<ExchangeScenario> All { get; } =
    [
        .. Plain(), .. Bodies(), .. Streams(), .. Waiting(), .. Refused(),
    ];

    private static IEnumerable<ExchangeScenario> Plain()
    {
        yield return new("plain GET", [new(Get("/ok"))], AddOk);
        yield return new(
            "two pipelined GETs", [new(Get("/ok")), new(Get("/ok"), Waits: false)], AddOk);
        yield return new("HEAD", [new("HEAD /ok HTTP/1.1\r\nHost: test\r\n\r\n")], AddOk)
        {
            Methods = ["HEAD"],
        };
        yield return new(
            "three requests in order", [new(Get("/ok")), new(Get("/ok")), new(Get("/ok"))], AddOk);
        yield return new(
            "Connection: close",
            [new("GET /ok HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")],
            AddOk);
        yield return new(
            "1 MiB at once",
            [new(Get("/big"))],
            (app, witness) => app.Get("/big", witness.Of(_ => Response.Bytes(s_big[0]))));
    }

    private static IEnumerable<ExchangeScenario> Bodies()
    {
        yield return new(
            "POST with Content-Length", [new(Post("/echo", "some body"))], AddEcho);
        yield return new(
            "POST in chunks with trailers",
            [new("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4\r\nsome\r\n5;a=b\r\n body\r\n0\r\nX-Sum: 9\r\n\r\n")],
            AddEcho);
        yield return new(
            "POST that nobody reads",
            [new(Post("/ignore", "some body"))],
            (app, witness) => app.Post("/ignore", witness.Of(_ => Response.Text("no"))));
        yield return new(
            "POST that waits for 100",
            [
                new("POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 9\r\n\r\n"),
                new("some body", BeginsRequest: false),
            ],
            AddEcho);
        yield return new(
            "POST that is read in one piece",
            [new(PostChunked("/piece", "some", " body"))],
            (app, witness) => app.Post("/piece", witness.Of(async request =>
            {
                ReadResult read = await request.Body.ReadAtLeastAsync("some body".Length);
                return Response.Bytes(read.Buffer.ToArray());
            })));
        yield return new(
            "POST that is streamed back",
            [new(PostChunked("/pipe", "some", " body"))],
            (app, witness) => app.Post("/pipe", witness.Of(StreamBack)));
    }

    private static IEnumerable<ExchangeScenario> Streams()
    {
        yield return new(
            "answer in chunks",
            [new(Get("/stream"))],
            (app, witness) => app.Get("/stream", witness.Of(
                request => Stream(request, new StreamResponse(), witness.Pause))));
        yield return new(
            "answer to HTTP/1.0 until the end",
            [new("GET /stream HTTP/1.0\r\n\r\n")],
            (app, witness) => app.Get("/stream", witness.Of(
                request => Stream(request, new StreamResponse(), witness.Pause))));
        yield return new(
            "streamed answer with Content-Length",
            [new(Get("/stream"))],
            (app, witness) => app.Get("/stream", witness.Of(
                request => Stream(request, new StreamResponse(contentLength: 9), witness.Pause))));
        yield return new(
            "8 MiB under back-pressure",
            [new(Get("/stream"))],
            (app, witness) => app.Get("/stream", witness.Of(
                request => Stream(request, new StreamResponse(), TimeSpan.Zero, s_big))));
        yield return new(
            "answer with trailers",
            [new("GET /stream HTTP/1.1\r\nHost: test\r\nTE: trailers\r\nConnection: TE\r\n\r\n")],
            (app, witness) => app.Get("/stream", witness.Of(async request =>
            {
                var response = new StreamResponse();
                response.AnnounceTrailer("X-Sum");
                await Stream(request, response, witness.Pause);
                response.SetTrailer("X-Sum", "9");
                return response;
            })));
        yield return new(
            "early hints",
            [new(Get("/hint"))],
            (app, witness) => app.Get("/hint", witness.Of(async request =>
            {
                request.SendEarlyHints(new LinkHint("/app.css"));
                await EventLoop.Delay(witness.Pause);
                return Response.Text("ok");
            })));
    }

    private static IEnumerable<ExchangeScenario> Waiting()
    {
        yield return new(
            "handler that waits",
            [new(Get("/wait"))],
            (app, witness) => app.Get("/wait", witness.Of(async _ =>
            {
                await EventLoop.Delay(witness.Pause);
                return Response.Text("ok");
            })));
        yield return new(
            "handler that is cancelled",
            [new(Get("/wait"))],
            (app, witness) => app.Get("/wait", witness.Of(_ => WaitToBeCancelled(witness))))
        {
            Options = new() { CancelHandlerOnDisconnect = true },
            IsToldOfReset = true,
        };
        yield return new(
            "handler that asks",
            [new(Post("/wait", "some body"))],
            (app, witness) => app.Post("/wait", witness.Of(async request =>
            {
                witness.Watch(request);
                ReadOnlyMemory<byte> body = await request.ReadAsync();
                await EventLoop.Delay(witness.Pause);
                return Response.Bytes(body);
            })))
        {
            IsToldOfReset = true,
        };
        yield return new(
            "handler that gives up",
            [new(Get("/wait"))],
            (app, witness) => app.Get("/wait", witness.Of(async request =>
            {
                witness.Watch(request);
                await EventLoop.Delay(witness.Pause);
                request.Aborted.ThrowIfCancellationRequested();
                return Response.Text("ok");
            })))
        {
            IsToldOfReset = true,
        };
        yield return new(
            "handler that throws",
            [new(Get("/throws"))],
            (app, witness) => app.Get("/throws", witness.Of(
                (Func<Request, Response>)(_ => throw new InvalidOperationException("meant")))))
        {
            HandlerFails = true,
        };
    }

    private static IEnumerable<ExchangeScenario> Refused()
    {
        yield return new("malformed head", [new("GET /ok HTTP/1.1\r\nHost : test\r\n\r\n")], AddOk);
        yield return new("no such route", [new(Post("/none", "some body"))], AddOk);
        yield return new(
            "no such route, with a page, a hook and a preference",
            [new("GET /none HTTP/1.1\r\nHost: test\r\nAccept: text/html\r\n\r\n")],
            (app, witness) =>
            {
                app.ErrorPage = (in ErrorContext error) =>
                    Response.Html($"<h1>{error.Title}</h1>", error.Status);
                app.OnResponsePrepare.Add((request, response) =>
                    response.Headers.Set("X-Path", request?.Path ?? "none"));
            });
        yield return new(
            "exception that is a response, within the limits of its route",
            [new(Get("/conflict"))],
            (app, witness) => app.Get(
                "/conflict",
                witness.Of(Response (_) => throw HttpException.Conflict("Not now.")),
                new RouteOptions
                {
                    RequestsInFlightMax = 100,
                    HandlerTimeout = TimeSpan.FromHours(1),
                    CancelHandlerOnDisconnect = true,
                }));
        yield return new(
            "body that is too large",
            [new(PostChunked("/echo", "some", " body"))],
            (app, witness) => app.Post(
                "/echo", witness.Of(Echo), new RouteOptions { BodyBytesMax = 8 }));
        yield return new(
            "length that is too large",
            [new(Post("/echo", "some body"))],
            (app, witness) => app.Post(
                "/echo", witness.Of(Echo), new RouteOptions { BodyBytesMax = 8 }));
    }

    private static void AddOk(Application app, HandlerWitness witness) =>
        app.Get("/ok", witness.Of(_ => Response.Text("ok")));

    private static void AddEcho(Application app, HandlerWitness witness) =>
        app.Post("/echo", witness.Of(Echo));

    private static async Coroutine<Response> Echo(Request request) =>
        Response.Bytes(await request.ReadAsync());

    /// <summary>Sends each piece of the body back as it arrives.</summary>
    internal static async Coroutine<Response> StreamBack(Request request)
    {
        var response = new StreamResponse();
        response.Prepare(request);
        while (true)
        {
            ReadResult read = await request.Body.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                await response.WriteAsync(piece);
            }

            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return response;
            }
        }
    }

    private static async Coroutine<Response> Stream(
        Request request, StreamResponse response, TimeSpan pause, params byte[][] pieces)
    {
        response.Prepare(request);
        foreach (byte[] piece in pieces is [] ? s_pieces : pieces)
        {
            await response.WriteAsync(piece);
            await EventLoop.Delay(pause);
        }

        return response;
    }

    private static async Coroutine<Response> WaitToBeCancelled(HandlerWitness witness)
    {
        int told = 0;
        bool isToGoOn = false;
        do
        {
            try
            {
                await EventLoop.Delay(witness.Pause);
                isToGoOn = false;
            }
            catch (LoopCanceledException)
            {
                witness.NoteTold(ref told);
                isToGoOn = true; // to see whether it is told again
            }
        }
        while (isToGoOn);

        return Response.Text("ok");
    }
}
