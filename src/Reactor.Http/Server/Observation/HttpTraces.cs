using System.Diagnostics;
using System.Net;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The traces of all HTTP servers of this process: a span for each request whose head is valid, by
/// the source <c>Reactor.Http</c>, with the names of OpenTelemetry's conventions for HTTP servers.
/// Without a listener nothing is made.
/// </summary>
/// <remarks>
/// <para>
/// The span is <see cref="Activity.Current"/> in the handler and in what it calls and creates. It
/// continues the trace of a valid <c>traceparent</c> (W3C Trace Context); otherwise it begins one.
/// Its name is the method and the route's pattern. It ends with the response, with the status
/// <see cref="ActivityStatusCode.Error"/> for 5xx and a response that was cut off.
/// </para>
/// <para>
/// The query is not among the attributes, because it may hold secrets. The runtime makes the ids
/// from random numbers of its own: the recording of a program that sends them cannot be replayed.
/// </para>
/// </remarks>
public static class HttpTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Reactor.Http";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>True if any listener is interested.</summary>
    internal static bool IsOn => s_source.HasListeners();

    /// <summary>Starts a request's span as the current one; null if it is not sampled.</summary>
    internal static Activity? Begin(RequestHead head, string? route, Connection connection)
    {
        string method = HttpMethodName.Of(head.Method);
        string path = Encoding.Latin1.GetString(head.Path);
        var tags = new ActivityTagsCollection
        {
            [HttpTags.Method] = method,
            [HttpTags.Scheme] = HttpTags.Http,
            [HttpTags.Path] = path,
            [HttpTags.Version] = HttpTags.VersionOf(head.VersionMinor),
        };
        if (head.Method == KnownMethod.Other)
        {
            tags[HttpTags.MethodOriginal] = Encoding.Latin1.GetString(head.MethodBytes);
        }

        if (route is not null)
        {
            tags[HttpTags.Route] = route;
        }

        AddServer(tags, head);
        if (connection.RemoteEndPoint is IPEndPoint peer)
        {
            tags[HttpTags.PeerAddress] = tags[HttpTags.ClientAddress] = $"{peer.Address}";
            tags[HttpTags.PeerPort] = peer.Port;
        }

        if (head.TryGet(KnownHeader.UserAgent, out ReadOnlySpan<byte> agent))
        {
            tags[HttpTags.UserAgent] = Encoding.Latin1.GetString(agent);
        }

        // The conventions name a request of an unknown method HTTP.
        string name = head.Method == KnownMethod.Other ? "HTTP" : method;
        Activity.Current = null; // a span around the server is not the parent of its requests
        return s_source.StartActivity(
            route is null ? name : $"{name} {route}", ActivityKind.Server,
            TraceContext.Read(head), tags);
    }

    /// <summary>Ends a span.</summary>
    /// <param name="span">The span.</param>
    /// <param name="status">The status of the response; 0 if there was none.</param>
    /// <param name="failure">The <c>error.type</c>; null for a success and for 4xx.</param>
    /// <param name="error">The handler's exception, if that is the failure.</param>
    internal static void End(Activity span, int status, string? failure, Exception? error)
    {
        if (span.IsAllDataRequested)
        {
            if (status != 0)
            {
                span.SetTag(HttpTags.Status, HttpMetrics.BoxOf(status));
            }

            if (failure is not null)
            {
                span.SetTag(HttpTags.Error, failure);
                span.SetStatus(ActivityStatusCode.Error);
                if (error is not null)
                {
                    span.AddException(error);
                }
            }
        }

        span.Dispose();
    }

    private static void AddServer(ActivityTagsCollection tags, RequestHead head)
    {
        ReadOnlySpan<byte> authority = head.Authority;
        if (authority.IsEmpty && !head.TryGet(KnownHeader.Host, out authority))
        {
            return;
        }

        string text = Encoding.Latin1.GetString(authority);
        int colon = text.LastIndexOf(':');
        bool hasPort = colon >= 0 && !text.EndsWith(']');
        tags[HttpTags.ServerAddress] = (hasPort ? text[..colon] : text).Trim('[', ']');
        if (hasPort && int.TryParse(text.AsSpan(colon + 1), out int port))
        {
            tags[HttpTags.ServerPort] = port;
        }
    }
}
