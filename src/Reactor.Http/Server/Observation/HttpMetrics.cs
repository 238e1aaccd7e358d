// Names. OpenTelemetry's conventions for HTTP servers have the first four (semantic conventions
// 1.2x, "HTTP metrics"): their names, units, attributes and bucket boundaries are used as they are,
// so that every dashboard for a web server knows them. What has no name there is specific to this
// server, and the conventions reserve `http.` for themselves. So it has the server's own namespace,
// as Kestrel's metrics have `kestrel.`: `reactor.http.server.`, then words in the style of the
// conventions (`active_connections` as `active_requests`). Reasons of a fixed set are `error.type`,
// which the conventions have for just that.
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The metrics of all HTTP servers of this process, on the meter <c>Reactor.Http</c>, with the
/// names of OpenTelemetry. Without a listener nothing is measured; a measurement allocates nothing.
/// </summary>
/// <remarks>
/// Any thread. The attributes of a request are <c>http.request.method</c>, <c>http.route</c>,
/// <c>url.scheme</c>, <c>http.response.status_code</c>, <c>network.protocol.version</c> and, if it
/// failed, <c>error.type</c>: the type of the handler's exception, else the status, else
/// <c>aborted_by_client</c> or <c>aborted_by_server</c>. No client can add a value to any of them.
/// </remarks>
public static class HttpMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Reactor.Http";

    private static readonly Meter s_meter = new(MeterName);

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "http.server.request.duration", "s",
        "From the first byte of a request until the kernel has taken its response, or on a " +
        "connection that ends, until the client has acknowledged it.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
        });

    private static readonly UpDownCounter<long> s_active = s_meter.CreateUpDownCounter<long>(
        "http.server.active_requests", "{request}",
        "Requests whose heads are read and whose responses are not written.");

    private static readonly Histogram<long> s_requestBytes = s_meter.CreateHistogram<long>(
        "http.server.request.body.size", "By", "Bytes of the content of requests, as read.");

    private static readonly Histogram<long> s_responseBytes = s_meter.CreateHistogram<long>(
        "http.server.response.body.size", "By", "Bytes of the content of responses, as written.");

    private static readonly Histogram<double> s_loopTime = s_meter.CreateHistogram(
        "reactor.http.server.request.loop_time", "s",
        "The time for which a request held the loop thread.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                    0.025, 0.05, 0.1, 0.25, 0.5, 1],
        });

    private static readonly UpDownCounter<long> s_connections = s_meter.CreateUpDownCounter<long>(
        "reactor.http.server.active_connections", "{connection}", "Connections that are open.");

    private static readonly Counter<long> s_rejections = s_meter.CreateCounter<long>(
        "reactor.http.server.rejected_requests", "{request}",
        "Messages that were rejected; error.type is the stable id of the reason.");

    private static readonly Counter<long> s_shed = s_meter.CreateCounter<long>(
        "reactor.http.server.shed_requests", "{request}",
        "Requests that were answered with 503 because of a limit; error.type is in_flight, " +
        "route, lag, memory or executor.");

    // Tags are objects: one per status, made on demand.
    private static readonly object?[] s_statuses = new object?[600];
    private static readonly string?[] s_statusErrors = new string?[600];

    /// <summary>True if a listener measures requests.</summary>
    internal static bool WantsRequests =>
        s_duration.Enabled || s_active.Enabled || s_loopTime.Enabled || s_requestBytes.Enabled
        || s_responseBytes.Enabled;

    /// <summary>True if a listener measures the loop time of requests.</summary>
    internal static bool WantsLoopTime => s_loopTime.Enabled;

    internal static void Rejected(string id)
    {
        if (s_rejections.Enabled)
        {
            s_rejections.Add(1, new KeyValuePair<string, object?>(HttpTags.Error, id));
        }
    }

    internal static void Shed(Overload reason)
    {
        if (s_shed.Enabled)
        {
            string name = reason switch
            {
                Overload.Lag => "lag",
                Overload.Memory => "memory",
                Overload.Route => "route",
                Overload.Executor => "executor",
                _ => "in_flight",
            };
            s_shed.Add(1, new KeyValuePair<string, object?>(HttpTags.Error, name));
        }
    }

    /// <summary>A request begins or ends to be served; true if that was counted.</summary>
    internal static bool Active(KnownMethod method, int change)
    {
        if (s_active.Enabled)
        {
            s_active.Add(
                change, new(HttpTags.Method, HttpMethodName.Of(method)),
                new KeyValuePair<string, object?>(HttpTags.Scheme, HttpTags.Http));
            return true;
        }

        return false;
    }

    internal static void Requested(
        PendingRecord record, RequestOutcome outcome, TimeSpan duration, in RequestTimes times)
    {
        TagList tags = default;
        tags.Add(HttpTags.Method, HttpMethodName.Of(record.Known));
        tags.Add(HttpTags.Scheme, HttpTags.Http);
        if (record.Route is { } route)
        {
            tags.Add(HttpTags.Route, route);
        }

        if (s_loopTime.Enabled && record.Cost is not null)
        {
            s_loopTime.Record(times.Loop.TotalSeconds, in tags);
        }

        if (record.Status != 0)
        {
            tags.Add(HttpTags.Status, BoxOf(record.Status));
        }

        if (record.VersionMinor >= 0)
        {
            tags.Add(HttpTags.Version, HttpTags.VersionOf(record.VersionMinor));
        }

        if (ErrorOf(record.Error, record.Status, outcome) is { } error)
        {
            tags.Add(HttpTags.Error, error);
        }

        s_duration.Record(duration.TotalSeconds, in tags);
        s_requestBytes.Record(record.ContentIn, in tags);
        s_responseBytes.Record(record.BodyBytes, in tags);
    }

    internal static void Connected(int change) => s_connections.Add(change);

    internal static object BoxOf(int status) => s_statuses[status] ??= status;

    /// <summary>What failed, of a fixed set of words; null for a success and for 4xx.</summary>
    internal static string? ErrorOf(Type? error, int status, RequestOutcome outcome) =>
        status < 500 && outcome == RequestOutcome.Complete ? null
        : error?.FullName is { } type ? type
        : outcome == RequestOutcome.AbortedByClient ? "aborted_by_client"
        : outcome == RequestOutcome.AbortedByServer ? "aborted_by_server"
        : s_statusErrors[status] ??= $"{status}";
}
