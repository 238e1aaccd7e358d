using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Reactor.Diagnostics;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Runs one scenario of the model: a session, its servers and its callers on one loop, then a probe
/// that uses every slot of the pool, then the search for what is left. Collects what is wrong.
/// </summary>
internal sealed class ModelWorld : IDisposable
{
    private const int ProbesFrom = 1000;
    private const int ProxyPort = 3128;

    private static readonly TimeSpan s_callsMax = TimeSpan.FromHours(3);
    private static readonly TimeSpan s_probeTime = TimeSpan.FromMilliseconds(400);
    private static readonly IPAddress s_proxyAddress = IPAddress.Parse("192.0.2.200");

    private readonly SimulatedLoop _world;
    private readonly List<LoopServer> _servers = [];
    private readonly ModelRecord _record;
    private Promise<Unit>? _probe;
    private int _probed;

    public ModelWorld(ModelScenario scenario)
    {
        Scenario = scenario;
        _record = new ModelRecord(this);
        FaultPlan faults = scenario.Network.Faults;
        _world = new SimulatedLoop(
            scenario.Network with
            {
                Faults = faults with { SilentAddresses = SilentAddresses() },
                Trace = _record.Trace,
            },
            driver => new ConnectWatch((InMemoryDriver)driver)
            {
                Find = FindHost,
                OnConnect = CheckBounds,
            })
        {
            MayReport = true,
        };
        Session = new ClientSession(scenario.Options with
        {
            ResolveAsync = ResolveAsync,
            Proxy = scenario.HasProxy
                ? new ClientProxy($"http://{s_proxyAddress}:{ProxyPort}") { UserName = "model" }
                : null,
        });
        Listen();
    }

    public ModelScenario Scenario { get; }

    public ClientSession Session { get; }

    public EventLoop Loop => _world.Loop;

    public ModelRecord Record => _record;

    public bool IsClosed { get; private set; }

    public bool IsProbing => _probe is not null;

    public static string CredentialsOf(CallPlan plan) => $"Basic {plan.Origin}{plan.Number}";

    public OriginPlan PlanOf(string origin) =>
        Scenario.Origins.First(one => one.Name == origin);

    /// <summary>Runs all of it. Returns the events in order, and what is wrong.</summary>
    public void Run()
    {
        _world.Run(MainAsync);
        _world.Run(Session.CloseAsync);
        foreach (LoopServer server in _servers)
        {
            server.Close();
            server.AbortClients();
        }

        _world.RunFor(TimeSpan.FromMinutes(2)); // servers end what they wait for
        CheckNothingIsLeft();
    }

    /// <summary>A request of the probe waits until all of them are there.</summary>
    public async Coroutine EnterProbeAsync()
    {
        _probed++;
        await _probe!;
    }

    public void Dispose() => _world.Dispose();

    private async Coroutine MainAsync()
    {
        _record.Log($"{Scenario.Options} {Scenario.Network} proxy: {Scenario.HasProxy}");
        Scenario.Origins.ToList().ForEach(origin => _record.Log($"{origin}"));
        List<LoopTask> calls = [.. Scenario.Calls.Select(plan => Start(plan))];
        LoopTask? close = Scenario.CloseAt is { } moment
            ? Loop.CreateTask(CloseAsync(moment))
            : null;
        await WaitAsync(calls);
        if (close is not null)
        {
            await close;
        }

        // Responses that were forgotten end by their time, then idle connections by theirs.
        await EventLoop.Delay(Scenario.Options.Timeout + TimeSpan.FromMinutes(1));
        CheckQuiet();
        if (!IsClosed)
        {
            await ProbeAsync();
        }
    }

    private LoopTask Start(CallPlan plan)
    {
        var call = new ModelCall(this, plan);
        _record.Begin(call);
        return Loop.CreateTask(call.RunAsync());
    }

    private async Coroutine CloseAsync(TimeSpan moment)
    {
        await EventLoop.Delay(moment);
        IsClosed = true;
        await Session.CloseAsync();
    }

    private async Coroutine WaitAsync(List<LoopTask> calls)
    {
        (_, IReadOnlyList<LoopTask> pending) = await EventLoop.Wait(calls, timeout: s_callsMax);
        foreach (LoopTask call in pending)
        {
            _record.Violate($"a call does not end:\n{call.FormatCallGraph()}");
            call.Cancel();
        }

        foreach (LoopTask call in calls.Where(static one => one is { IsDone: true }))
        {
            bool hasFailed = !call.IsCancelled && call.Exception is not null;
            _record.Require(!hasFailed, $"a caller has failed: {call}");
        }
    }

    /// <summary>Every slot of each host can be used at once, and no more than that.</summary>
    private async Coroutine ProbeAsync()
    {
        _world.Driver.Faults = FaultPlan.None with { SilentAddresses = SilentAddresses() };
        ClientOptions options = Scenario.Options;
        int slots = Math.Min(options.ConnectionsPerHostMax, options.ConnectionsMax);
        int waiters = Math.Min(1, options.WaitersMax);
        foreach (OriginPlan origin in Scenario.Origins.Where(IsUp))
        {
            _probe = new Promise<Unit>(Loop);
            _probed = 0;
            List<ModelCall> calls = [.. Enumerable.Range(0, slots + waiters)
                .Select(_ => new CallPlan(_record.NextCall(ProbesFrom), "GET", origin.Name))
                .Select(plan => new ModelCall(this, plan))];
            calls.ForEach(_record.Begin);
            List<LoopTask> tasks = [.. calls.Select(call => Loop.CreateTask(call.RunAsync()))];
            await EventLoop.Delay(s_probeTime);
            _record.Require(
                _probed == slots, $"{_probed} of {slots} slots of {origin.Name} are usable");
            _record.Require(Session.WaitingRequests == waiters, "the next request does not wait");
            _probe.TrySetResult(default);
            await WaitAsync(tasks);
            _record.Require(calls.TrueForAll(static call => call.IsRead), "a probe has failed");
        }
    }

    private bool IsUp(OriginPlan origin) => Scenario.HasProxy || !origin.IsDown;

    private void CheckBounds(string host, int own, int all)
    {
        ClientOptions options = Scenario.Options;
        int hosts = Scenario.HasProxy ? Scenario.Origins.Count : 1;
        _record.Require(
            own <= options.ConnectionsPerHostMax * hosts && all <= options.ConnectionsMax,
            $"{own} connections to {host}, {all} in all");
    }

    private void CheckQuiet()
    {
        _record.Require(Session.OpenConnections == 0, "connections are left");
        _record.Require(Session.WaitingRequests == 0, "waiters are left");
        _record.Require(Session.HeldBodyBytes == 0, "memory of bodies is left");
        _record.Require(Session.RentedBodyBlocks == 0, "blocks of bodies are left");
    }

    private void CheckNothingIsLeft()
    {
        CheckQuiet();
        _record.Require(_world.Driver.OpenSockets == 0, "sockets are left");
        _record.Require(_world.ArmedTimers == 0, "timers are left");
        _record.Require(BlockPool.Of(Loop).RentedBlocks == 0, "blocks are left");
        foreach (object task in Loop.AllTasks())
        {
            _record.Violate($"a task is left: {task}");
        }

        foreach (LoopErrorContext error in _world.Errors)
        {
            bool isOfAccept = error.Exception is SocketException
                && Scenario.Network.Faults.AcceptErrorChance > 0;
            bool isOfContent = error.Exception is ModelContentException
                || (error.Exception is InvalidOperationException
                    && Scenario.Calls.Any(static one => one.Content is { Flaw: > 0 }));
            _record.Require(
                isOfContent || isOfAccept,
                $"the loop reported: {error.Message} {error.Exception}");
        }
    }

    private void Listen()
    {
        if (Scenario.HasProxy)
        {
            Add(new ModelServer(this, null), new IPEndPoint(s_proxyAddress, ProxyPort));
            return;
        }

        foreach (OriginPlan origin in Scenario.Origins.Where(static one => !one.IsDown))
        {
            Add(
                new ModelServer(this, origin.Name),
                new IPEndPoint(AddressOf(origin.Name, isSecond: origin.HasSilentAddress), 80));
        }

        void Add(ModelServer server, IPEndPoint address) =>
            _servers.Add(Loop.CreateServer(server, [address]));
    }

    private async Coroutine<IReadOnlyList<IPAddress>> ResolveAsync(string host)
    {
        if (Scenario.ResolveTime > TimeSpan.Zero && !IsProbing)
        {
            await EventLoop.Delay(Scenario.ResolveTime);
        }

        return PlanOf(host).HasSilentAddress
            ? [AddressOf(host, false), AddressOf(host, true)]
            : [AddressOf(host, false)];
    }

    private List<IPAddress> SilentAddresses() =>
        [.. Scenario.Origins.Where(static one => one.HasSilentAddress)
            .Select(static one => AddressOf(one.Name, isSecond: false))];

    private (string Name, bool IsSecond) FindHost(EndPoint endPoint)
    {
        IPAddress address = ((IPEndPoint)endPoint).Address;
        OriginPlan? origin = Scenario.Origins.FirstOrDefault(
            one => AddressOf(one.Name, false).Equals(address)
                || AddressOf(one.Name, true).Equals(address));
        return origin is null
            ? ("the proxy", false)
            : (origin.Name, AddressOf(origin.Name, true).Equals(address));
    }

    private static IPAddress AddressOf(string origin, bool isSecond) => IPAddress.Parse(
        string.Create(
            CultureInfo.InvariantCulture,
            $"192.0.2.{origin[0] - 'a' + (isSecond ? 101 : 1)}"));
}
