#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// A callback that reschedules itself: it prints the time once a second for five seconds, then stops
// the loop. With --fast the clock is virtual, so the same program does not wait.
//
// Expected output:
//   …:…:…
//   …:…:…
//   …:…:…
//   …:…:…
//   …:…:…
//   took 4.… seconds of the loop's clock
using System.Globalization;
using Reactor;
using Reactor.Drivers;
using Reactor.Simulation;

LoopDriver driver = args.Contains("--fast") ? new InMemoryDriver() : LoopDrivers.Sockets();
using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
var second = TimeSpan.FromSeconds(1);
TimeSpan start = loop.Time;

void DisplayTime(TimeSpan end)
{
    DateTimeOffset now = loop.TimeProvider.GetUtcNow();
    Console.WriteLine(now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    if (loop.Time + second < end)
    {
        loop.CallLater(second, DisplayTime, end);
    }
    else
    {
        loop.Stop();
    }
}

loop.CallSoon(DisplayTime, start + TimeSpan.FromSeconds(5));
loop.RunForever();
Console.WriteLine($"took {(loop.Time - start).TotalSeconds:F1} seconds of the loop's clock");
