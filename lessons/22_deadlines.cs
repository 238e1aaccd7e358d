#!/usr/bin/env dotnet
#:project ../src/Reactor.Http/Reactor.Http.csproj
// Lesson 22: which deadline ends a client that sends a byte a second? Grows from 21_keep_alive.
// Question: Four clients connect at 0 s. One is silent; one sends a byte of its head each second,
// and one a byte of its body; one is idle after its response. When is the slow head answered?
// Predict:
//   5 s: slow head: HTTP/1.1 408 Request Timeout
//   10 s: slow head: HTTP/1.1 408 Request Timeout
//   75 s: slow head: HTTP/1.1 408 Request Timeout
//   3600 s: slow head: HTTP/1.1 200 OK
// Picture: connection
// Expected output:
//   0 s: idle: HTTP/1.1 200 OK
//   5 s: slow body: HTTP/1.1 408 Request Timeout
//   5 s: slow body: the end of the stream
//   10 s: silent: the end of the stream
//   10 s: slow head: HTTP/1.1 408 Request Timeout
//   10 s: slow head: the end of the stream
//   75 s: idle: the end of the stream
using System.Net;
using System.Text;
using Reactor;
using Reactor.Http;
using Reactor.Net;
using Reactor.Simulation;

// The clock is virtual: 75 s take no time.
var driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 });
using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
EndPoint address = null!;
loop.RunUntilComplete(Main());

async Coroutine Main()
{
    var app = new Application();
    app.Get("/", _ => Response.Text("hello"));
    app.Post("/", async Coroutine<Response> (request) => Response.Text(await request.TextAsync()));
    LoopServer server = await loop.CreateServer(app.MakeHandler(), "127.0.0.1", 0);
    address = server.EndPoints[0];
    await EventLoop.WhenAll(
        Client("silent", "", false),
        Client("slow head", "GET / HTTP/1.1\r\nHost: a\r\nName: ", true),
        Client("slow body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n", true),
        Client("idle", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false));
    server.Close();
}

async Coroutine Client(string name, string request, bool isSlow)
{
    Connection connection = await Connection.OpenAsync(address);
    connection.Write(Encoding.ASCII.GetBytes(request));
    LoopTask? sender = isSlow ? EventLoop.Spawn(SendSlowly(connection)) : null;
    byte[] buffer = new byte[1000];
    for (int count; (count = await connection.ReadAsync(buffer)) > 0;)
    {
        Say($"{name}: {Encoding.ASCII.GetString(buffer, 0, count).Split('\r')[0]}");
    }
    Say($"{name}: the end of the stream");
    sender?.Cancel();
}

async Coroutine SendSlowly(Connection connection)
{
    while (true)
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(1));
        connection.Write("x"u8);
    }
}

void Say(string text) => Console.WriteLine($"{loop.Time.TotalSeconds:F0} s: {text}");
