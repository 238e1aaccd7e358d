#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Fans out to 50 URLs, at most 8 at once. Server and client run in one loop, so the counters need
// no lock. The group waits for all tasks; if one fails, it cancels the others.
//
// Expected output:
//   1² + 2² + … + 50² = 42925
//   at most 8 at once, over 8 connections
using Reactor;
using Reactor.Http;
using Reactor.Net;
using Reactor.Sync;

const int Urls = 50;
const int AtOnce = 8;
int running = 0;
int most = 0;

var app = new Application();
app.Get("/square/{n:int}", Square);
EventLoop.Run(Main);

async Coroutine Main()
{
    HttpServer http = app.MakeHandler();
    LoopServer server = await EventLoop.Current.CreateServer(http, "127.0.0.1", 0);
    try
    {
        await using var session = new ClientSession(
            new ClientOptions { BaseAddress = new Uri($"http://{server.EndPoints[0]}") });
        Console.WriteLine($"1² + 2² + … + {Urls}² = {await FanOut(session)}");
        Console.WriteLine($"at most {most} at once, over {session.OpenConnections} connections");
    }
    finally
    {
        await http.ShutdownAsync(server);
    }
}

async Coroutine<long> FanOut(ClientSession session)
{
    var slots = new AsyncSemaphore(AtOnce);
    long sum = 0;
    await TaskGroup.Run(async group =>
    {
        for (int n = 1; n <= Urls; n++)
        {
            await slots.AcquireAsync();
            group.Spawn(Add(n));
        }
    });
    return sum;

    async Coroutine Add(int n)
    {
        try
        {
            using ClientResponse response = await session.GetAsync($"/square/{n}");
            response.EnsureSuccess();
            sum += long.Parse(await response.TextAsync());
        }
        finally
        {
            slots.Release();
        }
    }
}

async Coroutine<Response> Square(Request request)
{
    most = Math.Max(most, ++running);
    try { await EventLoop.Delay(TimeSpan.FromSeconds(0.05)); }
    finally { running--; } // a cancelled one does not run either
    int n = int.Parse(request.MatchInfo["n"]);
    return Response.Text($"{n * n}");
}
