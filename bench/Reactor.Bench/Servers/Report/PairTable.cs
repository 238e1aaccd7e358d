namespace Reactor.Bench.Servers.Report;

/// <summary>
/// Servers beside their counterparts: an earlier revision, or the same without the thing that is
/// measured. The ratio is taken within each round, where both had the same machine.
/// </summary>
internal static class PairTable
{
    /// <summary>Null if no server has a counterpart with figures.</summary>
    public static ResultTable? From(RunRecord run, CostSample[] costs, bool pinned)
    {
        var table = new ResultTable(
            pinned ? "pairs" : "pairs-unpinned",
            pinned ? "Beside counterparts" : "Beside counterparts, unpinned",
            "CPU time of a request as a multiple of the counterpart's in the same round; "
                + $"{Scenario.UsualConnections} connections.",
            "×");
        Scenario[] kinds = [.. Scenario.Kinds.Where(kind =>
            costs.Any(sample => sample.Scenario == kind.Key))];
        table.Columns.AddRange(kinds.Select(kind => new ResultColumn(kind.Title)));
        foreach (PeerRecord peer in run.Peers)
        {
            if (run.Peers.Find(other => other.Key == peer.Base) is not { } counterpart)
            {
                continue;
            }

            List<ResultCell> cells =
            [
                .. kinds.Select(kind => ResultTables.Cell(
                    Ratios(costs, kind, peer.Key, counterpart.Key), floor: null)),
            ];
            if (cells.Exists(cell => cell != default))
            {
                string name = $"{peer.Name} : {counterpart.Name}";
                table.Rows.Add(new ResultRow(peer with { Name = name }, cells));
            }
        }

        return table.Rows.Count > 0 ? table : null;
    }

    private static IEnumerable<(double Figure, string? Refused)> Ratios(
        CostSample[] costs, Scenario kind, string peer, string counterpart)
    {
        return Of(peer).Join(
            Of(counterpart), ours => ours.Round, other => other.Round, Ratio);

        IEnumerable<CostSample> Of(string key) => costs.Where(sample =>
            sample.Peer == key && sample.Scenario == kind.Key
            && sample.Connections == kind.Connections);

        static (double Figure, string? Refused) Ratio(CostSample ours, CostSample other) => (
            ours.CpuUsPerRequest / other.CpuUsPerRequest, ours.Refused ?? other.Refused);
    }
}
