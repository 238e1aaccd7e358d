// All that one run measured, round by round: what the JSON beside a table holds, and all that the
// tables and the page are made from. A sample with a reason in `Refused` has no figure to use.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reactor.Bench.Servers;

internal sealed record RunRecord(DateTimeOffset Begun, string Command, MachineRecord Machine)
{
    /// <summary>The peers in the order of the tables.</summary>
    public List<PeerRecord> Peers { get; init; } = [];

    /// <summary>Peers that are missing, with the reason, and peers that do less work.</summary>
    public List<string> Notes { get; init; } = [];

    public List<CostSample> Costs { get; init; } = [];

    public List<IdleSample> Idle { get; init; } = [];

    public List<StartSample> Starts { get; init; } = [];

    public List<AllocationSample> Allocations { get; init; } = [];

    public List<LoadSample> Loads { get; init; } = [];

    [JsonIgnore]
    public bool HasRefusals => Costs.Exists(sample => sample.Refused is not null)
        || Idle.Exists(sample => sample.Refused is not null)
        || Loads.Exists(sample => sample.Refused is not null)
        || Starts.Exists(sample => sample.Refused is not null)
        || Allocations.Exists(sample => sample.Refused is not null);
}

internal sealed record MachineRecord(
    string Cpu, int Cores, double MemoryGib, string Kernel, string Runtime, double LoadAverage);

/// <param name="Key">One word: for options, and for the colour in a chart.</param>
/// <param name="Name">What tables call it.</param>
/// <param name="Version">The program's own answer to that question.</param>
internal sealed record PeerRecord(string Key, string Name, string Version)
{
    /// <summary>The key of the server that this one is compared with, or null.</summary>
    public string? Base { get; init; }
}

internal sealed record CostSample(
    string Peer, string Scenario, int Connections, bool Pinned, int Round)
{
    public long Requests { get; init; }

    public double CpuUsPerRequest { get; init; }

    public double RequestsPerSecond { get; init; }

    public double P50Us { get; init; }

    public double P99Us { get; init; }

    /// <summary>The resident set after the load.</summary>
    public double ResidentMib { get; init; }

    public string? Refused { get; init; }
}

internal sealed record IdleSample(string Peer, int Connections, int Round)
{
    public double BytesPerConnection { get; init; }

    public string? Refused { get; init; }
}

internal sealed record StartSample(string Peer, int Round)
{
    public double Milliseconds { get; init; }

    /// <summary>The resident set after the first response.</summary>
    public double ResidentMib { get; init; }

    public string? Refused { get; init; }
}

internal sealed record AllocationSample(string Peer, string Scenario)
{
    public long Requests { get; init; }

    public double BytesPerRequest { get; init; }

    /// <summary>Collections of generation 0, 1 and 2 while those requests ran.</summary>
    public int[] Collections { get; init; } = [];

    public string? Refused { get; init; }
}

/// <summary>What wrk and loadgen say of the same server, one after the other.</summary>
internal sealed record LoadSample(string Peer, string Scenario, int Round)
{
    public double WrkPerSecond { get; init; }

    public double LoadgenPerSecond { get; init; }

    public double WrkP99Us { get; init; }

    public double LoadgenP99Us { get; init; }

    public string? Refused { get; init; }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunJson : JsonSerializerContext
{
    public static string Write(RunRecord run) =>
        JsonSerializer.Serialize(run, Default.RunRecord) + "\n";
}
