namespace Reactor.Http;

/// <summary>
/// What a server has of a request. The last two are final: no later event makes a connection usable
/// whose request was not sent whole.
/// </summary>
internal enum SendingState
{
    Sending,

    /// <summary>All of it was written.</summary>
    Sent,

    /// <summary>The server refuses the rest, or does not take it.</summary>
    Stopped,
}
