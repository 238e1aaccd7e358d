// Who may reference whom. This is the law in the form that a test can read; docs/architecture.md
// shows the same rows, and a test compares the two. A room is a folder of the sources at any depth,
// because most types of the loop share one namespace. A file belongs to the deepest room above it.

namespace Repository.Tests.Rooms;

/// <summary>A room: which others its files may use, and what of the outside.</summary>
/// <param name="Name">
/// Its folder from the project on; `EventLoop` is the root of src/Reactor and owns the rooms that
/// only divide the loop.
/// </param>
/// <param name="Uses">
/// Rooms, each with the rooms below it; a room that is itself below means the room alone. `Reactor`
/// is every room of src/Reactor. A room may always use itself and what is below it.
/// </param>
public sealed record Room(string Name, params string[] Uses)
{
    /// <summary>Outside namespaces and types it is held to; empty means any.</summary>
    public string[] OnlyOutside { get; init; } = [];

    /// <summary>Outside namespaces and types that it must not touch even so.</summary>
    public string[] NeverOutside { get; init; } = [];

    /// <summary>Whether a file of this room may use one of another.</summary>
    public bool MayUse(string room) =>
        room == Name || IsBelow(room, Name)
        || Uses.Any(use => use == room || (IsBelow(room, use) && !IsBelow(Name, use))
            || (use == RoomTable.Reactor && RoomTable.IsOfReactor(room)));

    public bool AllowsOutside(string space, string type) =>
        !NeverOutside.Any(entry => Covers(entry, space) || entry == $"{space}.{type}")
        && (OnlyOutside.Length == 0
            || OnlyOutside.Any(entry => Covers(entry, space) || entry == $"{space}.{type}"));

    private static bool IsBelow(string room, string other) =>
        room.StartsWith(other + "/", StringComparison.Ordinal);

    // `System.Runtime*` covers System.Runtime and all below; an entry without a star only itself.
    private static bool Covers(string entry, string space) =>
        entry.EndsWith('*')
            ? (space + ".").StartsWith(entry[..^1] + ".", StringComparison.Ordinal)
            : space == entry;
}

public static class RoomTable
{
    /// <summary>Stands for every room of src/Reactor.</summary>
    public const string Reactor = "Reactor";

    private static readonly string[] s_onCoroutines = ["Coroutines", "Scheduling", "Timing"];

    private static readonly string[] s_belowLoop =
        ["Timing", "Scheduling", "Drivers", "Coroutines", "Combinators", "Sync", "Executors",
            "Simulation"];

    // The loop's own rooms see its members, of which most stand in Verbs.
    private static readonly string[] s_inLoop = ["EventLoop", "EventLoop/Verbs", .. s_belowLoop];

    // Calculations and text: no socket and no thread.
    private static readonly string[] s_notPure = ["System.Net.Sockets*", "System.Threading*"];

    private static readonly string[] s_loop = ["EventLoop", .. s_belowLoop];

    private static readonly string[] s_onProtocol = ["Protocol", Reactor];

    private static readonly string[] s_wire =
        ["System", "System.Buffers*", "System.IO.Pipelines", "System.Text", "System.Collections*",
            "System.Numerics", "System.Runtime*", "System.Globalization", "System.Diagnostics",
            "System.Diagnostics.CodeAnalysis", "System.Net.IPAddress"];

    // They share the namespace System with the types that the protocol is made of.
    private static readonly string[] s_notOfTheWire =
        ["System.TimeProvider", "System.Random", "System.Environment", "System.Console",
            "System.Diagnostics.Stopwatch", "System.Diagnostics.Process"];

    /// <summary>The whole table, lowest room first.</summary>
    public static IReadOnlyList<Room> Rooms { get; } =
    [
        new("Timing")
        {
            OnlyOutside = ["System*"],
            NeverOutside = ["System.Net*", "System.IO*"],
        },
        new("Scheduling", "Timing"),
        new("Drivers", "Timing", "Scheduling"),
        new("Drivers/Native"),
        new("Drivers/Sockets", "Drivers", "Drivers/Native", "Scheduling", "Timing"),
        new("Drivers/Epoll", "Drivers", "Drivers/Native", "Scheduling", "Timing"),
        new("Coroutines/Frames", "Scheduling", "Timing"),
        new("Coroutines/Futures", "Coroutines/Frames", "Scheduling", "Timing"),
        new("Coroutines/Tasks", "Coroutines/Futures", "Coroutines/Frames", "Scheduling", "Timing"),
        new("Coroutines", "Timing", "Scheduling"),
        new("Combinators", s_onCoroutines),
        new("Sync", s_onCoroutines),
        new("Executors", s_onCoroutines),
        new("Executors/Processes", ["Executors", "Drivers/Native", .. s_onCoroutines]),
        new("Simulation", "Drivers", "Scheduling", "Timing"),
        new("EventLoop/Logging", "Drivers/Native", "Scheduling", "Timing"),
        new("EventLoop/Metering", ["EventLoop/Loop", .. s_belowLoop]),
        new("EventLoop/Debugging", ["EventLoop/Loop", "EventLoop/Logging", .. s_loop]),
        new("EventLoop/Loop",
            ["EventLoop/Debugging", "EventLoop/Logging", "EventLoop/Metering", .. s_inLoop]),
        new("EventLoop", s_belowLoop),
        new("EventLoop/Running", ["EventLoop/Loop", "EventLoop/Logging", .. s_inLoop]),
        new("EventLoop/Verbs",
            ["EventLoop/Running", "EventLoop/Loop", "EventLoop/Metering", "EventLoop/Debugging",
             .. s_inLoop]),
        new("Net/Buffers", s_loop),
        new("Net/Connections", ["Net/Buffers", .. s_loop]),
        new("Net/Listening", ["Net/Connections", "Net/Buffers", .. s_loop]),
        new("Net/Streams", ["Net/Connections", "Net/Buffers", .. s_loop]),
        new("Net/Transports", ["Net/Listening", "Net/Connections", "Net/Buffers", .. s_loop]),
        new("Net/Descriptors", ["Net/Connections", "Net/Buffers", .. s_loop]),
        new("Diagnostics", s_loop),
        new("Recording", ["Diagnostics", .. s_loop]),
        new("Protocol/Values") { OnlyOutside = s_wire, NeverOutside = s_notOfTheWire },
        new("Protocol/Heads", "Protocol/Values")
        {
            OnlyOutside = s_wire,
            NeverOutside = s_notOfTheWire,
        },
        new("Protocol/Bodies", "Protocol/Heads", "Protocol/Values")
        {
            OnlyOutside = s_wire,
            NeverOutside = s_notOfTheWire,
        },
        new("Protocol/Multipart", "Protocol/Heads", "Protocol/Values")
        {
            OnlyOutside = s_wire,
            NeverOutside = s_notOfTheWire,
        },
        new("Routing") { OnlyOutside = ["System*"], NeverOutside = ["System.Net*"] },
        new("Messages", s_onProtocol),
        new("Server/Observation", ["Messages", .. s_onProtocol]),
        new("Server/Options", ["Server/Observation", "Messages", .. s_onProtocol]),
        new("Server/Exchanges",
            ["Server/Options", "Server/Observation", "Messages", .. s_onProtocol]),
        new("Server/Connections",
            ["Server/Exchanges", "Server/Options", "Server/Observation", "Messages",
             .. s_onProtocol]),
        new("Server", ["Messages", .. s_onProtocol]),
        new("App", ["Server", "Messages", "Routing", .. s_onProtocol]),
        new("Content/Values", ["App", "Server", "Messages", "Routing", .. s_onProtocol]),
        new("Content/Json",
            ["Content/Values", "App", "Server", "Messages", "Routing", .. s_onProtocol]),
        new("Content", ["App", "Server", "Messages", "Routing", .. s_onProtocol]),
        new("Content/Cookies", ["App", "Server", "Messages", .. s_onProtocol]),
        new("Content/Forms", ["App", "Server", "Messages", "Routing", .. s_onProtocol]),
        new("Content/Guards", ["App", "Server", "Messages", .. s_onProtocol]),
        new("Client", ["Messages", .. s_onProtocol]),
        new("OpenApi",
            ["Content/Json", "Content/Values", "App", "Server", "Messages", .. s_onProtocol]),
        new("Inspector/Pictures", Reactor) { NeverOutside = s_notPure },
        new("Inspector/Export", Reactor) { NeverOutside = s_notPure },
        new("Inspector/Pages"),
        new("Inspector/Server",
            ["Inspector/Pictures", "Inspector/Export", "Inspector/Pages", "App", "Server",
             "Messages", "Routing", .. s_onProtocol]),
        new("Testing/Checks",
            ["Client", "Server", "Messages", .. s_onProtocol]),
        new("Testing/Kit",
            ["Testing/Checks", "Client", "App", "Server", "Messages", .. s_onProtocol]),
        new("Testing/Chaos",
            ["Testing/Kit", "Testing/Checks", "Client", "App", "Server", "Messages",
             .. s_onProtocol]),
        new("Hosting", ["App", "Server", "Messages", .. s_onProtocol]),
        new("loadgen/Record") { OnlyOutside = ["System*"], NeverOutside = s_notPure },
        new("loadgen/Plan", "loadgen/Record", "Protocol/Heads", "Protocol/Values")
        {
            NeverOutside = s_notPure,
        },
        new("loadgen/Judge", "loadgen/Plan", "loadgen/Record") { NeverOutside = s_notPure },
        new("loadgen/Report", "loadgen/Judge", "loadgen/Plan", "loadgen/Record")
        {
            NeverOutside = s_notPure,
        },
        new("loadgen/Load",
            ["loadgen/Plan", "loadgen/Record", "Client", "Messages", .. s_onProtocol])
        {
            NeverOutside = ["System.Text*", "System.Globalization*"],
        },
        new("loadgen/Serve", ["loadgen/Plan", "loadgen/Record", .. s_onProtocol]),
        new("loadgen/CommandLine",
            ["loadgen/Serve", "loadgen/Load", "loadgen/Report", "loadgen/Judge", "loadgen/Plan",
             "loadgen/Record", .. s_onProtocol]),
        new("loadgen", ["loadgen/CommandLine", .. s_onProtocol]),
        new("learn/Text"),
        new("learn/Course", "learn/Text"),
        new("learn/Compiling", "learn/Course", "learn/Text"),
        new("learn/Judging", "learn/Compiling", "learn/Course", "learn/Text", Reactor),
        new("learn/Pictures",
            "Inspector/Pictures", "learn/Compiling", "learn/Course", "learn/Text", Reactor),
        new("learn/Pages", "learn/Judging", "learn/Course", "learn/Text")
        {
            NeverOutside = s_notPure,
        },
        new("learn/Docs",
            ["Inspector/Server", "App", "Server", "Messages", "Routing", "learn/Compiling",
             "learn/Course", "learn/Text", .. s_onProtocol]),
        new("learn/Verbs",
            ["learn/Docs", "learn/Pages", "learn/Pictures", "Inspector/Server", "learn/Judging",
             "learn/Compiling", "learn/Course", "learn/Text", Reactor]),
        new("learn",
            ["learn/Verbs", "learn/Judging", "learn/Compiling", "learn/Course", "learn/Text"]),
        new("Analyzers")
        {
            OnlyOutside = ["System*", "Microsoft.CodeAnalysis*"],
            NeverOutside = ["System.Net*", "System.IO*"],
        },
    ];

    public static Room? Find(string name) => Rooms.FirstOrDefault(room => room.Name == name);

    /// <summary>Whether a room is of src/Reactor: those stand before the first of HTTP.</summary>
    public static bool IsOfReactor(string name) =>
        Rooms.TakeWhile(room => room.Name != "Protocol/Values").Any(room => room.Name == name);

    /// <summary>The room of a source file; null where the table does not govern.</summary>
    public static string? RoomOf(string path) => path.Split('/') switch
    {
        ["src", "Reactor", _] => "EventLoop",
        ["src", "Reactor", "Loop" or "Running" or "Verbs" or "Debugging" or "Logging"
            or "Metering", ..] => Deepest("EventLoop/" + path["src/Reactor/".Length..]),
        ["src", "Reactor.Analyzers", ..] => "Analyzers",
        ["src", "Reactor.Http.OpenApi", ..] => "OpenApi",
        ["src", "Reactor.Inspector", _, _, ..] =>
            Deepest("Inspector/" + path["src/Reactor.Inspector/".Length..]),
        ["src", "Reactor.Http.Testing", _, _, ..] =>
            Deepest("Testing/" + path["src/Reactor.Http.Testing/".Length..]),
        ["src", "Reactor.Hosting", _] => "Hosting",
        ["src", _, _] => path,
        ["src", string project, _, ..] => Deepest(path[$"src/{project}/".Length..]),
        ["tools", "loadgen", _] => "loadgen",
        ["tools", "learn", _] => "learn",
        ["tools", "loadgen" or "learn", ..] => Deepest(path["tools/".Length..]),
        _ => null,
    };

    // The deepest folder that has a row; without one the whole folder, which is then no room.
    private static string Deepest(string file)
    {
        string folder = file[..file.LastIndexOf('/')];
        for (string at = folder; ; at = at[..at.LastIndexOf('/')])
        {
            if (Find(at) is not null)
            {
                return at;
            }
            if (!at.Contains('/', StringComparison.Ordinal))
            {
                return folder;
            }
        }
    }
}
