#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// A web server whose handlers sleep for half a second. One thread serves all connections, yet a
// thousand clients wait no longer than one. Ctrl+C ends it.
//
// Expected output:
//   Server started at http://127.0.0.1:8000...
//   Press Ctrl+C to stop.
// Server: http://127.0.0.1:8000
// GET / → <h1>Index</h1>
// GET /hello/world → <h1>hello, world!</h1>
using System.Net;
using Reactor;
using Reactor.Http;

var app = new Application();
app.Get("/", async Coroutine<Response> (request) =>
{
    await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
    return Response.Html("<h1>Index</h1>");
});
app.Get("/hello/{name}", async Coroutine<Response> (request) =>
{
    await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
    return Response.Html($"<h1>hello, {WebUtility.HtmlEncode(request.MatchInfo["name"])}!</h1>");
});
app.Run("127.0.0.1", 8000);
