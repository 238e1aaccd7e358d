#!/usr/bin/env dotnet
// Lesson 11: which thread runs the code behind an await? Grows from 10_trampoline.
// Question: A coroutine waits for a future of our loop, and a Task method for Task.Yield(). Both
//   begin on the loop's thread. On which thread does the coroutine go on behind its await?
// Predict:
//   ours: goes on, on a thread of the pool
//   ours: goes on, on the loop's thread
// Picture: lanes
// Expected output:
//   ours: begins, on the loop's thread
//   task: begins, on the loop's thread
//   task: goes on, on a thread of the pool
//   work -> future: SetResult
//   ours: goes on, on the loop's thread
using System.Runtime.CompilerServices;

var loop = Loop.Current = new Loop();
var answer = new Future<int>(loop);
_ = Ours();
Plain().Wait();
loop.CallSoon(() => { Console.WriteLine("work -> future: SetResult"); answer.SetResult(42); });
loop.Run();

async Coroutine Ours() { Show("ours: begins"); await answer; Show("ours: goes on"); }
async Task Plain() { Show("task: begins"); await Task.Yield(); Show("task: goes on"); }

void Show(string text) => Console.WriteLine(text + (Thread.CurrentThread.IsThreadPoolThread
    ? ", on a thread of the pool" : ", on the loop's thread"));

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    public static Loop? Current { get; set; }
    public void CallSoon(Action callback) => _ready.Enqueue(callback);
    public void Run() { while (_ready.TryDequeue(out Action? callback)) callback(); }
}

// A future is its own awaiter: `await` asks IsCompleted, leaves a callback, and takes the result.
class Future<T>(Loop loop) : INotifyCompletion
{
    private readonly List<Action> _callbacks = [];
    private T? _result;
    public bool IsCompleted { get; private set; }
    public Future<T> GetAwaiter() => this;
    public void OnCompleted(Action callback) => _callbacks.Add(callback);
    public T GetResult() => _result!;

    public void SetResult(T result)
    {
        (IsCompleted, _result) = (true, result);
        foreach (Action callback in _callbacks) loop.CallSoon(callback);
    }
}

// What an async method returns. The compiler calls the builder: here both are one object.
[AsyncMethodBuilder(typeof(Coroutine))]
sealed class Coroutine(Loop loop) : Future<bool>(loop)
{
    private Action? _moveNext;
    public static Coroutine Create() => new(Loop.Current!);
    public Coroutine Task => this;
    public void Start<T>(ref T machine) where T : IAsyncStateMachine => machine.MoveNext();
    public void SetStateMachine(IAsyncStateMachine machine) { }
    public void SetException(Exception error) => throw error;
    public void SetResult() => SetResult(true);

    public void AwaitOnCompleted<A, M>(ref A awaiter, ref M machine)
        where A : INotifyCompletion where M : IAsyncStateMachine
    {
        // The cast copies the machine to the heap: once, at the first wait.
        _moveNext ??= ((IAsyncStateMachine)machine).MoveNext;
        awaiter.OnCompleted(_moveNext);
    }

    public void AwaitUnsafeOnCompleted<A, M>(ref A awaiter, ref M machine)
        where A : ICriticalNotifyCompletion where M : IAsyncStateMachine =>
        AwaitOnCompleted(ref awaiter, ref machine);
}
