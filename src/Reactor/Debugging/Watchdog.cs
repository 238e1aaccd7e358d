namespace Reactor;

/// <summary>
/// The thread <c>reactor-watchdog</c> of the process, which reports a loop while it is blocked. It
/// ends a second after the last run, so that single turns do not start a thread each. Any thread.
/// </summary>
internal static class Watchdog
{
    /// <summary>
    /// Bounds of the interval: the thread must not spin, and must notice that no loop runs.
    /// </summary>
    private static readonly TimeSpan s_lookEveryMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_lookEveryMax = TimeSpan.FromSeconds(1);

    private static readonly object s_lock = new();
    private static readonly List<IWatched> s_running = [];
    private static TimeSpan s_wait = s_lookEveryMax;
    private static bool s_isAlive;

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

    public static void Add(IWatched running)
    {
        lock (s_lock)
        {
            s_running.Add(running);
            if (!s_isAlive)
            {
                TryStart();
            }
            else if (running.LookAfter < s_wait)
            {
                Monitor.Pulse(s_lock);
            }
        }
    }

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
            // The loop runs unwatched; the next run tries again.
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
                    // A description, user code, threw.
                    WorkErrors.ReportLook(error);
                }
            }
        }
    }

    /// <summary>The loops to look at; null ends the thread.</summary>
    private static IWatched[]? WaitForNextLook()
    {
        lock (s_lock)
        {
            do
            {
                s_wait = TimeToNextLook();
            }
            while (Monitor.Wait(s_lock, s_wait)); // a pulse means a shorter interval

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
        TimeSpan shortest = s_running.Select(one => one.LookAfter).Append(s_lookEveryMax).Min();
        return shortest < s_lookEveryMin ? s_lookEveryMin : shortest;
    }
}
