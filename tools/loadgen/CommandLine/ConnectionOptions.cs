using System.CommandLine;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>How connections are made and kept, and how long they are waited for.</summary>
internal sealed class ConnectionOptions(LoadOptions load, RequestOptions request) : OptionGroup
{
    /// <summary>The bytes of a path that fit into a Unix address (sun_path) on Linux.</summary>
    private const int PathBytesMax = 107;

    private const string On = "on";
    private const string Off = "off";

    // Not of bool, of which the library reads only true and false.
    public Option<string> KeepAlive { get; } = OptionKinds.Word(
        ["--keepalive", "-k"],
        "off: a connection for each request, which has Connection: close. [default: on]",
        (On, On),
        (Off, Off));

    public Option<long> RequestsEach { get; } = OptionKinds.Number(
        ["--requests-per-conn"],
        "Requests after which a connection is replaced. [default: no limit]",
        1,
        int.MaxValue,
        null);

    public Option<string> UnixSocket { get; } = OptionKinds.One<string>(
        ["--unix-socket"],
        "PATH",
        "Unix socket to connect to, instead of the host of the URL.",
        FormattableString.Invariant($"a path of 1 to {PathBytesMax} bytes"),
        (string text, out string path) =>
            Encoding.UTF8.GetByteCount(path = text) is >= 1 and <= PathBytesMax);

    public Option<TimeSpan> ConnectTimeout { get; } = OptionKinds.Time(
        ["--connect-timeout"],
        "Maximum wait for a connection, and for the name's address. [default: that of -T]",
        TimeSpan.FromTicks(1));

    public Option<TimeSpan> Timeout { get; } = OptionKinds.Time(
        ["--timeout", "-T"], "Maximum wait for a response. [default: 2s]", TimeSpan.FromTicks(1));

    public override string Title => "Connections";

    public override IReadOnlyList<Option> Options =>
        [KeepAlive, RequestsEach, UnixSocket, ConnectTimeout, Timeout];

    /// <summary>Whether connections are kept: as typed, or as the request asks.</summary>
    public bool IsKept(ParseResult parsed) =>
        parsed.Or(KeepAlive, HasField(parsed, "close") ? Off : On) == On;

    public override string? Contradiction(ParseResult parsed)
    {
        string field = parsed.NameOf(request.Fields);
        string keepAlive = parsed.Typed(KeepAlive);
        long depth = parsed.Or(load.Pipeline, 1);
        string pipeline = parsed.Typed(load.Pipeline);
        string each = parsed.Typed(RequestsEach);
        return parsed.Has(KeepAlive) && IsKept(parsed) && HasField(parsed, "close")
                ? $"{keepAlive} and {field} 'Connection: close' exclude each other."
            : !IsKept(parsed) && HasField(parsed, "keep-alive")
                ? $"{keepAlive} and {field} 'Connection: keep-alive' exclude each other."
            : !IsKept(parsed) && depth > 1
                ? parsed.Has(KeepAlive)
                    ? $"{pipeline} and {keepAlive} exclude each other."
                    : $"{pipeline} and {field} 'Connection: close' exclude each other."
            : !IsKept(parsed) && parsed.Or(RequestsEach, 1) > 1
                ? parsed.Has(KeepAlive)
                    ? $"{each} and {keepAlive} exclude each other."
                    : $"{each} and {field} 'Connection: close' exclude each other."
            : depth > parsed.Or(RequestsEach, long.MaxValue)
                ? $"{pipeline} and {each} contradict each other: a connection must have room for "
                    + "a full pipeline."
            : null;
    }

    /// <summary>Adds the values to a plan.</summary>
    public LoadPlan Apply(ParseResult parsed, LoadPlan plan)
    {
        TimeSpan timeout = parsed.Or(Timeout, plan.Timeout);
        return plan with
        {
            KeepAlive = IsKept(parsed),
            RequestsPerConnection = (int?)parsed.OrNull(RequestsEach),
            UnixSocket = parsed.GetValue(UnixSocket),
            Timeout = timeout,
            ConnectTimeout = parsed.Or(ConnectTimeout, timeout),
        };
    }

    private bool HasField(ParseResult parsed, string option) =>
        parsed.GetValue(request.Fields)!.Any(field => field.IsConnection(option));
}
