#!/usr/bin/env dotnet
// Lesson 17: which thread runs the callback of a completion?
// Question: Main starts a receive into a buffer and goes on with other work. When a client sends,
// the receive completes and its callback runs. On which thread, on Linux?
// Predict:
//   callback: runs on main's thread
//   callback: runs on the thread ".NET Sockets"
//   callback: runs on a thread of the pool
// Picture: lanes
// Expected output:
//   main -> operation: ReceiveAsync with the buffer: pending: True
//   operation: refuses a buffer until it completes
//   client -> operation: "one"
//   operation -> callback: the buffer with 3 bytes
//   callback: runs on a thread of the pool
//   callback: finds a thread ".NET Sockets" in the process: True
//   callback: its view of the buffer: "one"
//   callback -> operation: ReceiveAsync with the buffer: pending: True
//   client -> operation: "two"
//   operation -> callback: the buffer with 3 bytes
//   callback: its view of the buffer: "two"
//   a receive that finds bytes
//   client -> operation: "end"
//   main -> operation: ReceiveAsync with the buffer: pending: False
//   operation -> main: the buffer with 3 bytes; no callback
using System.Net;
using System.Net.Sockets;
using System.Text;
using static System.Console;

using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
client.Connect(listener.LocalEndpoint);
using Socket server = listener.AcceptSocket();
using var isDone = new SemaphoreSlim(0);
ReadOnlyMemory<byte> view = default; // not a copy
using var operation = new SocketAsyncEventArgs();
operation.SetBuffer(new byte[100]);
operation.Completed += OnCompleted;

Receive("main");
try { operation.SetBuffer(new byte[100]); }
catch (InvalidOperationException) { WriteLine("operation: refuses a buffer until it completes"); }
Send("one"); isDone.Wait();
Send("two"); isDone.Wait();

WriteLine("a receive that finds bytes");
Send("end"); server.Poll(-1, SelectMode.SelectRead); Receive("main");
WriteLine($"operation -> main: the buffer with {operation.BytesTransferred} bytes; no callback");

void Receive(string actor)
{
    bool isPending = server.ReceiveAsync(operation); // false: completed, no callback will follow
    WriteLine($"{actor} -> operation: ReceiveAsync with the buffer: pending: {isPending}");
}

void OnCompleted(object? sender, SocketAsyncEventArgs e)
{
    WriteLine($"operation -> callback: the buffer with {e.BytesTransferred} bytes");
    bool isFirst = view.IsEmpty;
    if (isFirst)
    {
        bool isPool = Thread.CurrentThread.IsThreadPoolThread;
        WriteLine($"callback: runs on {(isPool ? "a thread of the pool" : "another thread")}");
        bool exists = Directory.GetDirectories("/proc/self/task")
            .Any(thread => File.ReadAllText(thread + "/comm") == ".NET Sockets\n");
        WriteLine($"callback: finds a thread \".NET Sockets\" in the process: {exists}");
        view = e.MemoryBuffer[..e.BytesTransferred];
    }
    WriteLine($"callback: its view of the buffer: \"{Encoding.ASCII.GetString(view.Span)}\"");
    if (isFirst) Receive("callback"); // too early: now the bytes of the view are the operation's
    isDone.Release();
}

void Send(string text)
{
    WriteLine($"client -> operation: \"{text}\"");
    client.Send(Encoding.ASCII.GetBytes(text));
}
