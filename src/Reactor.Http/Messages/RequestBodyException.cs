using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A request's body could not be read. A handler may catch it; unhandled, the server answers with
/// the status of the reason and closes the connection.
/// </summary>
public sealed class RequestBodyException : IOException
{
    /// <summary>Makes one without a reason.</summary>
    public RequestBodyException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public RequestBodyException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    public RequestBodyException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RequestBodyException(Rejection reason)
        : base(RejectionTable.Get(reason).Sentence) => Reason = reason;

    /// <summary>
    /// Why it cannot be read: <see cref="Rejection.BodyIncomplete"/> where the client has gone or
    /// ended its stream, <see cref="Rejection.BodyTooSlow"/> where it was late. None if it was read
    /// and is not what the handler asked for, which is <see cref="Status"/> and leaves the
    /// connection as it is.
    /// </summary>
    public Rejection Reason { get; }

    /// <summary>The status with which the server answers if no handler catches it.</summary>
    public int Status
    {
        get => Reason == Rejection.None ? field : RejectionTable.Get(Reason).Status;
        internal init;
    } = 400;
}
