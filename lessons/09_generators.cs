#!/usr/bin/env dotnet
// Lesson 09: what is on the heap? Grows from 08_futures.
// Question: A generator has two numbers as locals, waits for a future in the middle of its body,
//   and uses one of them afterwards. Which numbers are on the heap while it waits?
// Predict:
//   heap: <>1__state = 1
//   heap: <>1__state = 1, <across>5__2 = 2
//   heap: <>1__state = 1, <before>5__1 = 1, <across>5__2 = 2
// Picture: lanes
// Expected output:
//   heap: <>1__state = 0, <across>5__2 = 0
//   turn 1
//   add: begins, 1 + 1 = 2
//   add -> task: yields the future
//   heap: <>1__state = 1, <across>5__2 = 2
//   turn 2
//   add: goes on, 2 + 40 = 42
//   heap: <>1__state = -1, <across>5__2 = 2
using System.Reflection;

var loop = new Loop();
var answer = new Future<int>(loop);
IEnumerator<Future<int>> add = Add(answer); // makes the object, and runs no line of Add
ShowHeap();
loop.CallSoon(Step);
loop.CallSoon(ShowHeap);
loop.CallSoon(() => answer.SetResult(40));
loop.Run();
ShowHeap();

IEnumerator<Future<int>> Add(Future<int> future)
{
    int before = 1;
    int across = before + 1;
    Console.WriteLine($"add: begins, {before} + 1 = {across}");
    Console.WriteLine("add -> task: yields the future");
    yield return future;
    Console.WriteLine($"add: goes on, {across} + {future.Result} = {across + future.Result}");
}

// Runs the generator from yield to yield. The future that it yields calls for the next step.
void Step() { if (add.MoveNext()) add.Current.AddDoneCallback(Step); }

void ShowHeap() => Console.WriteLine("heap: " + string.Join(", ",
    add.GetType().GetFields(BindingFlags.NonPublic | BindingFlags.Instance)
        .Where(f => f.FieldType == typeof(int)).Select(f => $"{f.Name} = {f.GetValue(add)}")));

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
