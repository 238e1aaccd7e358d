#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Server: http://127.0.0.1:8000
// GET / → <h1>Index</h1>
// GET /hello/world → <h1>hello, world!</h1>
using System.Net;
using Reactor;
using Reactor.Http;
using Reactor.Net;
async Coroutine<Response> Index(Request request)
{
    await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
    return Response.Html("<h1>Index</h1>");
}
async Coroutine<Response> Hello(Request request)
{
    await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
    return Response.Html($"<h1>hello, {WebUtility.HtmlEncode(request.MatchInfo["name"])}!</h1>");
}
async Coroutine Init(EventLoop loop)
{
    var app = new Application();
    app.Router.AddRoute("GET", "/", Index);
    app.Router.AddRoute("GET", "/hello/{name}", Hello);
    await loop.CreateServer(app.MakeHandler(), "127.0.0.1", 8000);
    Console.WriteLine("Server started at http://127.0.0.1:8000...");
}
var loop = new EventLoop();
loop.RunUntilComplete(Init(loop));
loop.RunForever();
