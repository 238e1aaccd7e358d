#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Several tasks at once: all results together, results as they complete, a time-out, and a group
// whose tasks always end with it.
//
// Expected output:
//   all: 3, 1, 2
//   first done: 1
//   too slow, cancelled
//   the sibling was cancelled
//   FormatException
using Reactor;

async Coroutine<int> Slow(int tenths)
{
    await EventLoop.Delay(TimeSpan.FromSeconds(tenths / 10.0));
    return tenths;
}

async Coroutine Fail()
{
    await EventLoop.Delay(TimeSpan.FromSeconds(0.05));
    throw new FormatException();
}

async Coroutine Sibling()
{
    try
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(60));
    }
    finally
    {
        Console.WriteLine("the sibling was cancelled");
    }
}

async Coroutine Main()
{
    int[] results = await EventLoop.WhenAll([Slow(3), Slow(1), Slow(2)]);
    Console.WriteLine($"all: {string.Join(", ", results)}");

    await foreach (LoopTask<int> task in EventLoop.WhenEach([Slow(2), Slow(1)]))
    {
        Console.WriteLine($"first done: {task.Result}");
        break;
    }

    try
    {
        await Slow(600).WaitAsync(TimeSpan.FromSeconds(0.1));
    }
    catch (TimeoutException)
    {
        Console.WriteLine("too slow, cancelled");
    }

    try
    {
        await TaskGroup.Run(async group =>
        {
            group.Spawn(Sibling());
            group.Spawn(Fail());
        });
    }
    catch (AggregateException error)
    {
        var (match, _) = error.Split<FormatException>();
        Console.WriteLine(match!.InnerExceptions.Single().GetType().Name);
    }
}

EventLoop.Run(Main);
