#!/usr/bin/env dotnet
// Lesson 15: when does another thread's callback run? Grows from 14_cancellation.
// Question: A worker thread posts callback a to a loop that sleeps in its poll. While a runs, the
//   worker posts b and c. On which thread and in which turn does b run?
// Predict:
//   b: runs in turn 1, on the worker's thread
//   b: runs in turn 1, on the loop's thread
//   b: runs in turn 2, on the loop's thread
// Picture: lanes
// Expected output:
//   loop: sleeps in its poll
//   worker -> mailbox: a
//   worker -> loop: wake
//   a: runs in turn 1, on the loop's thread
//   worker -> mailbox: b
//   worker -> loop: wake
//   worker -> mailbox: c
//   b: runs in turn 2, on the loop's thread
//   c: runs in turn 2, on the loop's thread
using System.Net;
using System.Net.Sockets;

var loop = new Loop();
var end = new TaskCompletionSource();
using var step = new Barrier(2); // two threads whose order is the same in each run
new Thread(Work) { Name = "worker" }.Start();
Console.WriteLine("loop: sleeps in its poll");
step.SignalAndWait();
loop.RunUntil(end.Task);

void Work()
{
    step.SignalAndWait();
    loop.CallSoonThreadSafe("a", A);
    step.SignalAndWait();
    loop.CallSoonThreadSafe("b", () => Show("b"));
    loop.CallSoonThreadSafe("c", () => { Show("c"); end.SetResult(); });
    step.SignalAndWait();
}

void A()
{
    Show("a");
    step.SignalAndWait();
    step.SignalAndWait(); // stands for long work: the worker posts, and the loop cannot poll
}

void Show(string name) => Console.WriteLine(
    $"{name}: runs in turn {loop.Turn}, on the {Thread.CurrentThread.Name ?? "loop"}'s thread");

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    private readonly List<Action> _mail = [];
    private readonly Socket _wake = new(SocketType.Dgram, ProtocolType.Udp); // sends to itself
    public int Turn { get; private set; }
    public void CallSoon(Action callback) => _ready.Enqueue(callback);
    public void RunUntil(Task task) { for (; !task.IsCompleted; RunTurn()) Turn++; }

    public Loop()
    {
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
    }

    public void CallSoonThreadSafe(string name, Action callback)
    {
        Console.WriteLine($"worker -> mailbox: {name}");
        lock (_mail) { _mail.Add(callback); if (_mail.Count > 1) return; } // woken already
        Console.WriteLine("worker -> loop: wake");
        _wake.Send([1]);
    }

    private void RunTurn()
    {
        if (_wake.Poll(_ready.Count > 0 ? 0 : -1, SelectMode.SelectRead)) _wake.Receive([0]);
        lock (_mail) { _mail.ForEach(CallSoon); _mail.Clear(); }
        for (int batch = _ready.Count; batch > 0; batch--) _ready.Dequeue()();
    }
}
