using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// What all requests of a session share: its loop, options, connections and memory. Made by the
/// first request.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ClientContext
{
    /// <summary>
    /// Unsent bytes of a request from which its content waits. As the default of the server's
    /// responses: some 64 KiB keep a connection busy.
    /// </summary>
    private const int SendHighBytes = 64 * 1024;

    /// <summary>
    /// Time without progress of any body while some wait for memory; as the server's default.
    /// </summary>
    private static readonly TimeSpan s_stallTimeout = TimeSpan.FromSeconds(5);

    public ClientContext(EventLoop loop, ClientOptions options, CookieJar? cookies)
    {
        Loop = loop;
        Options = options;
        Cookies = cookies;
        Limits = new ChannelLimits
        {
            BytesPerSecondMin = 0, // a client waits for slow servers, within its time limits
            RateGrace = TimeSpan.Zero,
            BodyIdleTimeout = options.BodyIdleTimeout,
            BodyPauseTimeout = options.BodyIdleTimeout,
            SendIdleTimeout = options.SendIdleTimeout,
            StreamHighBytes = SendHighBytes,
            StreamBytesPerTurn = SendHighBytes,
            HalfCloseIsDisconnect = false,
        };
        // Timers keep the AsyncLocal values with which they are made: these outlive the request.
        using (ExecutionContext.SuppressFlow())
        {
            Budget = new BodyBudget(
                loop, options.BodyBufferBytesMax, s_stallTimeout, static () => { });
            Pool = new ClientPool(loop, options, Wrap);
        }
    }

    public EventLoop Loop { get; }

    public ClientOptions Options { get; }

    public CookieJar? Cookies { get; }

    public ChannelLimits Limits { get; }

    /// <summary>The memory of all bodies together.</summary>
    public BodyBudget Budget { get; }

    public ClientPool Pool { get; }

    public void Close()
    {
        Pool.Close();
        Budget.Blocks.Clear();
        if (!Budget.IsPressed) // else a body waits, of a response that may still be read
        {
            Budget.Disarm();
        }
    }

    private ClientConnection Wrap(Connection connection, ClientOrigin origin)
    {
        using (ExecutionContext.SuppressFlow()) // as above
        {
            return new ClientConnection(connection, origin, Limits, Options.HeadLimits);
        }
    }
}
