using System.Diagnostics.Metrics;

namespace Reactor.Http;

/// <summary>
/// The metrics of all HTTP servers of this process, on the meter <c>Reactor.Http</c>. Without a
/// listener nothing is measured; a measurement allocates nothing.
/// </summary>
/// <remarks>Any thread.</remarks>
public static class HttpMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Reactor.Http";

    private static readonly Meter s_meter = new(MeterName);

    private static readonly Counter<long> s_rejections = s_meter.CreateCounter<long>(
        "reactor.http.rejections", "{rejection}",
        "Messages that were rejected, by the stable id of the reason.");

    private static readonly Counter<long> s_shed = s_meter.CreateCounter<long>(
        "reactor.http.requests.shed", "{request}",
        "Requests that were answered with 503 because of a limit: in_flight, lag or memory.");

    private static readonly Counter<long> s_requests = s_meter.CreateCounter<long>(
        "reactor.http.requests", "{request}",
        "Requests, counted at their end; status 0 if there was no response. The " +
        "outcome is complete, aborted_by_client or aborted_by_server.");

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>(
        "reactor.http.request.duration", "s",
        "From the first byte of a request until the kernel has taken its response, or on a " +
        "connection that ends, until the client has acknowledged it.");

    private static readonly UpDownCounter<long> s_connections = s_meter.CreateUpDownCounter<long>(
        "reactor.http.connections.active", "{connection}", "Connections that are open.");

    // Tags are objects: one per status, made on demand.
    private static readonly object?[] s_statuses = new object?[600];

    /// <summary>True if a listener measures requests.</summary>
    internal static bool WantsRequests => s_requests.Enabled || s_duration.Enabled;

    internal static void Rejected(string id)
    {
        if (s_rejections.Enabled)
        {
            s_rejections.Add(1, new KeyValuePair<string, object?>("id", id));
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
                _ => "in_flight",
            };
            s_shed.Add(1, new KeyValuePair<string, object?>("reason", name));
        }
    }

    internal static void Requested(int status, RequestOutcome outcome, TimeSpan duration)
    {
        var statusTag = new KeyValuePair<string, object?>(
            "http.response.status_code", s_statuses[status] ??= status);
        var outcomeTag = new KeyValuePair<string, object?>("outcome", NameOf(outcome));
        s_requests.Add(1, statusTag, outcomeTag);
        s_duration.Record(duration.TotalSeconds, statusTag, outcomeTag);
    }

    private static string NameOf(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Complete => "complete",
        RequestOutcome.AbortedByClient => "aborted_by_client",
        _ => "aborted_by_server",
    };

    internal static void Connected(int change) => s_connections.Add(change);
}
