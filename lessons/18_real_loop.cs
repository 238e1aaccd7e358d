#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Lesson 18: which part of the loop do you still write? Grows from 12_async_sockets.
// Question: Lesson 12 on the library. Three calls of Ask, then three awaits, as before; but Ask
//   returns a Coroutine. How many questions wait for their answers at the same time?
// Predict:
//   three coroutines: 1 question at a time
//   three coroutines: 3 questions at a time
// Picture: lanes
// Expected output:
//   a asks
//   a has its answer
//   b asks
//   b has its answer
//   c asks
//   c has its answer
//   three coroutines: 1 question at a time
//   a asks
//   b asks
//   c asks
//   a has its answer
//   b has its answer
//   c has its answer
//   three tasks: 3 questions at a time
using System.Net;
using Reactor;
using Reactor.Net;

int waiting = 0; // all tasks run on the loop's thread: no lock
int most = 0;
EventLoop.Run(Main);

async Coroutine Main()
{
    LoopServer server = await EventLoop.Current.StartServer(Answer, "127.0.0.1", 0);
    EndPoint address = server.EndPoints[0];

    // A coroutine begins at its await.
    Coroutine a = Ask("a", address), b = Ask("b", address), c = Ask("c", address);
    await a;
    Console.WriteLine("a has its answer");
    await b;
    Console.WriteLine("b has its answer");
    await c;
    Console.WriteLine("c has its answer");
    Console.WriteLine($"three coroutines: {most} question at a time");

    // A task begins in the next turn, awaited or not.
    LoopTask[] tasks = [.. "abc".Select(name => EventLoop.Spawn(Ask($"{name}", address)))];
    foreach ((LoopTask task, char name) in tasks.Zip("abc"))
    {
        await task;
        Console.WriteLine($"{name} has its answer");
    }

    Console.WriteLine($"three tasks: {most} questions at a time");
    server.Close();
    await server.WaitClosedAsync();
}

async Coroutine Ask(string name, EndPoint address)
{
    Console.WriteLine($"{name} asks");
    most = Math.Max(most, ++waiting);
    await using Connection connection = await Connection.OpenAsync(address);
    await connection.WriteAsync("?"u8.ToArray());
    await connection.ReadExactlyAsync(1);
    waiting--;
}

// The server runs this as a task for each connection, and closes the connection at its end.
async Coroutine Answer(Connection connection)
{
    await connection.ReadExactlyAsync(1);
    await EventLoop.Delay(TimeSpan.FromMilliseconds(100));
    await connection.WriteAsync("!"u8.ToArray());
}
