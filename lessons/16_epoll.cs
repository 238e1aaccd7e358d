#!/usr/bin/env dotnet
// Lesson 16: what follows an edge-triggered half-read?
// Question: A client sends 8 bytes. Linux reports the socket as readable; the server reads 4 bytes
// and asks epoll again. What does the kernel report the second time if it is edge-triggered?
// Predict:
//   kernel -> server: edge: readable, 4 bytes are there
//   kernel: edge: reports nothing, 4 bytes are there
// Picture: lanes
// Expected output:
//   level-triggered
//   client -> server: "GET /one"
//   kernel -> server: level: readable, 8 bytes are there
//   server: reads "GET ": Success
//   kernel -> server: level: readable, 4 bytes are there
//   server: reads "/one": Success
//   edge-triggered
//   client -> server: "GET /one"
//   kernel -> server: edge: readable, 8 bytes are there
//   server: reads "GET ": Success
//   kernel: edge: reports nothing, 4 bytes are there
//   client -> server: "!"
//   kernel -> server: edge: readable, 5 bytes are there
//   server: reads "/one": Success
//   server: reads "!": Success
//   server: reads "": WouldBlock
//   a regular file
//   server -> kernel: adds a file: error 1, EPERM is 1
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

const uint Readable = 1, EdgeTriggered = 1u << 31; // EPOLLIN, EPOLLET
using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
client.Connect(listener.LocalEndpoint);
using Socket server = listener.AcceptSocket();
server.Blocking = false;
byte[] half = new byte[4];

Console.WriteLine("level-triggered");
(string mode, int epoll) = ("level", epoll_create1(0));
Add(server.SafeHandle, Readable);
Send("GET /one"); Poll(-1); Read(); Poll(-1); Read();

Console.WriteLine("edge-triggered");
(mode, epoll) = ("edge", epoll_create1(0));
Add(server.SafeHandle, Readable | EdgeTriggered);
Send("GET /one"); Poll(-1); Read(); Poll(100);
Send("!"); Poll(-1); while (Read()) { } // a new edge reports all that is there: drain it

Console.WriteLine("a regular file");
using SafeHandle file = File.OpenHandle(Environment.ProcessPath!); // the program, as a file
Console.WriteLine($"server -> kernel: adds a file: error {Add(file, Readable)}, EPERM is 1");

void Send(string text)
{
    Console.WriteLine($"client -> server: \"{text}\"");
    client.Send(Encoding.ASCII.GetBytes(text));
}

void Poll(int ms) => Console.WriteLine((epoll_wait(epoll, new uint[4], 1, ms) == 1
    ? $"kernel -> server: {mode}: readable" : $"kernel: {mode}: reports nothing")
    + $", {server.Available} bytes are there");

bool Read() // half of the request at most
{
    int count = server.Receive(half, SocketFlags.None, out SocketError result);
    Console.WriteLine($"server: reads \"{Encoding.ASCII.GetString(half, 0, count)}\": {result}");
    return count > 0;
}

// epoll_ctl with 1, EPOLL_CTL_ADD. An epoll_event is the mask and 8 bytes of the caller, here 0.
int Add(SafeHandle it, uint interest) =>
    epoll_ctl(epoll, 1, it, [interest, 0, 0, 0]) == 0 ? 0 : Marshal.GetLastPInvokeError();
[DllImport("libc")] static extern int epoll_create1(int flags);
[DllImport("libc")] static extern int epoll_wait(int epoll, uint[] events, int max, int ms);
[DllImport("libc", SetLastError = true)]
static extern int epoll_ctl(int epoll, int operation, SafeHandle descriptor, uint[] change);
