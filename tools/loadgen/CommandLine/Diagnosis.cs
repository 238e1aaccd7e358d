using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// What <c>loadgen doctor</c> has measured, and the text that it prints. Times are in nanoseconds.
/// Immutable; pure.
/// </summary>
internal sealed record Diagnosis
{
    /// <summary>A steal above this share makes the other numbers random.</summary>
    public const double StealMax = 0.005;

    public required MachineFacts Machine { get; init; }

    /// <summary>The share of all cores that the hypervisor took; null: unknown.</summary>
    public double? Steal { get; init; }

    /// <summary>How late the releases of an open loop were, for each way to wait.</summary>
    public required IReadOnlyList<(IdleMode Idle, Histogram Lateness)> Timers { get; init; }

    /// <summary>The closed loop of many connections against a server that does nothing.</summary>
    public required LoadResult Full { get; init; }

    /// <summary>The closed loop of one connection against the same server.</summary>
    public required LoadResult Single { get; init; }

    /// <summary>The closed loop of one connection against the user's URL; null without.</summary>
    public LoadResult? Target { get; init; }

    /// <summary>Responses per second of this client and that server together.</summary>
    public double PairRate => Full.Measured.Completed / Full.Elapsed.TotalSeconds;

    /// <summary>
    /// The share of its core that the client used at that rate, above 0; all of it if that is not
    /// known, so that no advice promises too much.
    /// </summary>
    public double ClientShare => Full.Client.CpuTime > TimeSpan.Zero
        ? Math.Min(Full.Client.CpuTime / Full.Elapsed, 1)
        : 1;

    /// <summary>
    /// The rate at which the client's core would be full. The server may be slower than that.
    /// </summary>
    public double ClientRate => PairRate / ClientShare;

    /// <summary>The rate of an open loop that leaves half of the client's core idle.</summary>
    public double TrustedRate => ClientRate / 2;

    /// <summary>The whole text, with a line feed at its end.</summary>
    public string Text()
    {
        string[] lines =
        [
            "Machine",
            Inv($"  cores        {Machine.Cores} ({Machine.CoreList ?? "numbers unknown"})"),
            $"  governor     {Machine.Governor ?? "unknown: the system does not say"}",
            $"  CPU steal    {Percent(Steal)} while this ran",
            Inv($"  clock        100ns a tick, {Machine.ClockReadNs:0}ns to read"),
            $"  descriptors  {Number(Machine.Descriptors)}",
            $"  local ports  {Number(PortCount)}",
            "Timers: how late an open loop of 1000/s releases",
            $"{"",16}{"p50",8}{"p99",10}",
            .. Timers.Select(timer => $"  --idle {timer.Idle.ToString().ToLowerInvariant(),-7}"
                + $"{Time(timer.Lateness, 50),8}{Time(timer.Lateness, 99),10}"),
            "Client: a closed loop against loadgen serve on another core",
            Inv($"  64 connections  {PairRate:0}/s, {1e6 * ClientShare / PairRate:0.0}us of CPU a ")
                + $"request, {Percent(ClientShare)} of its core",
            $"  1 connection    {Service(Single)}",
            .. TargetLines(),
            "What to trust",
            .. Advice().Select(sentence => "  " + sentence),
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private long? PortCount =>
        Machine.Ports is { } ports ? ports.Last - ports.First + 1 : null;

    private IEnumerable<string> TargetLines()
    {
        if (Target is not null)
        {
            yield return $"Target: {Target.Run.Url}";
            yield return $"  connect         {Time(Target.Times.Connect, 100)}";
            yield return $"  1 connection    {Service(Target)}";
        }
    }

    private IEnumerable<string> Advice()
    {
        yield return Inv($"Open-loop rates up to {RoundDown(TrustedRate):0}/s: half of what this ")
            + "client could send on a core of its own.";
        if (Single.Times.Service.Finished.Count > 0)
        {
            yield return "Service times below "
                + $"{Time(Single.Times.Service.Finished, 50)} are those of this program and of "
                + "the loopback, not of a server.";
        }

        foreach ((IdleMode idle, Histogram lateness) in Timers)
        {
            if (idle == IdleMode.Hybrid && lateness.Count > 0)
            {
                yield return $"Response times of an open loop include up to {Time(lateness, 99)} "
                    + "of lateness (--idle hybrid, p99).";
            }
        }

        if (PortCount is { } ports)
        {
            yield return Inv($"At most {ports} connections to one address and port; a port is ")
                + "free again a minute after this program has closed its connection.";
        }

        if (Machine.Cores == 1)
        {
            yield return "This machine has one core: client and server take it from each other. "
                + "Measure a server on another machine.";
        }

        if (Steal > StealMax)
        {
            yield return $"The hypervisor took {Percent(Steal)} of the CPU: repeat; percentiles "
                + "above p99 are not the server's.";
        }

        if (Machine.Governor is { } governor && governor != "performance")
        {
            yield return $"The frequency governor is '{governor}': short runs measure slow cores.";
        }
    }

    private static string Service(LoadResult result) =>
        $"service p50 {Time(result.Times.Service.Finished, 50)}, "
        + $"p99 {Time(result.Times.Service.Finished, 99)}";

    private static string Time(Histogram times, decimal percent) => times.Count == 0
        ? "–"
        : WrkUnits.Time(times.Percentile(percent) / 1000.0);

    private static string Percent(double? share) =>
        share is { } known ? Inv($"{known * 100:0.0}%") : "unknown";

    private static string Number(long? value) =>
        value is { } known ? Inv($"{known}") : "unknown";

    // Two digits: the third differs from run to run.
    private static double RoundDown(double rate)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(rate, 10))) - 1);
        return Math.Floor(rate / unit) * unit;
    }

    private static string Inv(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
