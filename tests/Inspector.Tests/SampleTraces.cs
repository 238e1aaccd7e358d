using Reactor.Recording;

namespace Inspector.Tests;

/// <summary>Traces that several tests use, and large ones made from a seed.</summary>
internal static class SampleTraces
{
    /// <summary>
    /// Two turns: in the first, main (1) makes worker (2) and awaits it; in the second, worker
    /// waits for I/O. Times are in the script.
    /// </summary>
    public static TraceScript TwoTurns() => new TraceScript()
        .Spawn(1, "main")
        .Turn(1).After(1_000).Batch(1).After(1_000)
        .Add(TraceEventKind.StepBegan, 1).After(10_000).Spawn(2, "worker", parent: 1)
        .After(10_000).Add(TraceEventKind.StepEnded, 1)
        .Awaits(1, "worker", "Program.cs:10", task: 2).After(1_000)
        .Turn(2).Poll(timeout: 0, duration: 2_000).After(1_000).Batch(1).After(1_000)
        .Step(2, 30_000).Receives(2, "Worker.cs:20").After(1_000)
        .Turn(3).Poll(timeout: -1, duration: 50_000).Received(2).After(1_000).Batch(1).After(1_000)
        .Step(2, 5_000).Ends(2)
        .Add(TraceEventKind.TaskResumed, 1).After(1_000)
        .Turn(4).Poll(timeout: 0, duration: 1_000).Batch(1)
        .Step(1, 4_000).Ends(1).After(500);

    /// <summary>
    /// A server with connections, timers and messages, in whose names are characters that XML and
    /// JSON escape.
    /// </summary>
    public static LoopTrace Server(int seed, int turns, int tasks)
    {
        var random = new Random(seed);
        var script = new TraceScript();
        for (int task = 1; task <= tasks; task++)
        {
            script.Spawn(task, $"serve <{task}> & \"co\"").State(task, "New");
        }

        for (int turn = 1; turn <= turns; turn++)
        {
            AddTurn(script, random, turn, tasks);
        }

        return script.Build();
    }

    private static void AddTurn(TraceScript script, Random random, int turn, int tasks)
    {
        script.Turn(turn).After(200)
            .Poll(random.Next(3) == 0 ? -1 : 1_000_000, random.Next(40_000));
        int count = turn == 1 ? tasks : 1 + random.Next(3);
        long[] ran = [.. Enumerable.Range(0, count).Select(
            i => turn == 1 ? i + 1L : 1 + random.Next(tasks)).Distinct()];
        foreach (long task in turn == 1 ? [] : ran)
        {
            script.Received(task);
        }

        if (random.Next(4) == 0)
        {
            script.Add(TraceEventKind.MessagePosted, turn, 7, "signal")
                .Add(TraceEventKind.MessageReceived, turn)
                .Add(TraceEventKind.CallbackQueued, 0, 0, "OnSignal");
        }

        script.After(100).Batch(ran.Length);
        foreach (long task in ran)
        {
            script.After(100).Add(TraceEventKind.StepBegan, task).After(random.Next(20_000))
                .State(task, random.Next(2) == 0 ? "Handler" : "Idle")
                .Add(TraceEventKind.TimerArmed, (turn * 1_000L) + task, turn * 50_000L, "alive")
                .After(random.Next(5_000)).Add(TraceEventKind.StepEnded, task)
                .Receives(task, "HttpConnection.cs:88");
            script.Add(
                random.Next(2) == 0 ? TraceEventKind.TimerFired : TraceEventKind.TimerCancelled,
                (turn * 1_000L) + task, random.Next(9_000));
        }

        script.After(300);
    }
}
