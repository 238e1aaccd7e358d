#!/usr/bin/env dotnet
// Lesson 14: what still runs after a timeout? Grows from 13_back_pressure.
// Question: Work takes 100 ms. A caller waits for the work or 50 ms, whichever ends first, and then
//   gives up. When does the finally of the work run?
// Predict:
//   orphan: finally at 50 ms
//   orphan: finally at 100 ms
// Picture: lanes
// Expected output:
//   caller -> orphan: begin at 0 ms
//   caller: gives up at 50 ms
//   orphan: writes to the database at 100 ms
//   orphan: finally at 100 ms
//   caller -> child: begin at 100 ms
//   caller -> child: cancel at 150 ms
//   child: finally at 150 ms
//   caller: gives up at 150 ms
var loop = new Loop();
_ = StopWaiting();
loop.Run();
_ = Cancel();
loop.Run();

async Task StopWaiting()
{
    Task work = Work("orphan", CancellationToken.None);
    await Task.WhenAny(work, loop.Delay(50, CancellationToken.None));
    Console.WriteLine($"caller: gives up at {loop.NowMs} ms");
}

async Task Cancel()
{
    using var source = new CancellationTokenSource();
    Task work = Work("child", source.Token);
    await Task.WhenAny(work, loop.Delay(50, CancellationToken.None));
    Console.WriteLine($"caller -> child: cancel at {loop.NowMs} ms");
    source.Cancel();
    try { await work; } catch (OperationCanceledException) { }
    Console.WriteLine($"caller: gives up at {loop.NowMs} ms");
}

async Task Work(string name, CancellationToken token)
{
    try
    {
        Console.WriteLine($"caller -> {name}: begin at {loop.NowMs} ms");
        await loop.Delay(100, token);
        Console.WriteLine($"{name}: writes to the database at {loop.NowMs} ms");
    }
    finally { Console.WriteLine($"{name}: finally at {loop.NowMs} ms"); }
}

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    private readonly PriorityQueue<Action, (int DueMs, int Sequence)> _timers = new();
    private int _sequence;
    public int NowMs { get; private set; }
    public void CallSoon(Action callback) => _ready.Enqueue(callback);
    public void Run() { while (_ready.Count + _timers.Count > 0) RunTurn(); }

    public Task Delay(int ms, CancellationToken token)
    {
        var end = new TaskCompletionSource();
        Action done = () => end.TrySetResult(), cancel = () => end.TrySetCanceled();
        _timers.Enqueue(done, (NowMs + ms, _sequence++));
        // The await throws, from the ready queue as always, and the timer is gone.
        token.Register(() => { _timers.Remove(done, out _, out _); CallSoon(cancel); });
        return end.Task;
    }

    private void RunTurn()
    {
        if (_ready.Count == 0) NowMs += DueInMs; // instead of the wait in the poll
        while (_timers.Count > 0 && DueInMs == 0) CallSoon(_timers.Dequeue());
        for (int batch = _ready.Count; batch > 0; batch--) _ready.Dequeue()();
    }

    private int DueInMs => _timers.TryPeek(out _, out var t) ? Math.Max(0, t.DueMs - NowMs) : 1000;
}
