namespace Reactor.Tools.Loadgen;

/// <summary>How a request that was sent came to its end. Each comes to exactly one.</summary>
internal enum RequestEnd
{
    /// <summary>Its response arrived whole, whatever its status.</summary>
    Completed,

    /// <summary>Its response was not whole within the limit.</summary>
    Timeout,

    /// <summary>Reading failed: the connection was reset.</summary>
    Read,

    /// <summary>Writing failed: the peer takes nothing more.</summary>
    Write,

    /// <summary>The peer ended its stream before the response was whole.</summary>
    Eof,

    /// <summary>What the peer sent is no HTTP response.</summary>
    Parse,

    /// <summary>
    /// It stood in the pipeline behind one that ended the connection: by <c>Connection: close</c>,
    /// a timeout or a parse error. Nobody promised to answer it.
    /// </summary>
    Unanswered,

    /// <summary>The run was over before anything else happened.</summary>
    InFlight,
}

/// <summary>
/// The books of one phase. Every request that was sent is in exactly one row, so the rows add up to
/// <see cref="Sent"/> once the run is over. Loop thread only.
/// </summary>
internal sealed class Tally
{
    private readonly long[] _ends = new long[(int)RequestEnd.InFlight + 1];

    /// <summary>Requests that were sent.</summary>
    public long Sent { get; set; }

    /// <summary>Responses among the completed whose status is neither 2xx nor 3xx.</summary>
    public long NotSuccessful { get; set; }

    /// <summary>
    /// Connections that could not be made. They sent nothing, so they stand beside the sum.
    /// </summary>
    public long ConnectErrors { get; set; }

    /// <summary>
    /// Connections ended because the peer sent what nobody had asked for; beside the sum.
    /// </summary>
    public long Unasked { get; set; }

    /// <summary>Bytes of responses, heads and bodies, also of those that broke off.</summary>
    public long Bytes { get; set; }

    /// <summary>How many requests came to an end.</summary>
    public long this[RequestEnd end] => _ends[(int)end];

    /// <summary>Requests of which nothing is known yet; 0 after a run.</summary>
    public long Open => Sent - _ends.Sum();

    /// <summary>Requests that ended by an error.</summary>
    public long Errors =>
        _ends.Sum() - this[RequestEnd.Completed] - this[RequestEnd.InFlight];

    /// <summary>Writes the end of requests into the books.</summary>
    public void End(RequestEnd end, long count = 1) => _ends[(int)end] += count;
}
