// One run of everything, in turns: for each scenario all peers after each other, round after round.
// The results are written at the end; a run that is interrupted leaves nothing, and no server
// either.
using Reactor.Bench.Servers.Report;

namespace Reactor.Bench.Servers;

internal sealed class CompareRun(string root, CompareOptions options, CancellationToken stop)
{
    private const double LoadMax = 0.5;

    private readonly LoadTool _wrk = LoadTool.Wrk(Path.Combine(root, "bench", "peers"));
    private readonly LoadTool _loadgen = LoadTool.Loadgen(
        Path.Combine(root, "artifacts", "bin", "loadgen", "release", "loadgen"));

    private readonly RunRecord _run =
        new(DateTimeOffset.Now, options.CommandLine, Machine.Describe());

    private List<Peer> _peers = [];

    public async Task<RunRecord> RunAsync()
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("reactor-bench-");
        try
        {
            _peers = await new PeerCatalog(new PeerBuilds(root, _run.Notes), scratch.FullName)
                .FindAsync(options.Only, options.Before, stop);
            _run.Peers.AddRange(_peers.Select(peer => peer.About));
            _run.Notes.ForEach(Progress.Say);
            if (_run.Machine.LoadAverage > LoadMax)
            {
                Progress.Say("Something else runs on this machine: the figures will be coarse.");
            }

            await MeasureIf("starts", MeasureStarts);
            await MeasureIf("allocations", MeasureAllocations);
            await MeasureIf("idle", MeasureIdle);
            await MeasureIf("loads", MeasureLoads);
            foreach (bool pinned in options.Pinnings)
            {
                await MeasureIf("costs", () => MeasureCosts(pinned));
            }

            return _run;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>Writes the table, the page and the raw figures; returns the table.</summary>
    public string Write()
    {
        string folder = options.Folder ?? Path.Combine(root, "bench", "results");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Machine.FileName(_run.Begun, _run.Machine));
        string markdown = MarkdownReport.Write(_run);
        File.WriteAllText($"{path}.md", markdown);
        File.WriteAllText($"{path}.html", HtmlReport.Write(_run));
        File.WriteAllText($"{path}.json", RunJson.Write(_run));
        Progress.Say($"written: {path}.md, .html and .json");
        return markdown;
    }

    private List<Peer> Measured => _peers.FindAll(peer => !peer.IsForStartOnly);

    private async Task MeasureIf(string figures, Func<Task> measure)
    {
        if (options.Figures.Contains(figures))
        {
            await measure();
        }
    }

    private async Task MeasureCosts(bool pinned)
    {
        Scenario[] scenarios = PossibleScenarios();
        string where = pinned ? "pinned" : "unpinned";
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (Scenario scenario in scenarios)
            {
                foreach (Peer peer in Turns.Rotate(Measured, round))
                {
                    Progress.Say($"{where}, round {round} of {options.Rounds}, "
                        + $"{scenario.Description}: {peer.Name}");
                    CostSample sample = await CostMeasurement.MeasureAsync(
                        options, _wrk, peer, (scenario, pinned, round), stop);
                    Add(_run.Costs, sample, sample.Refused);
                }
            }
        }
    }

    // What two load generators say of the same server, which is started for each of them.
    private async Task MeasureLoads()
    {
        foreach (Scenario scenario in Scenario.Kinds.Where(_loadgen.Makes))
        {
            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (Peer peer in Turns.Rotate(Measured, round))
                {
                    Progress.Say($"wrk and loadgen, round {round} of {options.Rounds}, "
                        + $"{scenario.Description}: {peer.Name}");
                    CostSample wrk = await CostMeasurement.MeasureAsync(
                        options, _wrk, peer, (scenario, true, round), stop);
                    CostSample ours = await CostMeasurement.MeasureAsync(
                        options, _loadgen, peer, (scenario, true, round), stop);
                    string? refused = wrk.Refused ?? ours.Refused;
                    Add(
                        _run.Loads,
                        new LoadSample(peer.Key, scenario.Key, round)
                        {
                            WrkPerSecond = wrk.RequestsPerSecond,
                            LoadgenPerSecond = ours.RequestsPerSecond,
                            WrkP99Us = wrk.P99Us,
                            LoadgenP99Us = ours.P99Us,
                            Refused = refused,
                        },
                        refused);
                }
            }
        }
    }

    private async Task MeasureAllocations()
    {
        foreach (Peer peer in Measured.Where(peer => peer.IsDotNet))
        {
            foreach (Scenario scenario in Scenario.Kinds)
            {
                Progress.Say($"allocations, {scenario.Title}: {peer.Name}");
                AllocationSample sample = await AllocationMeasurement.MeasureAsync(
                    options, _wrk, peer, scenario, stop);
                Add(_run.Allocations, sample, sample.Refused);
            }
        }
    }

    private async Task MeasureIdle()
    {
        int connections =
            IdleMeasurement.Possible(options.IdleConnections, Machine.DescriptorsMax());
        if (connections < options.IdleConnections)
        {
            _run.Notes.Add($"Memory was measured with {connections} connections only: raise "
                + "the limit of descriptors (ulimit -n) for more.");
        }

        for (int round = 1; round <= options.Rounds && connections > 0; round++)
        {
            foreach (Peer peer in Turns.Rotate(Measured, round))
            {
                Progress.Say($"{connections} idle connections, round {round} of "
                    + $"{options.Rounds}: {peer.Name}");
                IdleSample sample =
                    await IdleMeasurement.MeasureAsync(peer, connections, round, stop);
                Add(_run.Idle, sample, sample.Refused);
            }
        }
    }

    private async Task MeasureStarts()
    {
        for (int round = 0; round <= options.Starts; round++)
        {
            Progress.Say($"starts, {round} of {options.Starts}");
            foreach (Peer peer in Turns.Rotate(_peers, round + 1))
            {
                StartSample sample = await StartMeasurement.MeasureAsync(peer, round, stop);
                if (round > 0) // the first brought the files into memory
                {
                    Add(_run.Starts, sample, sample.Refused);
                }
            }
        }
    }

    private Scenario[] PossibleScenarios()
    {
        const int Others = 100;
        int most = Machine.DescriptorsMax() - Others;
        foreach (int count in options.Connections.Where(count => count > most))
        {
            string note = $"{count} connections are left out: raise the limit of descriptors "
                + "(ulimit -n).";
            if (!_run.Notes.Contains(note))
            {
                _run.Notes.Add(note);
            }
        }

        return Scenario.All(options.Connections.Where(count => count <= most));
    }

    private static void Add<T>(List<T> samples, T sample, string? refused)
    {
        samples.Add(sample);
        if (refused is not null)
        {
            Progress.Say($"  refused: {refused}");
        }
    }
}
