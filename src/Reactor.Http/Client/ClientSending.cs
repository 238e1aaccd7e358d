using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The way of one request through a session: connection, exchange, and again after a redirect or
/// for a retry, all within its time.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ClientSending(ClientContext context, ClientRequest request)
{
    /// <summary>
    /// The longest body of a redirect that is read, to use its connection again: more costs more
    /// than a new connection.
    /// </summary>
    private const int DrainBytesMax = 64 * 1024;

    /// <summary>How long such a body is read; as in .NET.</summary>
    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(2);

    private readonly List<Uri> _redirects = [];

    private ClientOptions Options => context.Options;

    public async Coroutine<ClientResponse> RunAsync()
    {
        ClientUrl url = ClientUrl.Parse(request.Url, Options.BaseAddress);
        ClientRequest first = WithDefaults();
        ClientRequestHead.Check(first, url, Options);
        TimeSpan limit = request.Timeout ?? Options.Timeout;
        TimeSpan due = context.Loop.MomentAfter(limit);
        TimeoutScope? time = null;
        try
        {
            return await TimeoutScope.RunUntil(
                due == TimeSpan.MaxValue ? null : due,
                scope =>
                {
                    time = scope;
                    return FollowAsync(first, url, due);
                });
        }
        catch (TimeoutException) when (time is { Expired: true }) // else it is the content's
        {
            throw ClientFailures.Late(ClientPhase.Total, Options);
        }
    }

    private async Coroutine<ClientResponse> FollowAsync(
        ClientRequest step, ClientUrl url, TimeSpan due)
    {
        bool follows = request.FollowsRedirects ?? Options.FollowsRedirects;
        while (true)
        {
            ClientResponse response = await TryAsync(step, url, due);
            ClientRedirect? next = null;
            bool isFollowed = false;
            try
            {
                next = follows
                    ? Redirects.Next(step, url, response.Status, response.Headers)
                    : null;
                if (next is null)
                {
                    isFollowed = true;
                    return response;
                }

                if (_redirects.Count >= Options.RedirectsMax)
                {
                    throw new ClientRedirectException(
                        $"The request was redirected {Options.RedirectsMax} times, as often as it "
                        + $"may: see ClientOptions.{nameof(ClientOptions.RedirectsMax)}.");
                }

                await DrainAsync(response);
            }
            finally
            {
                if (!isFollowed)
                {
                    response.Dispose();
                }
            }

            _redirects.Add(url.ToUri());
            (step, url) = (next.Request, next.Url);
        }
    }

    private static async Coroutine DrainAsync(ClientResponse response)
    {
        TimeoutScope? time = null;
        try
        {
            await TimeoutScope.Run(s_drainTimeout, scope =>
            {
                time = scope;
                return response.DrainAsync(DrainBytesMax);
            });
        }
        catch (TimeoutException) when (time is { Expired: true })
        {
            // The rest is not worth a wait: its connection is closed.
        }
    }

    private async Coroutine<ClientResponse> TryAsync(
        ClientRequest step, ClientUrl url, TimeSpan due)
    {
        var call = new ClientCall(step, url, CookiesFor(url), due);
        bool mustBeNew = false;
        for (int retries = 0; ; retries++)
        {
            ClientExchange? exchange = null;
            try
            {
                ClientConnection connection = await context.Pool.RentAsync(url.Origin, mustBeNew);
                exchange = new ClientExchange(context, connection, call);
                return await ReceiveAsync(exchange, url);
            }
            catch (ClientException error) when (
                (exchange?.WasLost ?? error is ClientConnectException)
                && Retries.IsAllowed(
                    step, exchange is { HasContentBegun: true }, retries, Options.RetriesMax))
            {
                mustBeNew = true;
            }
        }
    }

    private async Coroutine<ClientResponse> ReceiveAsync(ClientExchange exchange, ClientUrl url)
    {
        bool isReceived = false;
        try
        {
            await exchange.ReadHeadAsync();
            TakeCookies(url, exchange.Head);
            var response = new ClientResponse(exchange, url, _redirects);
            isReceived = true;
            return response;
        }
        finally
        {
            if (!isReceived)
            {
                exchange.Dispose();
            }
        }
    }

    private string? CookiesFor(ClientUrl url) =>
        context.Cookies is { Count: > 0 } cookies ? cookies.Get(url.ToUri()) : null;

    private void TakeCookies(ClientUrl url, ResponseHead head)
    {
        if (context.Cookies is { } cookies && head.Contains(KnownHeader.SetCookie))
        {
            Uri uri = url.ToUri();
            foreach (ReadOnlySpan<byte> value in head.Values(KnownHeader.SetCookie))
            {
                cookies.Set(uri, Encoding.Latin1.GetString(value));
            }
        }
    }

    // A copy: the fields of the session must not stay in a request that is sent again.
    private ClientRequest WithDefaults()
    {
        if (Options.DefaultHeaders.Count == 0)
        {
            return request;
        }

        var copy = new ClientRequest(request.Method, request.Url)
        {
            Content = request.Content,
            Timeout = request.Timeout,
            FollowsRedirects = request.FollowsRedirects,
            ExpectsContinue = request.ExpectsContinue,
        };
        copy.Headers.AddMissing(request.Headers);
        copy.Headers.AddMissing(Options.DefaultHeaders);
        return copy;
    }
}
