using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;

namespace Reactor.Hosting;

/// <summary>
/// The options of a server in a host, for <c>services.Configure</c>. Read once, at the start of the
/// host. A section of the configuration can be bound to the properties.
/// </summary>
public sealed class ReactorServerOptions
{
    /// <summary>
    /// The addresses to listen on: <c>http://HOST:PORT</c>, see <see cref="ListenAddress"/>. Empty,
    /// the default, means <see cref="ListenAddress.Default"/>.
    /// </summary>
    public IList<string> Urls { get; } = [];

    /// <summary>
    /// The number of loops, each with its own thread and application: 1, the default, to
    /// <see cref="LoopGroup.CountMax"/>. More than one needs Linux.
    /// </summary>
    public int Loops { get; set; } = 1;

    /// <summary>
    /// The name of the I/O driver, of <see cref="LoopDrivers.Names"/>; null, the default, for the
    /// first of them.
    /// </summary>
    public string? Driver { get; set; }

    /// <summary>
    /// Whether error responses name exceptions. Null, the default: in the environment Development.
    /// </summary>
    public bool? DevMode { get; set; }

    /// <summary>
    /// Called on the first loop when all loops serve, with its servers, one for each address: the
    /// place to learn which port was free. Null, the default: the addresses are in the log only.
    /// </summary>
    public Action<IReadOnlyList<LoopServer>>? OnServing { get; set; }

    // Not public properties: code that binds configuration would try to make what is in them.
    internal HttpServerOptions Server { get; private set; } = new();

    internal ServerOptions Listening { get; private set; } = new();

    internal EventLoopOptions Loop { get; private set; } = new();

    /// <summary>
    /// Changes the options of the HTTP server, as in <c>server => server with { … }</c>. Its log is
    /// the host's, unless it has another.
    /// </summary>
    public void ChangeServer(Func<HttpServerOptions, HttpServerOptions> change) =>
        Server = Changed(Server, change);

    /// <summary>Changes how connections are accepted.</summary>
    public void ChangeListening(Func<ServerOptions, ServerOptions> change) =>
        Listening = Changed(Listening, change);

    /// <summary>
    /// Changes the options of each loop. Its driver must be null: <see cref="Driver"/> names it,
    /// because each loop needs its own. Its log is the host's, unless it has another.
    /// </summary>
    public void ChangeLoop(Func<EventLoopOptions, EventLoopOptions> change) =>
        Loop = Changed(Loop, change);

    private static T Changed<T>(T old, Func<T, T> change) where T : class
    {
        ArgumentNullException.ThrowIfNull(change);
        return change(old) ?? throw new ArgumentException("It returned null.", nameof(change));
    }
}
