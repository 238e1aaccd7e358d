namespace Reactor.Tools.Loadgen;

/// <summary>
/// Why a request failed. Names and numbers are part of the interface (docs/loadgen.md): the report
/// and the JSON print both, and a number never changes its meaning. Numbers are k6's where it has
/// one; 1900 and above are ours.
/// </summary>
internal enum Cause
{
    /// <summary>No failure.</summary>
    None = 0,

    /// <summary>The response was not complete within the time limit.</summary>
    Timeout = 1050,

    /// <summary>The host name is not known.</summary>
    Resolve = 1101,

    /// <summary>A write failed: the peer accepts no more bytes.</summary>
    BrokenPipe = 1201,

    /// <summary>A connection failed for another reason than those below.</summary>
    Connect = 1210,

    /// <summary>A connection was not made within its time limit.</summary>
    ConnectTimeout = 1211,

    /// <summary>No server listens.</summary>
    ConnectRefused = 1212,

    /// <summary>A read failed: the peer reset the connection.</summary>
    Reset = 1220,

    /// <summary>A complete response with a status of 400 to 499.</summary>
    Status4xx = 1400,

    /// <summary>A complete response with a status of 500 or above.</summary>
    Status5xx = 1500,

    /// <summary>The peer ended its stream before the first byte of the response.</summary>
    EofBeforeResponse = 1901,

    /// <summary>The peer ended its stream within the response.</summary>
    TruncatedResponse = 1902,

    /// <summary>The peer's bytes are not an HTTP/1.1 response.</summary>
    Parse = 1903,

    /// <summary>
    /// Pipelined behind a request that ended the connection: by <c>Connection: close</c>, a timeout
    /// or a parse error.
    /// </summary>
    Unanswered = 1904,

    /// <summary>The status is not one that was expected.</summary>
    StatusMismatch = 1905,

    /// <summary>The body is not the one that was expected.</summary>
    BodyMismatch = 1906,

    /// <summary>This process has no descriptor left for a connection.</summary>
    Descriptors = 1907,

    /// <summary>This machine has no local port left for a connection.</summary>
    Ports = 1908,
}

/// <summary>What the accounting and the reports ask of a cause.</summary>
internal static class Causes
{
    /// <summary>All causes, in the order of the reports; the index is that of a counter.</summary>
    public static readonly Cause[] All =
        [.. Enum.GetValues<Cause>().Where(cause => cause != Cause.None)];

    /// <summary>True if no connection was made, so that nothing was read or written.</summary>
    public static bool IsConnect(Cause cause) => cause is Cause.Resolve or Cause.Connect
        or Cause.ConnectTimeout or Cause.ConnectRefused or Cause.Descriptors or Cause.Ports;

    /// <summary>The row of the accounting that a cause belongs to.</summary>
    public static FailureRow RowOf(Cause cause) => cause switch
    {
        Cause.Timeout => FailureRow.Timeout,
        Cause.Status4xx or Cause.Status5xx or Cause.StatusMismatch or Cause.BodyMismatch =>
            FailureRow.Status,
        _ => FailureRow.Io,
    };

    /// <summary>The name in reports and JSON, such as <c>connect-refused</c>.</summary>
    public static string NameOf(Cause cause) => cause switch
    {
        Cause.Timeout => "timeout",
        Cause.Resolve => "resolve",
        Cause.BrokenPipe => "broken-pipe",
        Cause.Connect => "connect",
        Cause.ConnectTimeout => "connect-timeout",
        Cause.ConnectRefused => "connect-refused",
        Cause.Reset => "reset",
        Cause.Status4xx => "status-4xx",
        Cause.Status5xx => "status-5xx",
        Cause.EofBeforeResponse => "eof-before-response",
        Cause.TruncatedResponse => "truncated-response",
        Cause.Parse => "parse",
        Cause.Unanswered => "unanswered",
        Cause.StatusMismatch => "status-mismatch",
        Cause.BodyMismatch => "body-mismatch",
        Cause.Descriptors => "descriptors",
        Cause.Ports => "ports",
        _ => throw new ArgumentOutOfRangeException(nameof(cause)),
    };
}

/// <summary>The failures of the accounting, see <see cref="Tally"/>.</summary>
internal enum FailureRow
{
    /// <summary>A complete response that is not a success.</summary>
    Status,

    /// <summary>A connection or a response that failed.</summary>
    Io,

    /// <summary>No complete response within the time limit.</summary>
    Timeout,
}
