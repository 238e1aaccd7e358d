using static System.TimeSpan;
using static Reactor.Http.OptionValue;

namespace Reactor.Http;

/// <summary>
/// When an HTTP server answers with 503 and Retry-After instead of calling a handler; see
/// <see cref="RouteOptions.ServesOverloaded"/> for exemptions. A handler that ends with <see
/// cref="ExecutorFullException"/> is answered so, too.
/// </summary>
public sealed record HttpServerOverload
{
    /// <summary>
    /// Maximum number of handlers in progress, each until its response ends. Default null, no
    /// limit, because connections are limited.
    /// </summary>
    public int? RequestsInFlightMax { get; init => field = AtLeast(1, value); }

    /// <summary>
    /// Lateness of the loop that counts as overload once it has lasted for <see cref="LagTime"/>.
    /// Default 250 ms, which users notice.
    /// </summary>
    public TimeSpan LagMax { get; init => field = Positive(value); } = FromMilliseconds(250);

    /// <summary>
    /// Time for which the loop must be late; may be zero. Default 2 seconds, longer than a garbage
    /// collection.
    /// </summary>
    public TimeSpan LagTime { get; init => field = NotNegative(value); } = FromSeconds(2);

    /// <summary>
    /// The value of Retry-After, in whole seconds, rounded up (RFC 9110 10.2.3); finite. Default 1
    /// second.
    /// </summary>
    public TimeSpan RetryAfter { get; init => field = Positive(Finite(value)); } = FromSeconds(1);
}
