#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Three operations of one second each, awaited together: they wait concurrently, so all three take
// one second, not three.
//
// Expected output:
//   Slow operation 1 complete
//   Slow operation 2 complete
//   Slow operation 3 complete
//   Complete in 1.… second(s)
using Reactor;

using var loop = new EventLoop();

async Coroutine SlowOperation(int n)
{
    await EventLoop.Delay(TimeSpan.FromSeconds(1));
    Console.WriteLine($"Slow operation {n} complete");
}

async Coroutine Main()
{
    TimeSpan start = loop.Time;
    await EventLoop.Wait(
    [
        EventLoop.Spawn(SlowOperation(1)),
        EventLoop.Spawn(SlowOperation(2)),
        EventLoop.Spawn(SlowOperation(3)),
    ]);
    Console.WriteLine($"Complete in {(loop.Time - start).TotalSeconds:F1} second(s)");
}

loop.RunUntilComplete(Main());
