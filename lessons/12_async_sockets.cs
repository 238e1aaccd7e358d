#!/usr/bin/env dotnet
// Lesson 12: do three awaits take as long as three answers? Grows from 11_async_await.
// Question: A server takes 100 ms for an answer. On one thread, three clients ask, and then three
//   awaits take the answers, one after the other. How long does that take?
// Predict:
//   clock: three answers after 100 ms
//   clock: three answers after 300 ms
// Picture: lanes
// Expected output:
//   a -> server: asks
//   b -> server: asks
//   c -> server: asks
//   main: awaits a, then b, then c
//   server -> a: answers at 100 ms
//   server -> b: answers at 100 ms
//   server -> c: answers at 100 ms
//   clock: three answers after 100 ms
using System.Net;
using System.Net.Sockets;

var loop = new Loop();
var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
loop.RunUntil(AskAll());

async Task AskAll()
{
    Task a = Ask("a"), b = Ask("b"), c = Ask("c"); // each runs up to its first await
    Console.WriteLine("main: awaits a, then b, then c");
    await a; await b; await c;
    Console.WriteLine($"clock: three answers after {loop.NowMs} ms");
}

async Task Ask(string client)
{
    using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
    socket.Connect(listener.LocalEndpoint); // the kernel completes it: the backlog has room
    _ = Answer(listener.AcceptSocket());
    Console.WriteLine($"{client} -> server: asks");
    await loop.Readable(socket);
    socket.Receive(new byte[1]); // does not block: the poll has reported the socket
    Console.WriteLine($"server -> {client}: answers at {loop.NowMs} ms");
}

async Task Answer(Socket client) { await loop.Delay(100); client.Send("!"u8); client.Close(); }

sealed class Loop
{
    private readonly Queue<Action> _ready = new();
    private readonly PriorityQueue<Action, (int DueMs, int Sequence)> _timers = new();
    private readonly OrderedDictionary<Socket, Action> _readers = new();
    private int _sequence;
    public int NowMs { get; private set; }
    public void CallSoon(Action callback) => _ready.Enqueue(callback);
    public Task Delay(int ms) => Wait(done => _timers.Enqueue(done, (NowMs + ms, _sequence++)));
    public Task Readable(Socket socket) => Wait(done => _readers.Add(socket, done));
    public void RunUntil(Task task) { while (!task.IsCompleted) RunTurn(); }

    // `done` runs from the ready queue, and runs the rest of the method that awaits the task.
    private static Task Wait(Action<Action> keep)
    {
        var source = new TaskCompletionSource();
        keep(source.SetResult);
        return source.Task;
    }

    private void RunTurn()
    {
        int timeoutMs = _ready.Count > 0 ? 0 : DueInMs;
        List<Socket> readable = [.. _readers.Keys];
        Socket.Select(readable, null, null, 1000 * timeoutMs);
        if (readable.Count == 0) NowMs += timeoutMs; // counts whole waits only: no run differs
        foreach (Socket s in readable) if (_readers.Remove(s, out Action? resume)) CallSoon(resume);
        while (_timers.Count > 0 && DueInMs == 0) CallSoon(_timers.Dequeue());
        for (int batch = _ready.Count; batch > 0; batch--) _ready.Dequeue()();
    }

    private int DueInMs => _timers.TryPeek(out _, out var t) ? Math.Max(0, t.DueMs - NowMs) : 1000;
}
