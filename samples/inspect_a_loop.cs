#!/usr/bin/env dotnet
#:project ../src/Reactor.Inspector/Reactor.Inspector.csproj
// Opens the inspector of a loop with some work on it: tasks that tick, and two tasks that wait for
// each other. Open the printed address in a browser. The program ends after two seconds; with
// --stay it runs until Ctrl+C.
//
// Expected output:
//   Inspector at http://127.0.0.1:…/?token=…
//   … % of the time the loop worked
using Reactor;
using Reactor.Inspector;

async Coroutine Tick(TimeSpan every)
{
    while (true)
    {
        await EventLoop.Delay(every);
    }
}

async Coroutine AwaitOther(Func<LoopTask> other)
{
    await EventLoop.Yield();
    await other();
}

async Coroutine Main()
{
    EventLoop loop = EventLoop.Current;
    using LoopInspectorServer inspector = loop.OpenInspector();
    Console.WriteLine($"Inspector at {inspector.Url}");

    LoopTask? alice = null;
    LoopTask bob = loop.CreateTask(AwaitOther(() => alice!), "bob");
    alice = loop.CreateTask(AwaitOther(() => bob), "alice");
    for (int i = 1; i <= 5; i++)
    {
        _ = loop.CreateTask(Tick(TimeSpan.FromMilliseconds(100 * i)), $"ticker {i}");
    }

    TimeSpan end = args.Contains("--stay") ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(2);
    await EventLoop.Delay(end);
    Console.WriteLine($"{loop.Utilization().Ratio:P1} of the time the loop worked");
}

EventLoop.Run(Main);
