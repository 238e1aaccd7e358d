#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// An echo server and client in callback style: the loop calls a method of the protocol for each
// event, and the protocol writes to a transport. There is no await.
//
// Expected output:
//   Client: connected, sending 'Hello, world!'
//   Server: received 'Hello, world!', sending it back
//   Client: received 'Hello, world!'
//   Client: the server closed the connection
using System.Text;
using Reactor;
using Reactor.Net;

using var loop = new EventLoop();
Promise<Unit> isOver = loop.CreateFuture<Unit>();

LoopServer server = loop.RunUntilComplete(
    loop.CreateServer(() => new EchoServer(), "127.0.0.1", 0));
loop.RunUntilComplete(
    loop.CreateConnection(() => new EchoClient("Hello, world!", isOver), server.EndPoints[0]));
loop.RunUntilComplete(isOver);
server.Close();
loop.RunUntilComplete(server.WaitClosedAsync());

internal sealed class EchoServer : IProtocol
{
    private ITransport? _transport;

    public void ConnectionMade(ITransport transport) => _transport = transport;

    public void DataReceived(ReadOnlySpan<byte> data)
    {
        string message = Encoding.UTF8.GetString(data);
        Console.WriteLine($"Server: received '{message}', sending it back");
        _transport!.Write(data);
        _transport.Close(); // after the echo was sent
    }

    // Back-pressure: stop reading from a client that does not read.
    public void PauseWriting() => _transport!.PauseReading();

    public void ResumeWriting() => _transport!.ResumeReading();
}

internal sealed class EchoClient(string message, Promise<Unit> isOver) : IProtocol
{
    public void ConnectionMade(ITransport transport)
    {
        Console.WriteLine($"Client: connected, sending '{message}'");
        transport.Write(Encoding.UTF8.GetBytes(message));
    }

    public void DataReceived(ReadOnlySpan<byte> data) =>
        Console.WriteLine($"Client: received '{Encoding.UTF8.GetString(data)}'");

    public void ConnectionLost(Exception? error)
    {
        Console.WriteLine("Client: the server closed the connection");
        isOver.SetResult(default);
    }
}
