namespace Reactor.Http;

/// <summary>How much room a body has in memory.</summary>
internal enum BodyRoom
{
    /// <summary>At least a byte of content can be taken.</summary>
    Some,

    /// <summary>Others hold the memory: reading pauses until they give some back.</summary>
    NotNow,

    /// <summary>The body needs more than the whole budget.</summary>
    Never,
}
