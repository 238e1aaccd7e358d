#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// A driver that decorates another one: it counts the polls and the connections of a loop. Every
// member that it does not override goes to the driver behind it.
//
// Expected output:
//   the echo: ping
//   connections: 1
//   polls: …
using System.Net;
using System.Text;
using Reactor;
using Reactor.Drivers;
using Reactor.Net;

using var driver = new CountingDriver(LoopDrivers.Best());
using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
loop.RunUntilComplete(Main());
Console.WriteLine($"connections: {driver.Connections}");
Console.WriteLine($"polls: {driver.Polls}");

async Coroutine Main()
{
    LoopServer server = await loop.StartServer(
        async connection => await connection.WriteAsync(await connection.ReadExactlyAsync(4)),
        "127.0.0.1",
        port: 0);
    Connection client = await Connection.OpenAsync(server.EndPoints[0]);
    client.Write("ping"u8);
    Console.WriteLine($"the echo: {Encoding.ASCII.GetString(await client.ReadExactlyAsync(4))}");
    client.Close();
    server.Close();
    await server.WaitClosedAsync();
}

sealed class CountingDriver(LoopDriver inner) : DelegatingLoopDriver(inner)
{
    public int Polls { get; private set; }

    public int Connections { get; private set; }

    public override void Poll(TimeSpan? deadline)
    {
        Polls++;
        base.Poll(deadline);
    }

    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null)
    {
        Connections++;
        return base.Connect(endPoint, localEndPoint);
    }
}
