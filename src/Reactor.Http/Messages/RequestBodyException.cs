using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A request's body could not be read. If unhandled, the response has the status of the reason, and
/// the connection closes; without a reason it has 400 or 415, and the connection stays open.
/// </summary>
public sealed class RequestBodyException : HttpException
{
    /// <summary>Creates the exception without a reason.</summary>
    public RequestBodyException() : base(400)
    {
    }

    /// <summary>Creates the exception with a message, which the client sees.</summary>
    public RequestBodyException(string? message) : base(400, message)
    {
    }

    /// <summary>Creates the exception with a message, which the client sees, and a cause.</summary>
    public RequestBodyException(string? message, Exception? innerException)
        : base(400, message, innerException)
    {
    }

    internal RequestBodyException(int status, string message, Exception? error)
        : base(status, message, error)
    {
    }

    internal RequestBodyException(Rejection reason)
        : base(RejectionTable.Get(reason).Status, RejectionTable.Get(reason).Sentence) =>
        Reason = reason;

    /// <summary>
    /// Why: <see cref="Rejection.BodyIncomplete"/> if the client has disconnected or ended its
    /// stream, <see cref="Rejection.BodyTooSlow"/> if it was late. None if the content is not what
    /// the handler asked for.
    /// </summary>
    public Rejection Reason { get; }
}
