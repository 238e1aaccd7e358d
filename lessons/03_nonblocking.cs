#!/usr/bin/env dotnet
// Lesson 03: what does a server do while no byte arrives? Grows from 02_threads.
// Question: One thread serves two clients: it asks each socket in turn, and no call blocks. Client
// 2 is served while client 1 is silent. Then both are silent. How much processor time does the
// thread use, compared with a blocking call that waits for as long?
// Predict:
//   process: processor time: less than twice that of the blocking call
//   process: processor time: 2 to 3 times that of the blocking call
//   process: processor time: more than 3 times that of the blocking call
// Picture: lanes
// Expected output:
//   one thread, no call blocks
//   server: asks client 1: WouldBlock, 0 bytes
//   client 2 -> server: "two"
//   server: asks client 1: WouldBlock, 0 bytes
//   server: asks client 2: Success, 4 bytes
//   both clients are silent
//   server: asks client 1 more than 1000 times: True
//   server: asks client 1 by a blocking call: TimedOut, 0 bytes
//   process: processor time: more than 3 times that of the blocking call
//   client 1 -> server: ends its stream
//   server: asks client 1: Success, 0 bytes
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listener.Listen();
(Socket client1, Socket connection1) = Connect();
(Socket client2, Socket connection2) = Connect();
byte[] buffer = new byte[100];

Console.WriteLine("one thread, no call blocks");
Ask("client 1", connection1);
Console.WriteLine("client 2 -> server: \"two\"");
client2.Send("two\n"u8);
connection2.Poll(-1, SelectMode.SelectRead); // a busy kernel may deliver a moment later
Ask("client 1", connection1);
Ask("client 2", connection2);

Console.WriteLine("both clients are silent");
int calls = 0;
long start = Stopwatch.GetTimestamp();
TimeSpan before = Environment.CpuUsage.TotalTime, spin;
do
{
    connection1.Receive(buffer, SocketFlags.None, out _);
    calls++;
    spin = Environment.CpuUsage.TotalTime - before;
}
while (spin < TimeSpan.FromMilliseconds(150)); // far more than the runtime needs to compile
Console.WriteLine($"server: asks client 1 more than 1000 times: {calls > 1000}");
connection1.Blocking = true;
connection1.ReceiveTimeout = (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
before = Environment.CpuUsage.TotalTime;
Ask("client 1 by a blocking call", connection1);
double times = spin / (Environment.CpuUsage.TotalTime - before);
string range = times < 2 ? "less than twice" : times <= 3 ? "2 to 3 times" : "more than 3 times";
Console.WriteLine($"process: processor time: {range} that of the blocking call");

Console.WriteLine("client 1 -> server: ends its stream");
client1.Shutdown(SocketShutdown.Send);
Ask("client 1", connection1);

void Ask(string client, Socket connection)
{
    int count = connection.Receive(buffer, SocketFlags.None, out SocketError error);
    Console.WriteLine($"server: asks {client}: {error}, {count} bytes");
}

(Socket Client, Socket Connection) Connect()
{
    var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    client.Connect(listener.LocalEndPoint!);
    Socket connection = listener.Accept();
    connection.Blocking = false;
    return (client, connection);
}
