#!/usr/bin/env dotnet
// Lesson 02: what do 1,000 silent clients cost? Grows from 01_blocking.
// Question: The server starts a thread for each connection, with a stack of 1 MB. 1,000 clients
// connect and stay silent. How much memory is in use for them, not only reserved?
// Predict:
//   process: memory in use for 1000 silent clients: less than 4 MB
//   process: memory in use for 1000 silent clients: 4 to 250 MB
//   process: memory in use for 1000 silent clients: more than 250 MB
// Picture: lanes
// Expected output:
//   clients -> server: 1000 connections, no bytes
//   server: more than 900 new threads: True
//   process: reserved for their stacks: more than 900 MB: True
//   process: memory in use for 1000 silent clients: 4 to 250 MB
//   clients -> thread 700: "hello"
//   thread 700 -> clients: "HELLO"
//   server: 999 threads still block
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

const int Clients = 1000;
const int Megabyte = 1024 * 1024;

using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listener.Listen(Clients);

Console.WriteLine($"clients -> server: {Clients} connections, no bytes");
(int Threads, long ReservedMb, long InUseMb) before = Measure();
var clients = new List<Socket>();
var threads = new List<Thread>();
using var isReading = new CountdownEvent(Clients);
for (int number = 1; number <= Clients; number++)
{
    clients.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
    clients[^1].Connect(listener.LocalEndPoint!);
    Socket connection = listener.Accept();
    string name = $"thread {number}";
    threads.Add(new Thread(() => Serve(connection, name), maxStackSize: Megabyte));
    threads[^1].IsBackground = true; // it does not keep the process alive
}

Parallel.ForEach(threads, thread => thread.Start());
isReading.Wait();
(int Threads, long ReservedMb, long InUseMb) after = Measure();
long inUse = after.InUseMb - before.InUseMb;
string range = inUse < 4 ? "less than 4" : inUse <= 250 ? "4 to 250" : "more than 250";
Console.WriteLine($"server: more than 900 new threads: {after.Threads - before.Threads > 900}");
long reserved = after.ReservedMb - before.ReservedMb;
Console.WriteLine($"process: reserved for their stacks: more than 900 MB: {reserved > 900}");
Console.WriteLine($"process: memory in use for {Clients} silent clients: {range} MB");

Console.WriteLine("clients -> thread 700: \"hello\"");
clients[699].Send("hello\n"u8);
threads[699].Join(); // the thread has answered and ends; the others still block
Console.WriteLine($"server: {threads.Count(thread => thread.IsAlive)} threads still block");

static (int Threads, long ReservedMb, long InUseMb) Measure()
{
    using Process me = Process.GetCurrentProcess();
    return (me.Threads.Count, me.VirtualMemorySize64 / Megabyte, me.WorkingSet64 / Megabyte);
}

void Serve(Socket connection, string thread)
{
    using var stream = new NetworkStream(connection, ownsSocket: true);
    using var reader = new StreamReader(stream);
    isReading.Signal();
    if (reader.ReadLine()?.ToUpperInvariant() is { } answer) // null: the client has closed
    {
        Console.WriteLine($"{thread} -> clients: \"{answer}\"");
        stream.Write(Encoding.UTF8.GetBytes(answer + "\n"));
    }
}
