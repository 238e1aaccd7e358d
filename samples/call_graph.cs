#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Two tasks that wait for each other hang for ever, and no log reports it, because neither fails.
// The loop knows all await edges with their lines, and names the deadlock.
//
// Expected output:
//   cycle: alice → bob → alice
//   └── (T) main
//       └── Program.Main call_graph.cs:56
//   └── (T) alice
//       └── Program.Chat call_graph.cs:38
//           └── Program.Ask call_graph.cs:43
//               └── (T) bob
//                   └── Program.Chat call_graph.cs:38
//                       └── Program.Ask call_graph.cs:43
//                           └── (T) alice, cycle
//
//   * Task 'alice' (id 2)
//     + Call stack:
//     |   Program.Ask call_graph.cs:43
//     |   Program.Chat call_graph.cs:38
//     + Awaited by:
//        * Task 'bob' (id 3)
//          + Call stack:
//          |   Program.Ask call_graph.cs:43
//          |   Program.Chat call_graph.cs:38
//          + Awaited by:
//             * Task 'alice' (id 2)
//               cycle: alice → bob → alice
//
//   bob cancelled: True
using Reactor;
using Reactor.Diagnostics;

async Coroutine Chat(Func<LoopTask> other)
{
    await EventLoop.Delay(TimeSpan.FromSeconds(0.01));
    await Ask(other());
}

async Coroutine Ask(LoopTask other)
{
    await other;
}

async Coroutine Main(EventLoop loop)
{
    LoopTask bob = null!;
    LoopTask alice = loop.CreateTask(Chat(() => bob), "alice");
    bob = loop.CreateTask(Chat(() => alice), "bob");
    while (LoopInspector.FindDeadlocks(loop).Count == 0)
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(0.01));
    }

    Console.WriteLine(LoopInspector.Tree(loop));
    alice.PrintCallGraph();
    bob.Cancel();
    await EventLoop.Wait([alice, bob]);
    Console.WriteLine($"\nbob cancelled: {bob.IsCancelled}");
}

using var loop = new EventLoop();
loop.RunUntilComplete(loop.CreateTask(Main(loop), "main"));
