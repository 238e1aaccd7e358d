namespace Reactor;

/// <summary>
/// The thread <c>reactor-watchdog</c>, which names what blocks a debug loop while it still does;
/// asyncio can only tell afterwards. One for the process: it begins with the first run of a debug
/// loop, and ends by itself soon after the last one.
/// </summary>
/// <remarks>
/// Any thread. The lock guards the list and is never held while a log is written. The thread lives
/// on for a while without loops, so that a program which runs one turn at a time does not start a
/// thread for each.
/// </remarks>
internal static class Watchdog
{
    /// <summary>
    /// The time between two looks is the shortest that counts as slow, within bounds: it must not
    /// spin, and it must see within a second that nobody needs it.
    /// </summary>
    private static readonly TimeSpan s_lookEveryMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_lookEveryMax = TimeSpan.FromSeconds(1);

    private static readonly object s_lock = new();
    private static readonly List<RunningWork> s_running = [];
    private static bool s_isAlive;

    /// <summary>True while the thread lives. Any thread.</summary>
    public static bool IsAlive
    {
        get
        {
            lock (s_lock)
            {
                return s_isAlive;
            }
        }
    }

    /// <summary>A debug loop runs from now on.</summary>
    public static void Add(RunningWork running)
    {
        lock (s_lock)
        {
            s_running.Add(running);
            if (s_isAlive)
            {
                Monitor.Pulse(s_lock); // its time between looks may be shorter
                return;
            }

            var thread = new Thread(Watch) { IsBackground = true, Name = "reactor-watchdog" };
            thread.UnsafeStart();
            s_isAlive = true;
        }
    }

    /// <summary>It runs no longer.</summary>
    public static void Remove(RunningWork running)
    {
        lock (s_lock)
        {
            s_running.Remove(running);
        }
    }

    private static void Watch()
    {
        while (WaitForNextLook() is { } all)
        {
            foreach (RunningWork running in all)
            {
                running.Look();
            }
        }
    }

    /// <summary>What to look at; null if the thread has nothing left to do.</summary>
    private static RunningWork[]? WaitForNextLook()
    {
        lock (s_lock)
        {
            Monitor.Wait(s_lock, TimeToNextLook());
            if (s_running.Count > 0)
            {
                return [.. s_running];
            }

            s_isAlive = false;
            return null;
        }
    }

    private static TimeSpan TimeToNextLook()
    {
        TimeSpan shortest = s_lookEveryMax;
        foreach (RunningWork running in s_running)
        {
            shortest = running.SlowAfter < shortest ? running.SlowAfter : shortest;
        }

        return shortest < s_lookEveryMin ? s_lookEveryMin : shortest;
    }
}
