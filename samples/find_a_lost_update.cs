#!/usr/bin/env dotnet
#:project ../src/Reactor.Http.Testing/Reactor.Http.Testing.csproj
// Two clients add 1 to a counter, 100 ms apart. The handler has a race, but takes only 20 ms, so
// they never meet, unless the network delays the first of them. The search tries seeds until that
// happens, and shrinks the faults of that run to the one that matters.
// Expected output:
//   found: 2 additions were confirmed, but the counter is 1
//   1 fault: seed … delay@…
//   Seed …, at … of virtual time.
//   replayed: 2 additions were confirmed, but the counter is 1
//   with a lock: no failure in 1000 seeds from 1, in … s
using Reactor;
using Reactor.Http;
using Reactor.Http.Testing;
using Reactor.Sync;

ChaosException found = Catch<ChaosException>(() =>
    ChaosSearch.Run(() => MakeCounter(isLocked: false), AddTwice, Seeds(10_000)));
Console.WriteLine($"found: {found.InnerException!.Message}");
Console.WriteLine($"{found.Faults.Count} fault: {found.Recipe}");
LostUpdate again = Catch<LostUpdate>(() =>
    ChaosSearch.Replay(found.Recipe, () => MakeCounter(isLocked: false), AddTwice));
Console.WriteLine($"replayed: {again.Message}");
ChaosResult result = ChaosSearch.Run(() => MakeCounter(isLocked: true), AddTwice, Seeds(1000));
Console.WriteLine($"with a lock: {result}");

static Application MakeCounter(bool isLocked)
{
    int counter = 0;
    AsyncLock gate = new();
    Application app = new();
    app.Get("/", _ => Response.Text($"{counter}"));
    app.Post("/", async Coroutine<Response> (_) =>
    {
        using IDisposable? locked = isLocked ? await gate.AcquireAsync() : null;
        int read = counter;
        await EventLoop.Delay(TimeSpan.FromMilliseconds(20)); // a database would take as long
        counter = read + 1; // the bug: the counter may have changed meanwhile
        return Response.Text("added");
    });
    return app;
}

// What is true under every fault: an addition that was confirmed is in the counter.
static async Coroutine AddTwice(TestClient client)
{
    int confirmed = 0;
    await EventLoop.WhenAll(Add(0), Add(100));
    if (await Ask("GET") is { } text && int.Parse(text) < confirmed)
    {
        throw new LostUpdate($"{confirmed} additions were confirmed, but the counter is {text}");
    }

    async Coroutine Add(int milliseconds)
    {
        await EventLoop.Delay(TimeSpan.FromMilliseconds(milliseconds));
        bool isConfirmed = await Ask("POST") is not null;
        confirmed += isConfirmed ? 1 : 0; // with the await on the right this would lose one too
    }

    async Coroutine<string?> Ask(string method)
    {
        try
        {
            using ClientResponse response = await client.SendAsync(new ClientRequest(method, "/"));
            return await response.TextAsync();
        }
        catch (ClientException)
        {
            return null; // the network's fault, not the application's
        }
    }
}
static ChaosOptions Seeds(int count) => new() { FirstSeed = 1, SeedsMax = count };
static T Catch<T>(Action run) where T : Exception
{
    try { run(); } catch (T error) { return error; }
    throw new InvalidOperationException($"There was no {typeof(T).Name}.");
}
internal sealed class LostUpdate(string message) : Exception(message);
