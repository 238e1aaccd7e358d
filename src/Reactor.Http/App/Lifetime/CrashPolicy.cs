namespace Reactor.Http;

/// <summary>What follows when a background task of an application throws.</summary>
/// <remarks>Immutable; any thread. A cancelled task did not crash.</remarks>
public sealed class CrashPolicy
{
    private CrashPolicy()
    {
    }

    /// <summary>
    /// The loop's exception handler gets the exception, and the task has ended. The default.
    /// </summary>
    public static CrashPolicy Report { get; } = new();

    /// <summary>
    /// The server shuts down as after SIGTERM, and <see cref="ApplicationServing.Run"/>,
    /// <see cref="ServerGroup"/> or <see cref="HttpServer.ServeUntilSignalAsync"/> throws the
    /// exception: for a task without which the service is of no use. Where none of these serves,
    /// the exception is reported.
    /// </summary>
    public static CrashPolicy ShutDown { get; } = new() { ShutsDown = true };

    /// <summary>
    /// The exception is reported, and the task begins anew after a pause, which doubles with each
    /// crash. A run that was longer than the longest pause counts as recovered.
    /// </summary>
    /// <param name="pause">The first pause. Default 1 second.</param>
    /// <param name="pauseMax">The longest pause. Default 1 minute.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A pause is not greater than zero, or the first is longer than the longest.
    /// </exception>
    public static CrashPolicy Restart(TimeSpan? pause = null, TimeSpan? pauseMax = null)
    {
        TimeSpan longest = pauseMax ?? TimeSpan.FromMinutes(1);
        TimeSpan first = pause ?? (longest < s_pause ? longest : s_pause);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero, nameof(pause));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, longest, nameof(pause));
        return new CrashPolicy { Pause = first, PauseMax = longest };
    }

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    internal bool ShutsDown { get; private init; }

    /// <summary>The first pause before a restart; null for no restart.</summary>
    internal TimeSpan? Pause { get; private init; }

    internal TimeSpan PauseMax { get; private init; }

    /// <summary>The pause after a pause, without overflow.</summary>
    internal TimeSpan After(TimeSpan pause) => pause > PauseMax / 2 ? PauseMax : pause * 2;
}
