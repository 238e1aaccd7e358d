namespace Reactor.Http;

/// <summary>
/// Whether the client of a connection is still there, and if not, which side has ended it. It
/// follows from what the connection has seen, so it is the same for each request of the connection
/// and for each use: the token of a request, the cancellation of its handler, its record and the
/// log.
/// </summary>
internal enum ClientFate
{
    /// <summary>It can be sent more, as far as is known.</summary>
    Present,

    /// <summary>
    /// It has reset the connection or is out of reach; or it has ended its stream, and
    /// <see cref="HttpServerOptions.HalfCloseIsDisconnect"/> takes that for the same.
    /// </summary>
    Left,

    /// <summary>This server has ended the connection, or the system has failed it.</summary>
    CutOff,
}
