namespace Reactor.Bench.Servers;

/// <summary>
/// A server that can be started: what to run for it to serve a scenario on a port of 127.0.0.1.
/// </summary>
internal sealed record Peer(PeerRecord About, Func<int, Scenario, Launch> Launch)
{
    /// <summary>
    /// Whether it can say what it has allocated (<see cref="StartupHook"/>); a native executable
    /// loads no hook.
    /// </summary>
    public bool IsDotNet { get; init; }

    /// <summary>Built another way for the sake of its start, and otherwise not measured.</summary>
    public bool IsForStartOnly { get; init; }

    public string Key => About.Key;

    public string Name => About.Name;
}

/// <summary>A program and its arguments.</summary>
internal sealed record Launch(string Program, params string[] Arguments);
