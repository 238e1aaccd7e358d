namespace Reactor.Http;

/// <summary>A host and port that connections of the pool are made to, never another's.</summary>
/// <param name="Host">A name in lower case, or an address without brackets.</param>
/// <param name="Port">The port.</param>
internal readonly record struct ClientOrigin(string Host, int Port);
