namespace Reactor.Bench.Servers;

/// <summary>
/// What clients do to a server while its cost is measured. Every peer answers these three paths.
/// </summary>
/// <param name="Key">What it is called in the raw results.</param>
/// <param name="Title">What it is called in a table.</param>
/// <param name="Path">What is asked for.</param>
/// <param name="BodyBytes">The body of the answer, which the floor must send too.</param>
/// <param name="Script">The script of wrk in bench/peers, if it needs one.</param>
/// <param name="Connections">How many keep-alive connections ask, each for one at a time.</param>
internal sealed record Scenario(
    string Key, string Title, string Path, int BodyBytes, string? Script, int Connections)
{
    /// <summary>The connections of all scenarios that are not about their number.</summary>
    public const int UsualConnections = 64;

    public static Scenario KeepAlive { get; } =
        new("keep-alive", "keep-alive", "/plaintext", 13, null, UsualConnections);

    /// <summary>The kinds of request, each over the usual number of connections.</summary>
    public static Scenario[] Kinds { get; } =
    [
        KeepAlive,
        KeepAlive with
        {
            Key = "varied", Title = "another head each time", Script = "varied.lua",
        },
        KeepAlive with { Key = "pipelined", Title = "pipelined 16", Script = "pipeline.lua" },
        new("json", "1 KiB JSON", "/items", 1024, null, UsualConnections),
        new("echo", "64 B POST echo", "/echo", 64, "echo.lua", UsualConnections),
    ];

    public string Description => $"{Title}, {Connections} connections";

    /// <summary>The kinds, and keep-alive with each number of connections; none twice.</summary>
    public static Scenario[] All(IEnumerable<int> connections) =>
    [
        .. Kinds,
        .. connections.Distinct().Where(count => count != UsualConnections)
            .Select(count => KeepAlive with { Connections = count }),
    ];
}
