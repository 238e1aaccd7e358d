using System.Globalization;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// One request of a call as the servers may see it: the first one, or one that a redirect has made.
/// Its retries are the same step.
/// </summary>
internal sealed class ModelStep(ModelCall call, int redirect, string method, string origin)
{
    /// <summary>The number of the redirect that made it; 0: the first request.</summary>
    public int Redirect { get; } = redirect;

    public ModelCall Call { get; } = call;

    public string Method { get; } = method;

    public string Origin { get; } = origin;

    public int Depth { get; init; }

    public ContentPlan? Content { get; init; }

    public bool ExpectsContinue { get; init; }

    /// <summary>True if no redirect has left the first origin, whose credentials it has.</summary>
    public bool HasCredentials { get; init; } = true;

    public string Token => string.Create(
        CultureInfo.InvariantCulture, $"c{Call.Plan.Number}-{Redirect}");

    public string Url => $"http://{Origin}/{Token}";

    /// <summary>How often its head was read on a new connection, and on a kept one.</summary>
    private (int New, int Kept) Arrivals { get; set; }

    /// <summary>Notes that a server has read its head; returns what is wrong with that.</summary>
    /// <remarks>
    /// Only a kept connection that was lost is a reason for a retry, which has a new one: so there
    /// are two arrivals at most, one of each kind, and if the network delays, in any order.
    /// </remarks>
    public string? Arrive(bool isNew, int retriesMax)
    {
        (int New, int Kept) before = Arrivals;
        Arrivals = isNew ? (before.New + 1, before.Kept) : (before.New, before.Kept + 1);
        bool mayRetry = CallPlan.IsIdempotent(Method) && retriesMax > 0
            && (Content is not { CanResend: false } || ExpectsContinue);
        return Arrivals is { New: > 1 } or { Kept: > 1 } ? "it is sent again on a like connection"
            : Arrivals is { New: 1, Kept: 1 } && !mayRetry ? "it is sent twice"
            : Call.IsHandedOut && (isNew || before.New == 0)
                ? "it is sent again after the head of its response was handed out"
            : null;
    }

    /// <summary>The step that a redirect makes of it (RFC 9110 15.4); the client follows.</summary>
    public ModelStep Follow(int redirect, int status, string origin)
    {
        bool becomesGet = status == 303 || (status is 301 or 302 && Method == "POST");
        return new ModelStep(
            Call, redirect, becomesGet && Method != "HEAD" ? "GET" : Method, origin)
        {
            Depth = Depth + 1,
            Content = becomesGet ? null : Content,
            ExpectsContinue = ExpectsContinue && !becomesGet,
            HasCredentials = HasCredentials && origin == Origin,
        };
    }
}
