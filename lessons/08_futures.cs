#!/usr/bin/env dotnet
// Lesson 08: in which order do the callbacks of a future run? Grows from 07_timers.
// Question: Two callbacks wait for a future. The work sets its result and then queues another
//   callback. The first callback adds a late one to the future. When does the late one run?
// Predict:
//   late: gets 42 in turn 2
//   late: gets 42 in turn 3
// Picture: lanes
// Expected output:
//   turn 1
//   work -> future: SetResult(42)
//   work: SetResult has returned
//   work -> loop: CallSoon(other)
//   turn 2
//   first: gets 42 in turn 2
//   first -> future: AddDoneCallback(late)
//   second: gets 42 in turn 2
//   other: runs in turn 2
//   turn 3
//   late: gets 42 in turn 3
var loop = new Loop();
var future = new Future<int>(loop);
future.AddDoneCallback(First);
future.AddDoneCallback(() => Get("second"));
loop.CallSoon(Work);
loop.Run();

void Work()
{
    Console.WriteLine("work -> future: SetResult(42)");
    future.SetResult(42);
    Console.WriteLine("work: SetResult has returned");
    Console.WriteLine("work -> loop: CallSoon(other)");
    loop.CallSoon(() => Console.WriteLine($"other: runs in turn {loop.Turn}"));
}

void First()
{
    Get("first");
    Console.WriteLine("first -> future: AddDoneCallback(late)");
    future.AddDoneCallback(() => Get("late"));
}

void Get(string name) => Console.WriteLine($"{name}: gets {future.Result} in turn {loop.Turn}");

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    public int Turn { get; private set; }
    public void CallSoon(Action callback) => _ready.Enqueue(callback);

    public void Run() { while (_ready.Count > 0) RunTurn(); }

    private void RunTurn()
    {
        Console.WriteLine($"turn {++Turn}");
        for (int batch = _ready.Count; batch > 0; batch--) _ready.Dequeue()();
    }
}

// A result that is not there yet. Its callbacks run from the ready queue, never inside a call.
sealed class Future<T>(Loop loop)
{
    private readonly List<Action> _callbacks = [];
    private T? _result;
    public bool IsDone { get; private set; }
    public T Result => IsDone ? _result! : throw new InvalidOperationException("no result yet");

    public void SetResult(T result)
    {
        if (IsDone) throw new InvalidOperationException("the result is already set");
        (IsDone, _result) = (true, result);
        foreach (Action callback in _callbacks) loop.CallSoon(callback);
    }

    public void AddDoneCallback(Action callback)
    {
        if (IsDone) loop.CallSoon(callback); else _callbacks.Add(callback);
    }
}
