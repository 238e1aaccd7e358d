namespace Reactor;

/// <summary>
/// The thread <c>reactor-watchdog</c>, which names what blocks a loop while it still does; asyncio
/// can only tell afterwards. One for the process: it begins with the first run of a loop that is
/// watched, and ends by itself soon after the last one.
/// </summary>
/// <remarks>
/// Any thread. The lock guards the list and is never held while a log is written. The thread lives
/// on for a while without loops, so that a program which runs one turn at a time does not start a
/// thread for each.
/// </remarks>
internal static class Watchdog
{
    /// <summary>
    /// The time between two looks is the shortest that one of the loops wants, within bounds: the
    /// thread must not spin, and must see within a second that no loop needs it.
    /// </summary>
    private static readonly TimeSpan s_lookEveryMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_lookEveryMax = TimeSpan.FromSeconds(1);

    private static readonly object s_lock = new();
    private static readonly List<IWatched> s_running = [];
    private static TimeSpan s_wait = s_lookEveryMax;
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

    /// <summary>A loop runs from now on.</summary>
    public static void Add(IWatched running)
    {
        lock (s_lock)
        {
            s_running.Add(running);
            if (s_isAlive)
            {
                if (running.LookAfter < s_wait)
                {
                    Monitor.Pulse(s_lock);
                }

                return;
            }

            TryStart();
        }
    }

    /// <summary>It runs no longer.</summary>
    public static void Remove(IWatched running)
    {
        lock (s_lock)
        {
            s_running.Remove(running);
        }
    }

    private static void TryStart()
    {
        var thread = new Thread(Watch) { IsBackground = true, Name = "reactor-watchdog" };
        try
        {
            thread.UnsafeStart();
            s_isAlive = true;
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            // No thread is to be had: the loop runs unwatched, and the next run tries again.
        }
    }

    private static void Watch()
    {
        while (WaitForNextLook() is { } all)
        {
            foreach (IWatched running in all)
            {
                try
                {
                    running.Look();
                }
                catch (Exception error)
                {
                    // The work describes itself, which is user code; here it would end the process.
                    WorkErrors.ReportLook(error);
                }
            }
        }
    }

    /// <summary>What to look at; null if the thread has nothing left to do.</summary>
    private static IWatched[]? WaitForNextLook()
    {
        lock (s_lock)
        {
            do
            {
                s_wait = TimeToNextLook();
            }
            while (Monitor.Wait(s_lock, s_wait)); // a pulse: the time between looks is shorter now

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
        foreach (IWatched running in s_running)
        {
            shortest = running.LookAfter < shortest ? running.LookAfter : shortest;
        }

        return shortest < s_lookEveryMin ? s_lookEveryMin : shortest;
    }
}
