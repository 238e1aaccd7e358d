namespace Reactor.Http;

/// <summary>How a request ended.</summary>
public enum RequestOutcome
{
    /// <summary>Its answer was written whole, be it an error.</summary>
    Complete,

    /// <summary>The client cut it off: in the head, in the body, or in the answer.</summary>
    AbortedByClient,

    /// <summary>
    /// The server cut it off: a handler failed in its answer, a deadline, the shutdown.
    /// </summary>
    AbortedByServer,
}

/// <summary>
/// What became of one request; see <see cref="HttpServerOptions.AccessLog"/>.
/// </summary>
/// <param name="Method">As it was sent; empty if the head was cut off or refused.</param>
/// <param name="Path">
/// As it was sent, without the query, which often holds what no log should; empty if the head was
/// cut off or refused.
/// </param>
/// <param name="Status">The status of the answer; 0 if there was none.</param>
/// <param name="BodyBytes">Bytes of content in the answer that were written.</param>
/// <param name="Duration">
/// From the first byte of the request until the answer was written or it was cut off.
/// </param>
/// <param name="Outcome">How it ended.</param>
public readonly record struct AccessRecord(
    string Method,
    string Path,
    int Status,
    long BodyBytes,
    TimeSpan Duration,
    RequestOutcome Outcome);
