namespace Reactor;

/// <summary>
/// The thread <c>reactor-watchdog</c> of the process, which reports a blocked loop while it is
/// blocked; asyncio reports it afterwards. It starts with the first watched run and ends a second
/// after the last one, so that a program of single turns does not start a thread for each.
/// </summary>
/// <remarks>Any thread. The lock guards the list and is not held during a look.</remarks>
internal static class Watchdog
{
    /// <summary>
    /// The shortest interval that a loop wants, within bounds: the thread must not spin, and must
    /// notice within a second that no loop runs.
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
                    // Descriptions are user code; an exception would end the process.
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
        TimeSpan shortest = s_lookEveryMax;
        foreach (IWatched running in s_running)
        {
            shortest = running.LookAfter < shortest ? running.LookAfter : shortest;
        }

        return shortest < s_lookEveryMin ? s_lookEveryMin : shortest;
    }
}
