namespace Reactor;

/// <summary>What the <see cref="Watchdog"/> looks at from time to time, on its thread.</summary>
internal interface IWatched
{
    /// <summary>The time until the next look, at most. Any thread.</summary>
    TimeSpan LookAfter { get; }

    /// <summary>Looks, and logs what there is to say.</summary>
    void Look();
}
