#!/usr/bin/env dotnet
// Lesson 05: what does the stack trace name? Grows from 04_readiness.
// Question: Handle asks a price server, and ReadPrice parses the reply, which is no number. First
// Handle blocks until the reply arrives. Then HandleLater registers ReadPrice as a callback, which
// the loop runs. Which methods does the stack trace of the second exception name?
// Predict:
//   main: catches FormatException from ReadPrice < Run
//   main: catches FormatException from ReadPrice < HandleLater
// Picture: lanes
// Expected output:
//   shop -> prices: "tea"
//   prices -> shop: "?"
//   main: catches FormatException from ReadPrice < Handle
//   with a callback
//   shop -> prices: "tea"
//   shop -> loop: ReadPrice is the callback; HandleLater returns
//   prices -> shop: "?"
//   loop -> shop: runs the callback
//   main: catches FormatException from ReadPrice < Run
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
using var prices = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
prices.Connect(listener.LocalEndpoint);
using Socket shop = listener.AcceptSocket();
var loop = new Loop();
byte[] reply = new byte[100];

new Thread(Reply).Start();
try { Handle(); } catch (FormatException error) { Report(error); }
Console.WriteLine("with a callback");
HandleLater();
Reply();
try { loop.Run(); } catch (FormatException error) { Report(error); }

void Handle() { Send(shop, "shop -> prices", "tea"); ReadPrice(); }

void HandleLater()
{
    Send(shop, "shop -> prices", "tea");
    loop.OnReadable(shop, ReadPrice);
    Console.WriteLine("shop -> loop: ReadPrice is the callback; HandleLater returns");
}

void ReadPrice() => int.Parse(reply.AsSpan(0, shop.Receive(reply))); // waits for a reply
void Reply() => Send(prices, "prices -> shop", prices.Receive(new byte[100]) > 0 ? "?" : "");

void Send(Socket socket, string arrow, string text)
{
    Console.WriteLine($"{arrow}: \"{text}\"");
    socket.Send(Encoding.UTF8.GetBytes(text));
}

void Report(Exception error) => Console.WriteLine("main: catches FormatException from "
    + string.Join(" < ", Regex.Matches(error.StackTrace!, @"(?<=g__|Loop\.)\w+")));

sealed class Loop
{
    private readonly Dictionary<Socket, Action> _readers = [];
    public void OnReadable(Socket socket, Action callback) => _readers.Add(socket, callback);

    public void Run()
    {
        while (_readers.Count > 0)
        {
            var ready = new List<Socket>(_readers.Keys);
            Socket.Select(ready, null, null, Timeout.InfiniteTimeSpan);
            foreach (Socket socket in ready)
            {
                Console.WriteLine("loop -> shop: runs the callback");
                if (_readers.Remove(socket, out Action? callback)) callback();
            }
        }
    }
}
