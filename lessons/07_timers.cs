#!/usr/bin/env dotnet
// Lesson 07: when does a timer fire? Grows from 06_ready_queue.
// Question: Two timers are due at 100 ms. At 95 ms a client's bytes arrive, and the callback that
//   reads them works for 10 ms. When does the first timer fire?
// Predict:
//   first: due at 100 ms, fires at 100 ms
//   first: due at 100 ms, fires at 105 ms
//   first: due at 100 ms, fires at 110 ms
// Picture: lanes
// Expected output:
//   turn 1
//   loop: polls at 0 ms, for at most 100 ms
//   kernel -> loop: the client's bytes at 95 ms
//   read: begins at 95 ms
//   read: ends at 105 ms
//   turn 2
//   loop: polls at 105 ms, for at most 0 ms
//   first: due at 100 ms, fires at 105 ms
//   second: due at 100 ms, fires at 105 ms
var kernel = new Kernel();
kernel.Arrives(atMs: 95, Read);
var loop = new Loop(kernel);
loop.CallLater(100, () => Console.WriteLine($"first: due at 100 ms, fires at {kernel.NowMs} ms"));
loop.CallLater(100, () => Console.WriteLine($"second: due at 100 ms, fires at {kernel.NowMs} ms"));
loop.Run();

void Read()
{
    Console.WriteLine($"read: begins at {kernel.NowMs} ms");
    kernel.NowMs += 10; // the work: until it ends, the loop runs nothing else
    Console.WriteLine($"read: ends at {kernel.NowMs} ms");
}

sealed class Loop(Kernel kernel)
{
    private readonly Queue<Action> _ready = new();
    private readonly PriorityQueue<Action, (int DueMs, int Sequence)> _timers = new();
    private int _sequence;
    public int Turn { get; private set; }
    public void CallSoon(Action callback) => _ready.Enqueue(callback);

    // A heap does not keep the order of equal keys. The sequence number makes all keys different.
    public void CallLater(int delayMs, Action callback) =>
        _timers.Enqueue(callback, (kernel.NowMs + delayMs, _sequence++));

    public void Run() { while (_ready.Count + _timers.Count > 0) RunTurn(); }

    private void RunTurn()
    {
        Console.WriteLine($"turn {++Turn}");
        if (kernel.Poll(_ready.Count > 0 ? 0 : DueInMs) is { } arrived) CallSoon(arrived);
        while (_timers.Count > 0 && DueInMs == 0) CallSoon(_timers.Dequeue());

        // The batch is what is ready now. What its callbacks queue waits until after the next poll.
        for (int batch = _ready.Count; batch > 0; batch--) _ready.Dequeue()();
    }

    private int DueInMs =>
        _timers.TryPeek(out _, out var next) ? Math.Max(0, next.DueMs - kernel.NowMs) : 0;
}

// A script instead of the kernel and its clock: time passes only by waiting and by work.
sealed class Kernel
{
    private readonly Queue<(int AtMs, Action Callback)> _script = new();
    public int NowMs { get; set; }
    public void Arrives(int atMs, Action callback) => _script.Enqueue((atMs, callback));

    public Action? Poll(int timeoutMs)
    {
        Console.WriteLine($"loop: polls at {NowMs} ms, for at most {timeoutMs} ms");
        bool arrives = _script.TryPeek(out var next) && next.AtMs <= NowMs + timeoutMs;
        NowMs = arrives ? Math.Max(NowMs, next.AtMs) : NowMs + timeoutMs;
        if (!arrives) return null;
        Console.WriteLine($"kernel -> loop: the client's bytes at {NowMs} ms");
        return _script.Dequeue().Callback;
    }
}
