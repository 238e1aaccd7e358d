// Counters of a cgroup, see cgroups(7) and the kernel's cgroup-v2.rst: microseconds, of all its
// processes, ended ones included. Version 2 has them in cpu.stat of every group. Version 1 has
// nanoseconds in the files of the cpuacct controller.
//
// The group of a systemd unit is the directory with the unit's name. Asking systemctl would need a
// process and the bus, and says the same.
using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>The cost of a cgroup, given by its path or by a systemd unit.</summary>
internal sealed class CgroupCostReader(string name, bool isUnit, string root) : ServerCostReader
{
    // Directories searched for a unit; a machine with more has other problems.
    private const int DirectoriesMax = 20_000;

    private const string Mount = "sys/fs/cgroup";

    private static readonly string[] s_hierarchies = ["", "unified", "cpu,cpuacct", "cpuacct"];

    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    private string _folder = "";
    private Counters _begin;

    private string Unit => name.Contains('.', StringComparison.Ordinal) ? name : name + ".service";

    private string Source => isUnit ? $"unit {Unit}" : $"cgroup {name}";

    /// <inheritdoc/>
    protected override void ReadBegin()
    {
        // Found once, by the check before the run: the search may be long.
        if (_folder.Length == 0)
        {
            _folder = (isUnit ? FindUnit() : FindGroup()) ?? throw new FileNotFoundException();
        }

        _begin = Read();
    }

    /// <inheritdoc/>
    protected override ServerCost ReadEnd()
    {
        Counters end = Read();
        double share = UserShare(
            (end.User - _begin.User, end.System - _begin.System), (end.User, end.System));
        long total = end.Total - _begin.Total;
        return new ServerCost
        {
            Source = Source,
            UserTime = Nanoseconds(total * share),
            SystemTime = Nanoseconds(total * (1 - share)),
        };
    }

    /// <inheritdoc/>
    protected override string Explain(Exception error) => error switch
    {
        _ when isUnit && !IsSystemdRunning =>
            "systemd does not run on this system; use --server-pid or --server-cgroup.",
        FileNotFoundException or DirectoryNotFoundException when _folder.Length > 0 =>
            $"the {Source} ended during the run.",
        FileNotFoundException or DirectoryNotFoundException when isUnit =>
            $"the {Source} has no cgroup with CPU counters: it does not run, or its name is wrong.",
        FileNotFoundException or DirectoryNotFoundException =>
            $"the {Source} does not exist below /{Mount}, or has no CPU counters.",
        UnauthorizedAccessException => $"the {Source} may not be read by this user.",
        _ => $"the {Source} could not be read: {error.Message}",
    };

    // As sd_booted(3) tests it.
    private bool IsSystemdRunning => Directory.Exists(Path.Combine(root, "run/systemd/system"));

    private static bool HasCounters(string folder) =>
        File.Exists(Path.Combine(folder, "cpuacct.usage")) || ReadsVersion2(folder);

    // The cpu controller of version 1 has a cpu.stat without times.
    private static bool ReadsVersion2(string folder)
    {
        string path = Path.Combine(folder, "cpu.stat");
        return File.Exists(path)
            && File.ReadAllText(path).Contains("usage_usec", StringComparison.Ordinal);
    }

    private static long Number(string text) => long.Parse(text.Trim(), s_invariant);

    private string? FindGroup()
    {
        string below = name.StartsWith("/" + Mount, StringComparison.Ordinal)
            ? name[(Mount.Length + 1)..] : name;
        return Hierarchies()
            .Select(mount => Path.Combine(mount, below.Trim('/')))
            .FirstOrDefault(HasCounters);
    }

    private IEnumerable<string> Hierarchies() =>
        s_hierarchies.Select(one => Path.Combine(root, Mount, one)).Where(Directory.Exists);

    // Breadth first: the unit of the system before one of the same name in a user's session.
    private string? FindUnit()
    {
        if (!IsSystemdRunning)
        {
            throw new FileNotFoundException();
        }

        var folders = new Queue<string>(Hierarchies());
        for (int i = 0; i < DirectoriesMax && folders.TryDequeue(out string? folder); i++)
        {
            if (Path.GetFileName(folder) == Unit && HasCounters(folder))
            {
                return folder;
            }

            foreach (string child in Directory.EnumerateDirectories(folder))
            {
                folders.Enqueue(child);
            }
        }

        return null;
    }

    // The sum in nanoseconds, and its parts in microseconds or ticks.
    private Counters Read()
    {
        if (ReadsVersion2(_folder))
        {
            Dictionary<string, long> stat = Fields("cpu.stat");
            return new Counters(
                stat["usage_usec"] * 1000, stat["user_usec"], stat["system_usec"]);
        }

        // The parts are in ticks of 10 ms, so only their ratio counts.
        long total = Number(File.ReadAllText(Path.Combine(_folder, "cpuacct.usage")));
        Dictionary<string, long> ticks = Fields("cpuacct.stat");
        return new Counters(total, ticks["user"], ticks["system"]);
    }

    private Dictionary<string, long> Fields(string file) =>
        File.ReadAllLines(Path.Combine(_folder, file))
            .Select(line => line.Split(' '))
            .Where(words => words.Length == 2)
            .ToDictionary(words => words[0], words => Number(words[1]));

    private readonly record struct Counters(long Total, long User, long System);
}
