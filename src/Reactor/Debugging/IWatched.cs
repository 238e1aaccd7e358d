namespace Reactor;

/// <summary>What the <see cref="Watchdog"/> looks at periodically, on its own thread.</summary>
internal interface IWatched
{
    /// <summary>The longest time until the next look. Any thread.</summary>
    TimeSpan LookAfter { get; }

    void Look();
}
