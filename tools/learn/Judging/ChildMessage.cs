using System.Text.Json.Serialization;

namespace Reactor.Learn;

/// <summary>
/// What a child process is told before it gets the code of an answer: one line of JSON.
/// </summary>
internal sealed record ChildRequest
{
    /// <summary>
    /// Begins each line of the child that is a message, so that no printed line is.
    /// </summary>
    public required string Key { get; init; }

    public required int AssemblyBytes { get; init; }

    public required int SymbolsBytes { get; init; }

    /// <summary>The first scenario to run.</summary>
    public required int From { get; init; }

    /// <summary>How often a scenario with schedules is run.</summary>
    public required int Schedules { get; init; }

    /// <summary>The seed of the first schedule; each further one is greater by one.</summary>
    public required int Seed { get; init; }

    /// <summary>Upper bound of the limit of a scenario.</summary>
    public required int LimitMs { get; init; }
}

/// <summary>A scenario as the parent knows it.</summary>
internal sealed record ScenarioFacts
{
    public required string Title { get; init; }

    public required string[] Right { get; init; }

    /// <summary>By the number of a misconception.</summary>
    public required Dictionary<string, string[]> Wrong { get; init; }

    public required bool Schedules { get; init; }
}

/// <summary>
/// One line from a child. Exactly one of the first properties is set: the scenarios come first;
/// then for each run its beginning, its lines and its end; then the end of all.
/// </summary>
internal sealed record ChildMessage
{
    public ScenarioFacts[]? Scenarios { get; init; }

    /// <summary>A run of this scenario begins.</summary>
    public int? Begin { get; init; }

    /// <summary>The answer wrote a line.</summary>
    public string? Line { get; init; }

    /// <summary>A run ended: empty, or the last line of its outcome, such as (endless).</summary>
    public string? End { get; init; }

    /// <summary>All scenarios have been run.</summary>
    public bool? Done { get; init; }

    /// <summary>The scenarios cannot be read: why.</summary>
    public string? Broken { get; init; }

    /// <summary>With <see cref="Begin"/>: the seed of a schedule.</summary>
    public int? Seed { get; init; }

    /// <summary>With <see cref="End"/>: the exception and its place.</summary>
    public string? Detail { get; init; }

    /// <summary>With <see cref="End"/> or <see cref="Done"/>: what it printed meanwhile.</summary>
    public string? Printed { get; init; }
}

[JsonSerializable(typeof(ChildRequest))]
[JsonSerializable(typeof(ChildMessage))]
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ChildJson : JsonSerializerContext;
