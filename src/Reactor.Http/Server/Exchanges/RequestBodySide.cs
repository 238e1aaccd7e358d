using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>The bodies of requests: a refused one is answered, see the exception.</summary>
internal sealed class RequestBodySide : BodySide
{
    /// <summary>It has no state.</summary>
    public static RequestBodySide Instance { get; } = new();

    public override Exception Refused(Rejection reason) => new RequestBodyException(reason);
}
