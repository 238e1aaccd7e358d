using System.Text.Json.Nodes;
using Reactor;
using Reactor.Drivers;
using Reactor.Inspector;

namespace Inspector.Tests.Server;

/// <summary>
/// A loop on a thread of its own, its inspector, and a client with the token. The test's thread.
/// </summary>
internal sealed class InspectedLoop : IDisposable
{
    public static readonly TimeSpan Hung = TimeSpan.FromSeconds(30);

    private readonly Thread _thread;

    public InspectedLoop(Action<EventLoop>? begin = null, InspectorOptions? options = null)
    {
        Loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Sockets() });
        if (begin is not null)
        {
            Loop.CallSoon(() => begin(Loop));
        }

        Inspector = Loop.OpenInspector(options);
        Client = new InspectorClient(Inspector.Port, Inspector.Host.Guard.Token);
        _thread = new Thread(Loop.RunForever) { IsBackground = true, Name = "inspected" };
        _thread.Start();
    }

    public EventLoop Loop { get; }

    public LoopInspectorServer Inspector { get; }

    public InspectorClient Client { get; }

    /// <summary>The first live state that fulfils a condition.</summary>
    public JsonObject WaitForState(Func<JsonObject, bool> condition)
    {
        JsonObject? state = null;
        bool isThere = SpinWait.SpinUntil(
            () => condition(state = Client.GetJson("/api/live?since=-1")), Hung);
        Assert.That(isThere, $"the state never comes; the last is {state}");
        return state!;
    }

    public void Dispose()
    {
        Inspector.Dispose();
        Loop.CallSoonThreadSafe(Loop.Stop);
        Assert.That(_thread.Join(Hung), "the loop does not end");
        Loop.Close();
        Client.Dispose();
    }
}
