#!/usr/bin/env dotnet
// Lesson 10: how deep is the native stack at 100,000 nested calls? Grows from 09_generators.
// Question: A generator calls itself by yielding a new generator to its task, 100,000 times. The
//   innermost one waits for a future. How many calls are on the stack of the thread there?
// Predict:
//   frame 100000: begins, over 100 calls on the native stack
//   frame 100000: begins, under 20 calls on the native stack
// Picture: lanes
// Expected output:
//   frame 1: begins, under 20 calls on the native stack
//   frame 100000: begins, under 20 calls on the native stack
//   task: waits with 100000 frames
//   frame 100000: returns, under 20 calls on the native stack
//   frame 1: returns, under 20 calls on the native stack
using System.Diagnostics;

var loop = new Loop();
var answer = new Future<int>(loop);
var task = new LoopTask(Nested(depth: 1));
loop.CallSoon(task.Step);
loop.CallSoon(() => Console.WriteLine($"task: waits with {task.Depth} frames"));
loop.CallSoon(() => answer.SetResult(42));
loop.Run();

IEnumerator<object> Nested(int depth)
{
    Show(depth, "begins");
    yield return depth < 100_000 ? Nested(depth + 1) : answer;
    Show(depth, "returns");
}

void Show(int depth, string what)
{
    if (depth is not (1 or 100_000)) return;
    string calls = new StackTrace().FrameCount < 20 ? "under 20" : "over 100";
    Console.WriteLine($"frame {depth}: {what}, {calls} calls on the native stack");
}

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    public void CallSoon(Action callback) => _ready.Enqueue(callback);
    public void Run() { while (_ready.TryDequeue(out Action? callback)) callback(); }
}

sealed class Future<T>(Loop loop)
{
    private readonly List<Action> _callbacks = [];
    private T? _result;
    public bool IsDone { get; private set; }
    public T Result => IsDone ? _result! : throw new InvalidOperationException("no result yet");

    public void SetResult(T result)
    {
        (IsDone, _result) = (true, result);
        foreach (Action callback in _callbacks) loop.CallSoon(callback);
    }

    public void AddDoneCallback(Action callback)
    {
        if (IsDone) loop.CallSoon(callback); else _callbacks.Add(callback);
    }
}

// A trampoline: a frame returns to Step before another one runs, so the native stack stays flat.
sealed class LoopTask(IEnumerator<object> main)
{
    private readonly Stack<IEnumerator<object>> _frames = new([main]);
    public int Depth => _frames.Count;

    public void Step()
    {
        while (_frames.TryPeek(out IEnumerator<object>? top))
        {
            if (!top.MoveNext()) _frames.Pop(); // it has returned: its caller goes on
            else if (top.Current is IEnumerator<object> callee) _frames.Push(callee);
            else { ((Future<int>)top.Current).AddDoneCallback(Step); return; }
        }
    }
}
