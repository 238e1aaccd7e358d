#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Lesson 19: when does client 513 connect? Grows from 18_real_loop.
// Question: A server listens with a backlog of 512, and does not accept yet. 513 clients connect at
// 0.0 s. At 1.5 s the server begins to accept. What happens to client 513, and when?
// Predict:
//   0.0 s: client 513 is refused
//   0.0 s: client 513 is connected
//   1.5 s: client 513 is connected
//   3.0 s: client 513 is connected
// Picture: lanes
// Expected output:
//   0.5 s: 512 clients are connected, 0 of them accepted
//   1.5 s: the server accepts
//   2.0 s: 512 clients are accepted
//   3.0 s: client 513 is connected
//   no descriptor is left for the next accept
//   3.0 s: report: Out of descriptors or memory: accepting pauses
//   3.0 s: client 514 is connected
//   3.0 s: client 514 reads 0 bytes: it is turned away
//   3.0 s: client 515 is connected
//   3.1 s: client 515 reads 5 bytes: it is served
using System.Net.Sockets;
using Reactor;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;

// The network is in memory and the clock virtual: a second takes no time, and the lesson can say
// when the process has no descriptor left.
var driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 });
using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
loop.ExceptionHandler = (_, context) => Say($"report: {context.Message}");
LoopServer server = null!;
loop.RunUntilComplete(Main());

async Coroutine Main()
{
    var listen = new ListenOptions { Backlog = 512 };
    server = await loop.StartServer(
        Serve, "127.0.0.1", 0, new ServerOptions { Listen = listen, StartServing = false });
    for (int i = 1; i <= 512; i++)
    {
        await Connection.OpenAsync(server.EndPoints[0]);
    }

    LoopTask<Connection> last = EventLoop.Spawn(Connect("client 513"), "client 513");
    await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
    Say($"512 clients are connected, {server.Accepted} of them accepted");
    await EventLoop.Delay(TimeSpan.FromSeconds(1));
    Say("the server accepts");
    server.StartServing();
    await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
    Say($"{server.Accepted} clients are accepted");
    await last;

    Console.WriteLine("no descriptor is left for the next accept");
    driver.FailNextAccepts(SocketError.TooManyOpenSockets); // EMFILE
    Connection client514 = await Connect("client 514");
    Say($"client 514 reads {await client514.ReadAsync(new byte[1])} bytes: it is turned away");
    Connection client515 = await Connect("client 515");
    Say($"client 515 reads {await client515.ReadAsync(new byte[5])} bytes: it is served");
    server.Close();
}

async Coroutine<Connection> Connect(string client)
{
    Connection connection = await Connection.OpenAsync(server.EndPoints[0]);
    Say($"{client} is connected");
    return connection;
}

async Coroutine Serve(Connection connection)
{
    connection.Write("hello"u8);
    await connection.DrainAsync();
}

void Say(string text) => Console.WriteLine($"{loop.Time.TotalSeconds:F1} s: {text}");
