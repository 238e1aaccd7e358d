// Counters of a process, see proc(5).
//
// `stat` has user and system time of the whole process, ended threads included, but in ticks of
// 10 ms: for a run of a second that is 1 % of a core. `task/TID/schedstat` has nanoseconds on a
// core and in the run queue, but only of the threads that live. So the sum is that of schedstat,
// divided by the ratio of stat; if stat is ahead by more than its own grain, threads have ended
// and its sum counts.
//
// Children count, because a server with workers does its work in them. They are found at the first
// reading, which is the check before the run: a search through all processes would stop the load
// at the borders of the window. A child that is born later, or ended within the window, does not
// count.
using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>The cost of a process with its threads and children.</summary>
internal sealed class ProcessCostReader(int pid, string root) : ServerCostReader
{
    // USER_HZ is 100 on every architecture that .NET runs on.
    private const long TickNanoseconds = 10_000_000;

    private static readonly CultureInfo s_invariant = CultureInfo.InvariantCulture;

    private readonly string _proc = Path.Combine(root, "proc");
    private Dictionary<int, ProcessCounters> _begin = [];
    private List<int>? _family;

    /// <inheritdoc/>
    protected override void ReadBegin() => _begin = Read();

    /// <inheritdoc/>
    protected override ServerCost ReadEnd()
    {
        Dictionary<int, ProcessCounters> end = Read();
        var (user, system, life) = (0L, 0L, (User: 0L, System: 0L));
        var sum = new ThreadCounters(0, 0, 0, 0);
        foreach ((int id, ProcessCounters after) in end)
        {
            ProcessCounters? before = _begin.GetValueOrDefault(id);
            user += after.UserTicks - (before?.UserTicks ?? 0);
            system += after.SystemTicks - (before?.SystemTicks ?? 0);
            life = (life.User + after.UserTicks, life.System + after.SystemTicks);
            foreach ((int thread, ThreadCounters now) in after.Threads)
            {
                sum += now.Since(before?.Threads.GetValueOrDefault(thread) ?? default);
            }
        }

        long ticks = (user + system) * TickNanoseconds;
        bool hasSchedule = end.Values.All(one => one.HasSchedule);
        long total = hasSchedule && ticks <= sum.Run + (2 * TickNanoseconds) ? sum.Run : ticks;
        double share = UserShare((user, system), life);
        return new ServerCost
        {
            Source = end.Count == 1 ? Name : string.Create(
                s_invariant, $"{Name} and {end.Count - 1} children"),
            UserTime = Nanoseconds(total * share),
            SystemTime = Nanoseconds(total * (1 - share)),
            RunQueueWait = hasSchedule ? Nanoseconds(sum.Wait) : null,
            VoluntarySwitches = sum.Voluntary,
            InvoluntarySwitches = sum.Involuntary,
            ResidentBytesMax = end.Values.Sum(one => one.ResidentBytesMax),
        };
    }

    /// <inheritdoc/>
    protected override string Explain(Exception error) => error switch
    {
        _ when !Directory.Exists(_proc) =>
            "this system has no /proc, which the server's cost is read from.",
        _ when pid <= 0 || !Directory.Exists(PathOf(pid)) =>
            _begin.Count == 0 ? $"{Name} does not exist." : $"{Name} ended during the run.",
        UnauthorizedAccessException =>
            $"{Name} may not be read: use the server's user, or root.",
        EndOfStreamException => $"{Name} ended, its parent has not waited for it.",
        _ => $"{Name} could not be read: {error.Message}",
    };

    private string Name => string.Create(s_invariant, $"pid {pid}");

    private static long Number(string text) => long.Parse(text, s_invariant);

    private string PathOf(int id) => Path.Combine(_proc, id.ToString(s_invariant));

    private Dictionary<int, ProcessCounters> Read()
    {
        var read = new Dictionary<int, ProcessCounters>();
        if (StatOf(pid)[0] is "Z" or "X")
        {
            throw new EndOfStreamException();
        }

        foreach (int id in _family ??= Family())
        {
            try
            {
                read.Add(id, ReadProcess(id));
            }
            catch (IOException) when (id != pid)
            {
                // A child may end at any time.
            }
        }

        return read;
    }

    // Each process names its parent, so the children are found in the list of all.
    private List<int> Family()
    {
        ILookup<int, int> children = Directory.EnumerateDirectories(_proc)
            .Select(path => int.TryParse(Path.GetFileName(path), s_invariant, out int id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId)
            .ToLookup(ParentOf);
        var family = new List<int> { pid };
        for (int i = 0; i < family.Count; i++)
        {
            family.AddRange(children[family[i]].Where(id => !family.Contains(id)));
        }

        return family;
    }

    private int ParentOf(int id)
    {
        try
        {
            return (int)Number(StatOf(id)[1]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    // The fields from the third on. The second is a name in parentheses, which may have blanks and
    // parentheses itself.
    private string[] StatOf(int id)
    {
        string text = File.ReadAllText(Path.Combine(PathOf(id), "stat"));
        return text[(text.LastIndexOf(')') + 1)..].Split(
            ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private ProcessCounters ReadProcess(int id)
    {
        string[] stat = StatOf(id);
        var threads = new Dictionary<int, ThreadCounters>();
        bool hasSchedule = true;
        foreach (string path in Directory.EnumerateDirectories(Path.Combine(PathOf(id), "task")))
        {
            try
            {
                threads.Add(
                    (int)Number(Path.GetFileName(path)), ReadThread(path, ref hasSchedule));
            }
            catch (IOException)
            {
                // A thread may end at any time.
            }
        }

        string status = File.ReadAllText(Path.Combine(PathOf(id), "status"));
        return new ProcessCounters(
            Number(stat[11]),
            Number(stat[12]),
            FieldOf(status, "VmHWM") * 1024,
            threads,
            hasSchedule);
    }

    private static ThreadCounters ReadThread(string path, ref bool hasSchedule)
    {
        string status = File.ReadAllText(Path.Combine(path, "status"));
        string schedule = Path.Combine(path, "schedstat");
        string[] times = File.Exists(schedule) ? File.ReadAllText(schedule).Split(' ') : ["0", "0"];
        // The file is missing without CONFIG_SCHED_INFO.
        hasSchedule &= File.Exists(schedule);
        return new ThreadCounters(
            Number(times[0]),
            Number(times[1]),
            FieldOf(status, "voluntary_ctxt_switches"),
            FieldOf(status, "nonvoluntary_ctxt_switches"));
    }

    // The number after the name at the start of a line; 0 if there is none.
    private static long FieldOf(string status, string name)
    {
        foreach (string line in status.Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
            {
                string text = line[(name.Length + 1)..].Trim();
                int end = text.IndexOf(' ', StringComparison.Ordinal);
                return Number(end < 0 ? text : text[..end]);
            }
        }

        return 0;
    }

    private sealed record ProcessCounters(
        long UserTicks,
        long SystemTicks,
        long ResidentBytesMax,
        Dictionary<int, ThreadCounters> Threads,
        bool HasSchedule);

    private readonly record struct ThreadCounters(
        long Run, long Wait, long Voluntary, long Involuntary)
    {
        public static ThreadCounters operator +(ThreadCounters one, ThreadCounters other) => new(
            one.Run + other.Run,
            one.Wait + other.Wait,
            one.Voluntary + other.Voluntary,
            one.Involuntary + other.Involuntary);

        // A smaller number means that the kernel gave the id to a new thread.
        public ThreadCounters Since(ThreadCounters before) => Run < before.Run ? this : new(
            Run - before.Run,
            Wait - before.Wait,
            Voluntary - before.Voluntary,
            Involuntary - before.Involuntary);
    }
}
