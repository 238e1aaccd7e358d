// Makes the tables from the samples. A figure is the median of the rounds; it is only shown if no
// round had an error, because a server that refuses some requests answers the others cheaply.
using System.Globalization;

namespace Reactor.Bench.Servers.Report;

internal static class ResultTables
{
    /// <summary>Whom the ratios refer to.</summary>
    public const string Floor = "floor";

    private const string CostAbout =
        "User and system CPU time of the server, divided by the requests it answered";

    /// <summary>All that there are figures for, in the order in which one reads them.</summary>
    public static IEnumerable<ResultTable> From(RunRecord run)
    {
        foreach (bool pinned in (bool[])[true, false])
        {
            CostSample[] costs = [.. run.Costs.Where(sample => sample.Pinned == pinned)];
            if (costs.Length > 0)
            {
                yield return Kinds(run, costs, pinned);
                yield return Connections(run, costs, pinned);
                if (PairTable.From(run, costs, pinned) is { } pairs)
                {
                    yield return pairs;
                }
            }
        }

        if (run.Idle.Count > 0)
        {
            yield return Idle(run);
        }

        if (run.Starts.Count > 0)
        {
            yield return Starts(run);
            yield return Resident(run);
        }

        if (run.Allocations.Count > 0)
        {
            yield return Allocations(run);
        }

        if (run.Loads.Count > 0)
        {
            yield return Loads(
                run, "rate", "thousand requests/s", sample => sample.WrkPerSecond / 1000,
                sample => sample.LoadgenPerSecond / 1000);
            yield return Loads(
                run, "p99", "µs", sample => sample.WrkP99Us, sample => sample.LoadgenP99Us);
        }
    }

    /// <summary>The median and the ratio to the floor's; a refusal if any sample has one.</summary>
    public static ResultCell Cell(
        IEnumerable<(double Figure, string? Refused)> samples, double? floor)
    {
        (double Figure, string? Refused)[] all = [.. samples];
        if (all.Length == 0)
        {
            return default;
        }

        if (all.FirstOrDefault(sample => sample.Refused is not null).Refused is { } reason)
        {
            return new ResultCell(null, Refused: reason);
        }

        Summary value = Summary.Of(all.Select(sample => sample.Figure));
        return new ResultCell(value, floor > 0 ? value.Median / floor : null);
    }

    private static ResultTable Kinds(RunRecord run, CostSample[] costs, bool pinned)
    {
        string where = pinned
            ? "server on core 0, wrk on core 1"
            : "server and wrk wherever the kernel puts them";
        var table = new ResultTable(
            pinned ? "cost" : "cost-unpinned",
            pinned ? "Cost of a request" : "Cost of a request, unpinned",
            $"{CostAbout}; {Scenario.UsualConnections} connections, {where}.",
            "µs of CPU");
        Scenario[] kinds = [.. Scenario.Kinds.Where(kind =>
            costs.Any(sample => sample.Scenario == kind.Key))];
        table.Columns.AddRange(kinds.Select(kind => new ResultColumn(kind.Title)));
        FillCosts(run, table, costs, [.. kinds.Select(kind => (kind.Key, kind.Connections))]);
        return table;
    }

    private static ResultTable Connections(RunRecord run, CostSample[] costs, bool pinned)
    {
        int[] counts =
        [
            .. costs.Where(sample => sample.Scenario == Scenario.KeepAlive.Key)
                .Select(sample => sample.Connections).Distinct().Order(),
        ];
        var table = new ResultTable(
            pinned ? "connections" : "connections-unpinned",
            pinned ? "Cost over connections" : "Cost over connections, unpinned",
            $"{CostAbout}; the same GET over 1 to many keep-alive connections.",
            "µs of CPU");
        table.Columns.AddRange(counts.Select(count => new ResultColumn(
            count.ToString("N0", CultureInfo.InvariantCulture), count)));
        FillCosts(run, table, costs, [.. counts.Select(
            count => (Scenario.KeepAlive.Key, count))]);
        return table;
    }

    private static void FillCosts(
        RunRecord run, ResultTable table, CostSample[] costs, (string Key, int Count)[] columns) =>
        Fill(run, table, columns.Length, hasRatio: true, (peer, column) =>
            costs.Where(sample => sample.Peer == peer
                    && sample.Scenario == columns[column].Key
                    && sample.Connections == columns[column].Count)
                .Select(sample => (sample.CpuUsPerRequest, sample.Refused)));

    private static ResultTable Idle(RunRecord run)
    {
        var table = new ResultTable(
            "idle",
            "Memory of an idle connection",
            "Growth of the server's resident set over keep-alive connections that made one "
                + "request each, divided by their number.",
            "bytes");
        table.Columns.Add(new ResultColumn(string.Create(
            CultureInfo.InvariantCulture, $"{run.Idle[0].Connections:N0} connections")));
        Fill(run, table, 1, hasRatio: false, (peer, _) => run.Idle
            .Where(sample => sample.Peer == peer)
            .Select(sample => (sample.BytesPerConnection, sample.Refused)));
        return table;
    }

    private static ResultTable Starts(RunRecord run)
    {
        var table = new ResultTable(
            "start",
            "Time to the first response",
            "From the start of the process to its first answer, with the files in the page "
                + "cache and both cores free.",
            "ms");
        table.Columns.Add(new ResultColumn("first response"));
        Fill(run, table, 1, hasRatio: false, (peer, _) => run.Starts
            .Where(sample => sample.Peer == peer)
            .Select(sample => (sample.Milliseconds, sample.Refused)));
        return table;
    }

    private static ResultTable Resident(RunRecord run)
    {
        var table = new ResultTable(
            "resident",
            "Resident memory",
            "The resident set of the server's process after its first response, and after the "
                + $"load of GET /plaintext over {Scenario.UsualConnections} connections.",
            "MiB");
        table.Columns.Add(new ResultColumn("first response"));
        table.Columns.Add(new ResultColumn("load"));
        Fill(run, table, 2, hasRatio: false, (peer, column) => column == 0
            ? run.Starts.Where(sample => sample.Peer == peer)
                .Select(sample => (sample.ResidentMib, sample.Refused))
            : run.Costs.Where(sample => sample.Peer == peer
                    && sample.Scenario == Scenario.KeepAlive.Key
                    && sample.Connections == Scenario.UsualConnections)
                .Select(sample => (sample.ResidentMib, sample.Refused)));
        return table;
    }

    private static ResultTable Allocations(RunRecord run)
    {
        var table = new ResultTable(
            "allocations",
            "Allocations of a request",
            "All bytes that the process put on its managed heap while wrk ran, divided by the "
                + "requests; in brackets the collections of generation 0, 1 and 2 meanwhile. "
                + "Only .NET can be asked.",
            "bytes");
        Scenario[] kinds = [.. Scenario.Kinds.Where(kind =>
            run.Allocations.Exists(sample => sample.Scenario == kind.Key))];
        table.Columns.AddRange(kinds.Select(kind => new ResultColumn(kind.Title)));
        AllocationSample? Sample(string peer, int column) => run.Allocations.Find(
            sample => sample.Peer == peer && sample.Scenario == kinds[column].Key);
        Fill(run, table, kinds.Length, hasRatio: false, (peer, column) =>
            Sample(peer, column) is { } sample ? [(sample.BytesPerRequest, sample.Refused)] : []);
        foreach (ResultRow row in table.Rows)
        {
            for (int i = 0; i < kinds.Length; i++)
            {
                if (Sample(row.Peer.Key, i) is { Refused: null } sample)
                {
                    row.Cells[i] = row.Cells[i] with
                    {
                        Detail = string.Join('/', sample.Collections),
                    };
                }
            }
        }

        return table;
    }

    private static ResultTable Loads(
        RunRecord run,
        string figure,
        string unit,
        Func<LoadSample, double> wrk,
        Func<LoadSample, double> loadgen)
    {
        var table = new ResultTable(
            $"loads-{figure}",
            $"By wrk and by loadgen: {figure}",
            $"What the two say of the same server, one after the other; "
                + $"{Scenario.UsualConnections} connections in a closed loop, server on core 0, "
                + "the tool on core 1. wrk adds samples to its percentiles, loadgen does not.",
            unit);
        Scenario[] kinds = [.. Scenario.Kinds.Where(kind =>
            run.Loads.Exists(sample => sample.Scenario == kind.Key))];
        foreach (Scenario kind in kinds)
        {
            table.Columns.Add(new ResultColumn($"{kind.Title}, wrk"));
            table.Columns.Add(new ResultColumn($"{kind.Title}, loadgen"));
        }

        Fill(run, table, table.Columns.Count, hasRatio: false, (peer, column) => run.Loads
            .Where(sample => sample.Peer == peer && sample.Scenario == kinds[column / 2].Key)
            .Select(sample => ((column % 2 == 0 ? wrk : loadgen)(sample), sample.Refused)));
        return table;
    }

    // A peer without any sample in the table gets no row.
    private static void Fill(
        RunRecord run,
        ResultTable table,
        int columns,
        bool hasRatio,
        Func<string, int, IEnumerable<(double Figure, string? Refused)>> samples)
    {
        double?[] floors = new double?[columns];
        for (int i = 0; i < columns && hasRatio; i++)
        {
            floors[i] = Cell(samples(Floor, i), null).Value?.Median;
        }

        foreach (PeerRecord peer in run.Peers)
        {
            List<ResultCell> cells =
                [.. floors.Select((floor, i) => Cell(samples(peer.Key, i), floor))];
            if (cells.Exists(cell => cell != default))
            {
                table.Rows.Add(new ResultRow(peer, cells));
            }
        }
    }
}
