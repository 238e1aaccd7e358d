namespace Reactor.Tools.Loadgen;

/// <summary>
/// Reads what a server costs between two instants, from the kernel's counters of a process, a
/// cgroup or a systemd unit on this machine. A failure is a sentence in <see cref="Error"/>, never
/// an exception: the measurement goes on without the cost. One thread at a time.
/// </summary>
internal abstract class ServerCostReader : IWindowObserver
{
    /// <summary>The cost between begin and end; null before the end or after an error.</summary>
    public ServerCost? Cost { get; private set; }

    /// <summary>Why the cost is not known; null if it is.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads a process with all its threads and its children.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="root">The root of the file system; another one only in tests.</param>
    public static ServerCostReader ForProcess(int pid, string root = "/") =>
        new ProcessCostReader(pid, root);

    /// <summary>Reads a cgroup, of version 2 or the cpuacct controller of version 1.</summary>
    /// <param name="cgroup">Its path below the mount, or its whole path.</param>
    /// <param name="root">The root of the file system; another one only in tests.</param>
    public static ServerCostReader ForCgroup(string cgroup, string root = "/") =>
        new CgroupCostReader(cgroup, isUnit: false, root);

    /// <summary>Reads the cgroup of a systemd unit.</summary>
    /// <param name="unit">Its name; without a suffix that of a service.</param>
    /// <param name="root">The root of the file system; another one only in tests.</param>
    public static ServerCostReader ForUnit(string unit, string root = "/") =>
        new CgroupCostReader(unit, isUnit: true, root);

    /// <summary>
    /// Finds the counters and reads them once before a run, so that a wrong name is reported before
    /// the load, and the borders of the window read only what is known.
    /// </summary>
    /// <returns>A sentence, or null if they can be read.</returns>
    public string? Check()
    {
        Begin();
        return Error;
    }

    /// <inheritdoc/>
    public void Begin()
    {
        (Cost, Error) = (null, null);
        Try(ReadBegin);
    }

    /// <inheritdoc/>
    public void End()
    {
        if (Error is null)
        {
            Try(() => Cost = ReadEnd());
        }
    }

    /// <summary>Reads the counters at the start.</summary>
    protected abstract void ReadBegin();

    /// <summary>Reads the counters at the end and returns the differences.</summary>
    protected abstract ServerCost ReadEnd();

    /// <summary>What is wrong if a file could not be read.</summary>
    protected abstract string Explain(Exception error);

    /// <summary>The user part of a CPU time that is only known as a sum.</summary>
    /// <param name="window">User and system part of the window in a coarse unit.</param>
    /// <param name="life">
    /// Those of the whole life: the best guess if the window is shorter than the unit.
    /// </param>
    /// <returns>From 0 to 1.</returns>
    protected static double UserShare(
        (long User, long System) window, (long User, long System) life)
    {
        (long user, long system) = window.User + window.System > 0 ? window : life;
        return user + system > 0 ? (double)user / (user + system) : 1;
    }

    /// <summary>A time of nanoseconds.</summary>
    protected static TimeSpan Nanoseconds(double time) => TimeSpan.FromMicroseconds(time / 1000);

    private void Try(Action read)
    {
        try
        {
            read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or FormatException or OverflowException or ArgumentException
            or IndexOutOfRangeException or KeyNotFoundException)
        {
            Error = Explain(error);
        }
    }
}
