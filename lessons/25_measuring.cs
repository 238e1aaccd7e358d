#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Lesson 25: what is p99 if the server stops for 1 s in 10? Grows from 24_many_loops.
// Question: A server answers in 10 ms, but stops for the last second of each ten. A client has one
// connection, and a request for it every 50 ms, for 30 s. The time of a request counts from its
// instant in this schedule. What is its p99?
// Predict:
//   open loop, from the schedule: 600 requests, p50 10 ms, p99 10 ms, max 1000 ms
//   open loop, from the schedule: 600 requests, p50 10 ms, p99 109 ms, max 1000 ms
//   open loop, from the schedule: 600 requests, p50 10 ms, p99 920 ms, max 1000 ms
// Picture: lanes
// Expected output:
//   closed loop: 2703 requests, p50 10 ms, p99 10 ms, max 1000 ms
//   open loop, from the send: 600 requests, p50 10 ms, p99 10 ms, max 1000 ms
//   open loop, from the schedule: 600 requests, p50 10 ms, p99 920 ms, max 1000 ms
using Reactor;
using Reactor.Simulation;

TimeSpan period = TimeSpan.FromSeconds(10);
TimeSpan end = TimeSpan.FromSeconds(30);
var driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 });
using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
loop.RunUntilComplete(Main());

async Coroutine Main()
{
    LoopTask closed = EventLoop.Spawn(ClosedLoop(), "closed loop");
    LoopTask open = EventLoop.Spawn(OpenLoop(), "open loop");
    await closed;
    await open;
}

// The clock is virtual, and the server is a delay: no number here depends on the machine.
async Coroutine Request()
{
    TimeSpan inPeriod = TimeSpan.FromTicks(loop.Time.Ticks % period.Ticks);
    bool isStopped = inPeriod >= TimeSpan.FromSeconds(9);
    await EventLoop.Delay(isStopped ? period - inPeriod : TimeSpan.FromMilliseconds(10));
}

// Sends a request when the last one is answered: while the server stops, so does the load.
async Coroutine ClosedLoop()
{
    var times = new List<TimeSpan>();
    while (loop.Time < end)
    {
        TimeSpan sent = loop.Time;
        await Request();
        times.Add(loop.Time - sent);
    }
    Report("closed loop", times);
}

// Requests become due whatever the server does. With one connection they may have to wait for it.
async Coroutine OpenLoop()
{
    var fromSend = new List<TimeSpan>();
    var fromSchedule = new List<TimeSpan>();
    for (TimeSpan due = TimeSpan.Zero; due < end; due += TimeSpan.FromMilliseconds(50))
    {
        await EventLoop.Delay(due > loop.Time ? due - loop.Time : TimeSpan.Zero);
        TimeSpan sent = loop.Time;
        await Request();
        fromSend.Add(loop.Time - sent);
        fromSchedule.Add(loop.Time - due);
    }
    Report("open loop, from the send", fromSend);
    Report("open loop, from the schedule", fromSchedule);
}

void Report(string name, List<TimeSpan> times)
{
    times.Sort();
    double At(double share) => times[(int)Math.Ceiling(share * times.Count) - 1].TotalMilliseconds;
    Console.WriteLine(
        $"{name}: {times.Count} requests, p50 {At(0.5)} ms, p99 {At(0.99)} ms, max {At(1)} ms");
}
