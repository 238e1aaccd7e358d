using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// An application on several loops, each with its own copy of it, its own listeners on the same
/// addresses (SO_REUSEPORT), its own connections and pools. The kernel divides the clients among
/// the loops, and each client stays with its loop. With one loop: <see cref="Application.Run"/> on
/// several addresses.
/// </summary>
/// <remarks>
/// <para>
/// All or nothing: every loop runs <see cref="Application.OnStartup"/> and opens its listeners
/// before any of them serves. What fails on one of them ends all, and <c>Run</c> throws it.
/// </para>
/// <para>
/// SIGINT or SIGTERM, heard by the first loop, ends all of them in order, each as
/// <see cref="HttpServer.Shutdown"/> tells and within its own deadlines; a second one ends the
/// process at once. SIGHUP is ignored. A loop that dies of an error has the others end in order,
/// then <c>Run</c> throws it.
/// </para>
/// <para>
/// What is left on a loop after its server, tasks and work of the executor, has the rest of the
/// server's timeouts; what does not end in it is left behind.
/// </para>
/// <para>
/// The limits of <see cref="HttpServerOptions"/> are each loop's own, except
/// <see cref="HttpServerOptions.BodyBufferBytesMax"/>, of which each has an equal part; and what
/// they call is called by every loop on its thread. Linux only, where there is more than one loop.
/// </para>
/// </remarks>
/// <param name="loops">How many loops: 1 to <see cref="LoopGroup.CountMax"/>.</param>
/// <param name="makeApplication">
/// Makes the application; called once for each loop, on its thread, so that nothing in it is shared
/// unless you share it.
/// </param>
/// <param name="options">Limits and habits of each loop's server.</param>
public sealed class ServerGroup(
    int loops, Func<Application> makeApplication, HttpServerOptions? options = null)
{
    private readonly Func<Application> _makeApplication = makeApplication
        ?? throw new ArgumentNullException(nameof(makeApplication));

    private readonly HttpServerOptions _options = options ?? new HttpServerOptions();
    private readonly Lock _lock = new();
    private IReadOnlyList<EndPoint>[] _endPoints = [];
    private LoopGroup? _group;

    /// <summary>
    /// The options of each loop by its number; see <see cref="LoopGroup(int, Func{int,
    /// EventLoopOptions})"/>.
    /// </summary>
    public Func<int, EventLoopOptions>? LoopOptions { get; init; }

    /// <summary>
    /// How to listen and accept; of <see cref="ServerOptions.ConnectionsMax"/> each loop has its
    /// part (<see cref="ServerOptions.ShareOf"/>), so it is at least the number of loops.
    /// </summary>
    public ServerOptions ServerOptions { get; init; } = new();

    /// <summary>
    /// Called when all loops serve and the signals are heard, on the first loop, with its servers:
    /// one for each address.
    /// </summary>
    public Action<IReadOnlyList<LoopServer>>? OnServing { get; init; }

    /// <summary>Serves on one address; see the overload with several.</summary>
    public void Run(string host, int port) => Run((host, port));

    /// <summary>
    /// Serves until the process is asked to end. Blocks the calling thread, which becomes the first
    /// loop's.
    /// </summary>
    /// <param name="addresses">
    /// Names or addresses, and ports. Port 0 picks one, the same for all loops. There is no Unix
    /// socket among them: its path has one listener.
    /// </param>
    /// <exception cref="BindException">
    /// An address could not be bound: also if another process listens on it, whether it shares or
    /// not.
    /// </exception>
    /// <exception cref="ListenerException">
    /// A listener of any loop failed while it served; all loops have ended in order.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There cannot be so many loops; or <see cref="HttpServerOptions.BodyBufferBytesMax"/> or
    /// <see cref="ServerOptions.ConnectionsMax"/> is too small for them.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">
    /// There is more than one loop, and this is not Linux.
    /// </exception>
    public void Run(params IReadOnlyList<(string Host, int Port)> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        LoopGroup group = Group;
        ThrowIfTooSmall(
            nameof(HttpServerOptions.BodyBufferBytesMax),
            _options.BodyBufferBytesMax,
            HttpServerOptions.BodyBufferBytesMin);
        ThrowIfTooSmall(nameof(ServerOptions.ConnectionsMax), ServerOptions.ConnectionsMax, 1);
        using PosixSignalRegistration hangUp = EndOfProcess.IgnoreHangUp();
        group.Run(member => Serve(member, addresses));
    }

    /// <summary>
    /// Ends all loops in order, as a signal does; before they serve, as soon as they do. Any
    /// thread.
    /// </summary>
    public void Stop() => Group.Stop();

    // Made late, because the options of the loops are set after the constructor.
    private LoopGroup Group
    {
        get
        {
            lock (_lock)
            {
                return _group ??= new LoopGroup(loops, LoopOptions);
            }
        }
    }

    // Before any hook runs, and with the number that the caller has given, not a loop's part.
    private void ThrowIfTooSmall(string name, long? most, long each)
    {
        if (most < each * loops)
        {
            throw new ArgumentOutOfRangeException(
                name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} is {most} for a group of {loops}: each loop needs at least {each}, "
                    + $"all together {each * loops}."));
        }
    }

    private async Coroutine Serve(
        LoopGroupMember member, IReadOnlyList<(string Host, int Port)> addresses)
    {
        HttpServer http = _makeApplication().MakeHandler(_options with
        {
            // A given budget is never exceeded: Run refuses one that is too small for the loops.
            BodyBufferBytesMax = _options.BodyBufferBytesMax is { } most
                ? most / loops
                : Math.Max(_options.BodyBufferBytes / loops, HttpServerOptions.BodyBufferBytesMin),
            LoggerFactory = member.LoggersOf(_options.LoggerFactory),
        });
        var servers = new List<LoopServer>();
        bool isServing = false;
        await http.Startup();
        try
        {
            await Listen(member, http, addresses, servers);
            servers.ForEach(server => server.StartServing());
            isServing = true;
            servers.ForEach(server => server.WaitFailed().AddDoneCallback(_ => Stop()));
            await WaitForEnd(member, servers);
        }
        finally
        {
            EndOfProcess.Begin(EventLoop.Current, _options);
            await (isServing ? http.Shutdown(servers) : http.GiveUp(servers));
        }

        HttpServer.ThrowIfFailed(servers);
    }

    /// <summary>Fills the list; when it returns, every loop listens.</summary>
    private async Coroutine Listen(
        LoopGroupMember member,
        HttpServer http,
        IReadOnlyList<(string Host, int Port)> addresses,
        List<LoopServer> servers)
    {
        ServerOptions share =
            ServerOptions.ShareOf(loops, member.Index) with { StartServing = false };
        if (member.IsFirst)
        {
            foreach ((string host, int port) in addresses)
            {
                servers.Add(await ListenFirst(http, host, port, share));
            }

            _endPoints = [.. servers.Select(server => server.EndPoints)];
        }

        await member.Meet();
        if (!member.IsFirst)
        {
            servers.AddRange(_endPoints.Select(
                endPoints => EventLoop.Current.CreateServer(http, endPoints, share)));
        }

        await member.Meet();
    }

    /// <summary>
    /// Opens the first listener of an address, which finds out whether it can be had.
    /// </summary>
    private async Coroutine<LoopServer> ListenFirst(
        HttpServer http, string host, int port, ServerOptions share)
    {
        EventLoop loop = EventLoop.Current;
        try
        {
            if (loops == 1 || port == 0)
            {
                return await loop.CreateServer(http, host, port, share);
            }

            // The kernel would let us in beside another process of this user that shares as well,
            // and give each of us a part of the clients. Who does not share is refused if anybody
            // listens; so one that does not is opened first, and closed again. Two processes that
            // start in the same moment can still both find nobody; a file to lock would prevent
            // that, but be one more thing to be left over. A port that was picked is nobody else's.
            ServerOptions alone = ServerOptions with { StartServing = false };
            LoopServer probe = await loop.CreateServer(http, host, port, alone);
            IReadOnlyList<EndPoint> endPoints = probe.EndPoints;
            probe.Close();
            return loop.CreateServer(http, endPoints, share);
        }
        catch (SocketException error)
        {
            throw new BindException(host, port, error);
        }
    }

    private async Coroutine WaitForEnd(LoopGroupMember member, List<LoopServer> servers)
    {
        if (!member.IsFirst)
        {
            await member.Stopped;
            return;
        }

        // In the next turn, when the signals are heard: who is told may ask us to end at once.
        EventLoop loop = EventLoop.Current;
        loop.CallSoon(() => OnServing?.Invoke(servers));
        Future<PosixSignal> signal = loop.NextSignal(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        signal.AddDoneCallback(_ => Stop());
        try
        {
            await member.Stopped;
        }
        finally
        {
            signal.Cancel(); // stopped by a call: the signals are given back
        }
    }
}
