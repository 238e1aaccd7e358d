namespace Reactor.Tools.Loadgen;

/// <summary>A part of the load: a linear change from the previous target to this one.</summary>
/// <param name="Length">Its duration.</param>
/// <param name="Target">
/// The rate at its end in requests per second, or the number of connections.
/// </param>
internal readonly record struct Stage(TimeSpan Length, double Target);

/// <summary>How the instants of an open loop follow each other.</summary>
internal enum ArrivalKind
{
    /// <summary>Equal distances.</summary>
    Uniform,

    /// <summary>Exponential distances: requests of independent users.</summary>
    Poisson,

    /// <summary>Groups of requests at the same instant.</summary>
    Burst,
}

/// <summary>What an open loop does with a request that finds no free connection.</summary>
internal enum OnFull
{
    /// <summary>It waits; its response time counts from its scheduled instant.</summary>
    Queue,

    /// <summary>A further connection is opened for it.</summary>
    Open,

    /// <summary>It is dropped, and counted as such.</summary>
    Drop,
}

/// <summary>How a loop waits for the next release.</summary>
internal enum IdleMode
{
    /// <summary>Sleeps until shortly before the release, then spins.</summary>
    Hybrid,

    /// <summary>Never sleeps: the most exact, a whole core.</summary>
    Spin,

    /// <summary>Sleeps until the release: exact to the kernel's timers.</summary>
    Sleep,
}
