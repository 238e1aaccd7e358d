#!/usr/bin/env dotnet
// Lesson 01: when is the second client served?
// Question: A server accepts a connection, reads a line, answers and closes; then it accepts the
// next one. All its calls block. Client 1 connects and stays silent. Client 2 connects and sends
// its line at once. Does client 2 get its answer while client 1 is silent?
// Predict:
//   client 2: answered while client 1 is silent: True
//   client 2: answered while client 1 is silent: False
//   client 2: cannot connect while client 1 is served
// Picture: lanes
// Expected output:
//   client 1 is silent
//   client 1 -> server: connects
//   server: accepts client 1
//   server: blocks in ReadLine
//   client 2 -> server: connects, sends "two"
//   client 2: connected: True
//   client 2: answered while client 1 is silent: False
//   client 1 sends its line
//   client 1 -> server: sends "one"
//   server -> client 1: "ONE"
//   server: accepts client 2
//   server: blocks in ReadLine
//   server -> client 2: "TWO"
using System.Net;
using System.Net.Sockets;
using System.Text;

using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // port 0: the kernel chooses a free port
listener.Listen();

// The server has a thread of its own, because the main thread plays the clients.
using var isReading = new SemaphoreSlim(0);
var server = new Thread(() =>
{
    Serve("client 1");
    Serve("client 2");
});
server.Start();

Console.WriteLine("client 1 is silent");
Console.WriteLine("client 1 -> server: connects");
using Socket client1 = Connect();
isReading.Wait();

Console.WriteLine("client 2 -> server: connects, sends \"two\"");
using Socket client2 = Connect(); // returns before the server accepts: the kernel has connected it
client2.Send("two\n"u8);
bool isAnswered = client2.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead);
Console.WriteLine($"client 2: connected: {client2.Connected}");
Console.WriteLine($"client 2: answered while client 1 is silent: {isAnswered}");

Console.WriteLine("client 1 sends its line");
Console.WriteLine("client 1 -> server: sends \"one\"");
client1.Send("one\n"u8);
server.Join();

Socket Connect()
{
    var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    client.Connect(listener.LocalEndPoint!);
    return client;
}

void Serve(string client)
{
    using Socket connection = listener.Accept(); // returns when there is a client
    Console.WriteLine($"server: accepts {client}");
    using var stream = new NetworkStream(connection);
    using var reader = new StreamReader(stream);
    Console.WriteLine("server: blocks in ReadLine");
    isReading.Release();
    string answer = reader.ReadLine()!.ToUpperInvariant(); // returns when there is a whole line
    Console.WriteLine($"server -> {client}: \"{answer}\"");
    stream.Write(Encoding.UTF8.GetBytes(answer + "\n"));
}
