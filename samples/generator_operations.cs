#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Three operations of one second each in the style before async/await: each coroutine is a
// generator that yields what it awaits, and the loop resumes it. Together they take one second.
// Generators and async methods can call each other: both are frames on the stack of a task.
//
// Expected output:
//   Slow operation 1 complete
//   Slow operation 2 complete
//   Slow operation 3 complete
//   Sum: 6
//   Complete in 1.… second(s)
using Reactor;

using var loop = new EventLoop();

IEnumerator<object?> SlowOperation(int n)
{
    yield return EventLoop.Delay(TimeSpan.FromSeconds(1));
    Console.WriteLine($"Slow operation {n} complete");
    yield return Returns.Value(n);
}

// Calls another generator, like `sum = yield from Add(tasks)` in Python.
IEnumerator<object?> Main()
{
    TimeSpan start = loop.Time;
    LoopTask<object?>[] tasks =
    [
        loop.CreateTask(SlowOperation(1)),
        loop.CreateTask(SlowOperation(2)),
        loop.CreateTask(SlowOperation(3)),
    ];
    yield return EventLoop.Wait(tasks);
    var sum = Returns.From<int>(Add(tasks));
    yield return sum;
    Console.WriteLine($"Sum: {sum.Result}");
    Console.WriteLine($"Complete in {(loop.Time - start).TotalSeconds:F1} second(s)");
}

IEnumerator<object?> Add(LoopTask<object?>[] tasks)
{
    int sum = 0;
    foreach (LoopTask<object?> task in tasks)
    {
        yield return task;
        sum += (int)task.Result!;
    }

    yield return Returns.Value(sum);
}

loop.RunUntilComplete(loop.CreateTask(Main()));
