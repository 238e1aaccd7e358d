// Who may reference whom. This is the law in the form that a test can read; docs/architecture.md
// shows the same rows to people, and a test compares the two. A room is a folder of the sources,
// because most types of the loop share one namespace. Root files of src/Reactor are the EventLoop
// room, those of src/Reactor.Http the Server room.

namespace Repository.Tests.Rooms;

/// <summary>A room: which others its files may use, and what of the outside.</summary>
public sealed record Room(string Name, string[] Uses)
{
    /// <summary>Outside namespaces it is held to; empty means any.</summary>
    public string[] OnlyOutside { get; init; } = [];

    /// <summary>Outside namespaces and types that it must not touch even so.</summary>
    public string[] NeverOutside { get; init; } = [];

    public bool AllowsOutside(string space, string type) =>
        !NeverOutside.Any(entry => Covers(entry, space) || entry == $"{space}.{type}")
        && (OnlyOutside.Length == 0 || OnlyOutside.Any(entry => Covers(entry, space)));

    // `System.Runtime*` covers System.Runtime and all below; an entry without a star only itself.
    private static bool Covers(string entry, string space) =>
        entry.EndsWith('*')
            ? (space + ".").StartsWith(entry[..^1] + ".", StringComparison.Ordinal)
            : space == entry;
}

public static class RoomTable
{
    private static readonly string[] s_belowLoop =
        ["Timing", "Scheduling", "Drivers", "Coroutines", "Combinators", "Sync", "Executors",
            "Simulation"];

    private static readonly string[] s_reactor =
        [.. s_belowLoop, "EventLoop", "Net", "Diagnostics"];

    private static readonly string[] s_onCoroutines = ["Coroutines", "Scheduling", "Timing"];

    /// <summary>The whole table, lowest room first.</summary>
    public static IReadOnlyList<Room> Rooms { get; } =
    [
        new("Timing", [])
        {
            OnlyOutside = ["System*"],
            NeverOutside = ["System.Net*", "System.IO*"],
        },
        new("Scheduling", ["Timing"]),
        new("Drivers", ["Timing", "Scheduling"]),
        new("Coroutines", ["Timing", "Scheduling"]),
        new("Combinators", s_onCoroutines),
        new("Sync", s_onCoroutines),
        new("Executors", [.. s_onCoroutines, "Drivers"]),
        new("Simulation", ["Drivers", "Scheduling", "Timing"]),
        new("EventLoop", s_belowLoop),
        new("Net", [.. s_belowLoop, "EventLoop"]),
        new("Diagnostics", [.. s_belowLoop, "EventLoop"]),
        new("Protocol", [])
        {
            OnlyOutside = ["System", "System.Buffers*", "System.IO.Pipelines", "System.Text",
                "System.Collections*", "System.Numerics", "System.Runtime*", "System.Globalization",
                "System.Diagnostics", "System.Diagnostics.CodeAnalysis"],
            // They share the namespace System with the types that the protocol is made of.
            NeverOutside = ["System.TimeProvider", "System.Random", "System.Environment",
                "System.Console", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process"],
        },
        new("Routing", []) { OnlyOutside = ["System*"], NeverOutside = ["System.Net*"] },
        new("Server", ["Protocol", "Routing", .. s_reactor]),
        new("Content", ["Server", "Protocol", "Routing", .. s_reactor]),
        new("Client", ["Protocol", .. s_reactor]),
        new("loadgen", ["Protocol", "Client", .. s_reactor]),
        new("Analyzers", [])
        {
            OnlyOutside = ["System*", "Microsoft.CodeAnalysis*"],
            NeverOutside = ["System.Net*", "System.IO*"],
        },
    ];

    public static Room? Find(string name) => Rooms.FirstOrDefault(room => room.Name == name);

    /// <summary>The room of a source file; null where the table does not govern.</summary>
    public static string? RoomOf(string path) => path.Split('/') switch
    {
        ["src", "Reactor", _] => "EventLoop",
        ["src", "Reactor", "Loop" or "Running" or "Verbs" or "Debugging" or "Logging"
            or "Metering", ..] => "EventLoop",
        ["src", "Reactor.Http", "Messages" or "App", ..] => "Server",
        ["src", "Reactor.Http", _] => "Server",
        ["src", "Reactor.Analyzers", _] => "Analyzers",
        ["src", _, string folder, ..] => folder,
        ["tools", "loadgen", ..] => "loadgen",
        _ => null,
    };
}
