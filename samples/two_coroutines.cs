#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Two coroutines alternate on one thread: while one sleeps, the other runs. Both sleep
// concurrently, and all four lines show the same thread.
//
// Expected output:
//   Hello world! (thread 1)
//   Hello world! (thread 1)
//   Hello again! (thread 1)
//   Hello again! (thread 1)
//   took 1.… seconds
using Reactor;

using var loop = new EventLoop();

async Coroutine Hello()
{
    Console.WriteLine($"Hello world! (thread {Environment.CurrentManagedThreadId})");
    await EventLoop.Delay(TimeSpan.FromSeconds(1));
    Console.WriteLine($"Hello again! (thread {Environment.CurrentManagedThreadId})");
}

async Coroutine Both() =>
    await EventLoop.Wait([EventLoop.Spawn(Hello()), EventLoop.Spawn(Hello())]);

TimeSpan start = loop.Time;
loop.RunUntilComplete(Both());
Console.WriteLine($"took {(loop.Time - start).TotalSeconds:F1} seconds");
