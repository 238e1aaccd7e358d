namespace Reactor.Tools.Loadgen;

/// <summary>The outcome of a sent request. Each has exactly one.</summary>
internal enum RequestEnd
{
    /// <summary>The complete response arrived, with any status.</summary>
    Completed,

    /// <summary>The response was not complete within the time limit.</summary>
    Timeout,

    /// <summary>A read failed: the connection was reset.</summary>
    Read,

    /// <summary>A write failed: the peer accepts no more bytes.</summary>
    Write,

    /// <summary>The peer ended its stream within the response.</summary>
    Eof,

    /// <summary>The peer's bytes are not an HTTP response.</summary>
    Parse,

    /// <summary>
    /// Pipelined behind a request that ended the connection: by <c>Connection: close</c>, a timeout
    /// or a parse error.
    /// </summary>
    Unanswered,

    /// <summary>The run ended before any other outcome.</summary>
    InFlight,
}

/// <summary>
/// The accounting of one phase. Every sent request is in exactly one row, so the rows sum to
/// <see cref="Sent"/> after the run. Loop thread only.
/// </summary>
internal sealed class Tally
{
    private readonly long[] _ends = new long[(int)RequestEnd.InFlight + 1];

    /// <summary>Requests sent.</summary>
    public long Sent { get; set; }

    /// <summary>Completed responses with a status other than 2xx and 3xx.</summary>
    public long NotSuccessful { get; set; }

    /// <summary>
    /// Failed connects. They sent nothing, so they are not part of the sum.
    /// </summary>
    public long ConnectErrors { get; set; }

    /// <summary>
    /// Connections closed because of an unexpected response; not part of the sum.
    /// </summary>
    public long Unasked { get; set; }

    /// <summary>Bytes of responses (heads and bodies), including incomplete ones.</summary>
    public long Bytes { get; set; }

    /// <summary>Number of requests with an outcome.</summary>
    public long this[RequestEnd end] => _ends[(int)end];

    /// <summary>Requests without an outcome; 0 after a run.</summary>
    public long Open => Sent - _ends.Sum();

    /// <summary>Requests that ended by an error.</summary>
    public long Errors =>
        _ends.Sum() - this[RequestEnd.Completed] - this[RequestEnd.InFlight];

    /// <summary>Counts outcomes.</summary>
    public void End(RequestEnd end, long count = 1) => _ends[(int)end] += count;
}
