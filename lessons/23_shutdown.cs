#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Lesson 23: which clients are cut off? Grows from 21_keep_alive.
// Question: A server shuts down and gives its requests 5 s. One client is idle, one needs 2 s more,
//   one needs an hour, one has sent half a request, and one connects a second after the shutdown
//   began. How does the one that needs an hour end?
// Predict:
//   0 s: slow is closed, without a response
//   5 s: slow is closed, without a response
//   5 s: slow has 503 Service Unavailable, Connection: close
// Picture: connection
// Expected output:
//   0 s: the shutdown begins
//   0 s: idle is closed, without a response
//   1 s: late is refused
//   2 s: quick has 200 OK, Connection: close
//   5 s: slow has 503 Service Unavailable, Connection: close
//   5 s: half has 408 Request Timeout, Connection: close
//   5 s: the server has ended
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reactor;
using Reactor.Http;
using Reactor.Net;
using Reactor.Simulation;

var begin = TimeSpan.FromSeconds(1); // by then all requests are at the server
var options = new HttpServerOptions
{
    Shutdown = new HttpServerShutdown { Timeout = TimeSpan.FromSeconds(5) },
    Log = new HttpServerLog { LoggerFactory = NullLoggerFactory.Instance },
};
// The clock of this driver jumps to the next event: an hour takes no time.
EventLoop.Run(Main, new EventLoopOptions { Driver = new InMemoryDriver() });

async Coroutine Main()
{
    var app = new Application();
    app.Get("/wait/{seconds}", async Coroutine<Response> (request) =>
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(int.Parse(request.MatchInfo["seconds"])));
        return Response.Text("done");
    });
    HttpServer http = app.MakeHandler(options);
    LoopServer server = await EventLoop.Current.CreateServer(http, "127.0.0.1", 0);
    EndPoint address = server.EndPoints[0];
    LoopTask[] clients =
    [
        EventLoop.Spawn(Client("idle", "", address)),
        EventLoop.Spawn(Client("quick", "GET /wait/3 HTTP/1.1\r\nHost: x\r\n\r\n", address)),
        EventLoop.Spawn(Client("slow", "GET /wait/3600 HTTP/1.1\r\nHost: x\r\n\r\n", address)),
        EventLoop.Spawn(Client("half", "GET /wait/0 HT", address)),
    ];
    await EventLoop.Delay(begin);
    EventLoop.Current.CallLater(TimeSpan.FromSeconds(1), () =>
        EventLoop.Spawn(Client("late", "GET /wait/0 HTTP/1.1\r\nHost: x\r\n\r\n", address)));
    Say("the shutdown begins");
    await http.ShutdownAsync(server);
    await EventLoop.WhenAll(clients);
    Say("the server has ended");
}

async Coroutine Client(string name, string request, EndPoint address)
{
    try
    {
        await using Connection connection = await Connection.OpenAsync(address);
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request));
        string[] lines = Encoding.ASCII.GetString(await connection.ReadToEndAsync()).Split("\r\n");
        string status = lines[0].Replace("HTTP/1.1 ", ""), end = lines.FirstOrDefault(IsEnd, "");
        Say(status == "" ? $"{name} is closed, without a response" : $"{name} has {status}, {end}");
    }
    catch (SocketException) { Say($"{name} is refused"); }
}

bool IsEnd(string line) => line.StartsWith("Connection:");
void Say(string text) => Console.WriteLine($"{(EventLoop.Current.Time - begin).Seconds} s: {text}");
