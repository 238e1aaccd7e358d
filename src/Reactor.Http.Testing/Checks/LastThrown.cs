namespace Reactor.Http.Testing;

/// <summary>
/// The last exception that a thread has thrown since the kit last returned to the test. It may be
/// on its way through the <c>using</c> whose end finds a leak.
/// </summary>
/// <remarks>
/// Any thread. The runtime does not tell a finally block whether an exception is on its way, so one
/// that the test has caught is taken too: it is shown, and decides nothing.
/// </remarks>
internal static class LastThrown
{
    [ThreadStatic] private static Exception? t_last;

    /// <summary>Begins to note what is thrown; once for the process.</summary>
    static LastThrown() =>
        AppDomain.CurrentDomain.FirstChanceException += static (_, thrown) =>
            t_last = thrown.Exception;

    /// <summary>Forgets what this thread has thrown so far.</summary>
    public static void Forget() => t_last = null;

    /// <summary>Returns the exception, or null, and forgets it.</summary>
    public static Exception? Take()
    {
        Exception? last = t_last;
        t_last = null;
        return last;
    }
}
