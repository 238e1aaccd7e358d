#!/usr/bin/env dotnet
#:project ../src/Reactor/Reactor.csproj
// Lesson 24: which loop gets the next connection? Grows from 18_real_loop.
// Question: Two loops, each on its own thread, listen on the same port. A client connects, and
//   sends 10 requests on its connection. How many loops answer them?
// Predict:
//   10 requests on one connection: answered by 1 loop
//   10 requests on one connection: answered by 2 loops, 5 each
//   10 requests on one connection: answered by 2 loops, whichever is idle
// Picture: lanes
// Expected output:
//   listeners on the port: 2
//   10 requests on one connection: answered by 1 loop
//   8 connections: 8 of them answered by 1 loop each
//   requests, counted by each loop without a lock: 80
using System.Net;
using System.Text;
using Reactor;
using Reactor.Net;

const int Loops = 2, ClientsOfLoop = 4, Requests = 10;
int port = 0; // the first loop picks it; MeetAsync makes it visible to the other
var shares = new Share[Loops];
new LoopGroup(Loops).Run(Main); // blocks; this thread becomes that of the first loop
Console.WriteLine($"listeners on the port: {shares.Sum(one => one.Listeners)}");
Console.WriteLine($"10 requests on one connection: answered by {shares[0].LoopsOf[0]} loop");
int same = shares.Sum(one => one.LoopsOf.Count(loops => loops == 1));
Console.WriteLine($"8 connections: {same} of them answered by 1 loop each");
int sum = shares.Sum(one => one.Requests); // the threads have ended: no race
Console.WriteLine($"requests, counted by each loop without a lock: {sum}");

// Runs once on each loop: a server, and four clients of the port.
async Coroutine Main(LoopGroupMember loop)
{
    Share share = shares[loop.Index] = new Share();
    LoopServer? server = loop.IsFirst ? await Listen(loop, share) : null;
    await loop.MeetAsync(); // the port is known
    server ??= await Listen(loop, share);
    await loop.MeetAsync(); // both listen
    share.Listeners = server.EndPoints.Count;
    for (int i = 0; i < ClientsOfLoop; i++) share.LoopsOf.Add(await CountLoops());
    await loop.MeetAsync(); // all clients have their answers
    server.Close();
    await server.WaitClosedAsync();
}

async Coroutine<LoopServer> Listen(LoopGroupMember loop, Share share)
{
    // Sets SO_REUSEPORT: without it the second listener would be refused.
    ServerOptions options = new ServerOptions().ShareOf(Loops, loop.Index);
    LoopServer server = await EventLoop.Current.StartServer(Serve, "127.0.0.1", port, options);
    if (loop.IsFirst) port = ((IPEndPoint)server.EndPoints[0]).Port;
    return server;

    async Coroutine Serve(Connection connection)
    {
        byte[] answer = Encoding.ASCII.GetBytes($"{loop.Index}");
        while (await connection.ReadAsync(new byte[1]) == 1)
        {
            share.Requests++; // of this loop, on its thread
            await connection.WriteAsync(answer);
        }
    }
}

async Coroutine<int> CountLoops()
{
    var address = new IPEndPoint(IPAddress.Loopback, port);
    await using Connection connection = await Connection.OpenAsync(address);
    var loops = new HashSet<byte>();
    for (int i = 0; i < Requests; i++)
    {
        await connection.WriteAsync("?"u8.ToArray());
        loops.Add((await connection.ReadExactlyAsync(1))[0]);
    }

    return loops.Count;
}

sealed class Share { public int Listeners, Requests; public List<int> LoopsOf = []; }
