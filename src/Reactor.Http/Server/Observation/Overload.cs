namespace Reactor.Http;

/// <summary>Why a request is turned away.</summary>
internal enum Overload
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>As many handlers run as may run at once.</summary>
    InFlight,

    /// <summary>The loop has been late for long.</summary>
    Lag,

    /// <summary>There is no memory for the request's body.</summary>
    Memory,
}
