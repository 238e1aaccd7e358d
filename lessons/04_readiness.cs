#!/usr/bin/env dotnet
// Lesson 04: which client is served first? Grows from 03_nonblocking.
// Question: One thread waits for three clients by one call, Select. Client 3 sends, then client 1
// sends. Only then does the server call Select. Which clients does Select return, in which order?
// Predict:
//   kernel -> server: ready: client 3
//   kernel -> server: ready: client 3, client 1
//   kernel -> server: ready: client 1, client 3
// Picture: lanes
// Expected output:
//   turn 1
//   client 3 -> server: "three"
//   client 1 -> server: "one"
//   kernel -> server: ready: client 1, client 3
//   server -> client 1: "ONE"
//   server -> client 3: "THREE"
//   turn 2
//   client 2 -> server: "two"
//   client 3 -> server: ends its stream
//   kernel -> server: ready: client 2, client 3
//   server -> client 2: "TWO"
//   server: closes the connection of client 3
using System.Net;
using System.Net.Sockets;
using System.Text;

using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
listener.Listen();
Socket[] clients = [Connect(), Connect(), Connect()];
Socket[] connections = [listener.Accept(), listener.Accept(), listener.Accept()];
var open = new List<Socket>(connections);

Turn(1, (3, "three"), (1, "one"));
Turn(2, (2, "two"), (3, ""));

void Turn(int turn, params (int Client, string Text)[] sent)
{
    Console.WriteLine($"turn {turn}");
    Array.ForEach(sent, part => Send(part.Client, part.Text));
    var ready = new List<Socket>(open);
    Socket.Select(ready, null, null, Timeout.InfiniteTimeSpan); // keeps the ready ones in the list
    Console.WriteLine($"kernel -> server: ready: {string.Join(", ", ready.Select(NameOf))}");
    ready.ForEach(Serve);
}

void Serve(Socket connection)
{
    byte[] buffer = new byte[100];
    int count = connection.Receive(buffer); // does not block: the connection is ready
    if (count == 0)
    {
        Console.WriteLine($"server: closes the connection of {NameOf(connection)}");
        open.Remove(connection);
        connection.Close();
        return;
    }

    string answer = Encoding.UTF8.GetString(buffer, 0, count).ToUpperInvariant();
    Console.WriteLine($"server -> {NameOf(connection)}: \"{answer}\"");
    connection.Send(Encoding.UTF8.GetBytes(answer));
}

string NameOf(Socket connection) => $"client {Array.IndexOf(connections, connection) + 1}";

Socket Connect()
{
    var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    client.Connect(listener.LocalEndPoint!);
    return client;
}

void Send(int number, string text)
{
    bool isEnd = text.Length == 0;
    Console.WriteLine($"client {number} -> server: {(isEnd ? "ends its stream" : $"\"{text}\"")}");
    if (isEnd) clients[number - 1].Shutdown(SocketShutdown.Send);
    else clients[number - 1].Send(Encoding.UTF8.GetBytes(text));
    connections[number - 1].Poll(-1, SelectMode.SelectRead); // a busy kernel delivers later
}
