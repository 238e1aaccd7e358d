using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A request's body could not be read. If unhandled, the response has the status of the reason, and
/// the connection closes.
/// </summary>
public sealed class RequestBodyException : IOException
{
    /// <summary>Creates the exception without a reason.</summary>
    public RequestBodyException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public RequestBodyException(string? message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public RequestBodyException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RequestBodyException(Rejection reason)
        : base(RejectionTable.Get(reason).Sentence) => Reason = reason;

    /// <summary>
    /// Why: <see cref="Rejection.BodyIncomplete"/> if the client has disconnected or ended its
    /// stream, <see cref="Rejection.BodyTooSlow"/> if it was late. None if the content is not what
    /// the handler asked for: the connection stays open.
    /// </summary>
    public Rejection Reason { get; }

    /// <summary>The status of the response if it is unhandled.</summary>
    public int Status
    {
        get => Reason == Rejection.None ? field : RejectionTable.Get(Reason).Status;
        internal init;
    } = 400;
}
