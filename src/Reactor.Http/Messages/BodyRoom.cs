namespace Reactor.Http;

/// <summary>Whether a body has room in memory for more of its content.</summary>
internal enum BodyRoom
{
    /// <summary>For at least a byte.</summary>
    Some,

    /// <summary>Others hold the memory: reading pauses.</summary>
    NotNow,

    /// <summary>It needs more than the whole budget.</summary>
    Never,
}
