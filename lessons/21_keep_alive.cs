#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Lesson 21: in which order do 16 pipelined responses come? Grows from 20_http_parser.
// Question: A client sends 16 requests in one write. The handler of request 1 takes 32 ms, that of
//   request 2 takes 30 ms, that of request 16 takes 2 ms. In which order do the responses come?
// Predict:
//   order: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
//   order: 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1
// Picture: connection
// Expected output:
//   16 requests in 1 write
//   order: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
//   handlers at the same time: 1
//   16 requests in 1 write, no handler waits
//   responses in the first read: 16
//   connections: 1
using System.Text;
using System.Text.RegularExpressions;
using Reactor;
using Reactor.Http;
using Reactor.Net;

int running = 0, runningMost = 0;
EventLoop.Run(Main);

async Coroutine Main()
{
    var app = new Application();
    app.Get("/slow/{number}", async Coroutine<Response> (request) =>
    {
        int number = int.Parse(request.MatchInfo["number"]);
        runningMost = Math.Max(runningMost, ++running);
        await EventLoop.Delay(TimeSpan.FromMilliseconds(34 - (2 * number)));
        running--;
        return Response.Text($"[{number}]");
    });
    app.Get("/fast/{number}", request => Response.Text($"[{request.MatchInfo["number"]}]"));
    HttpServer http = app.MakeHandler();
    LoopServer server = await EventLoop.Current.CreateServer(http, "127.0.0.1", 0);
    await using (Connection client = await Connection.OpenAsync(server.EndPoints[0]))
    {
        Console.WriteLine("16 requests in 1 write");
        await client.WriteAsync(Requests("/slow"));
        List<string> order = [];
        while (order.Count < 16) order.AddRange(await ReadResponses(client));
        Console.WriteLine($"order: {string.Join(' ', order)}");
        Console.WriteLine($"handlers at the same time: {runningMost}");

        Console.WriteLine("16 requests in 1 write, no handler waits");
        await client.WriteAsync(Requests("/fast"));
        Console.WriteLine($"responses in the first read: {(await ReadResponses(client)).Count}");
        Console.WriteLine($"connections: {http.ConnectionCount}");
    }

    await http.ShutdownAsync(server);
}

static byte[] Requests(string path) => Encoding.ASCII.GetBytes(string.Concat(
    Enumerable.Range(1, 16).Select(i => $"GET {path}/{i} HTTP/1.1\r\nHost: x\r\n\r\n")));

// One read of what has arrived. Each body is the number of its request: [7].
static async Coroutine<List<string>> ReadResponses(Connection client)
{
    byte[] buffer = new byte[64 * 1024];
    string text = Encoding.ASCII.GetString(buffer, 0, await client.ReadAsync(buffer));
    return [.. Regex.Matches(text, @"\[(\d+)\]").Select(match => match.Groups[1].Value)];
}
