using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Serves an application on several loops, each with its own application object, listeners on the
/// same addresses (SO_REUSEPORT), connections and pools. The kernel distributes the clients. More
/// than one loop needs Linux.
/// </summary>
/// <remarks>
/// <para>
/// Every loop runs <see cref="Application.OnStartup"/> and opens its listeners before any of them
/// serves.
/// </para>
/// <para>
/// On SIGINT or SIGTERM every loop shuts down as <see cref="HttpServer.ShutdownAsync"/> does; a
/// second signal ends the process at once. SIGHUP is ignored. If a loop fails, the others end and
/// <c>Run</c> throws its exception. Tasks and executor work are abandoned after the shutdown time.
/// </para>
/// <para>
/// The limits of <see cref="HttpServerOptions"/> apply to each loop, except
/// <see cref="HttpServerLimits.BodyBufferBytesMax"/>, which the loops share equally.
/// </para>
/// </remarks>
/// <param name="loops">The number of loops: 1 to <see cref="LoopGroup.CountMax"/>.</param>
/// <param name="makeApplication">
/// Makes the application; called once for each loop, on its thread.
/// </param>
/// <param name="options">Each server's options.</param>
public sealed class ServerGroup(
    int loops, Func<Application> makeApplication, HttpServerOptions? options = null)
{
    private const string StoppedAtStart = "The group was stopped at its start.";

    private readonly Func<Application> _makeApplication = makeApplication
        ?? throw new ArgumentNullException(nameof(makeApplication));

    private readonly HttpServerOptions _options = options ?? new HttpServerOptions();
    private IReadOnlyList<EndPoint>[] _endPoints = [];
    private LoopGroup? _group;

    /// <summary>The options of each loop, by its index.</summary>
    public Func<int, EventLoopOptions>? LoopOptions { get; init; }

    /// <summary>
    /// How to listen and accept. The loops share <see cref="ServerOptions.ConnectionsMax"/> as
    /// <see cref="ServerOptions.ShareOf"/> says.
    /// </summary>
    public ServerOptions ServerOptions { get; init; } = new();

    /// <summary>
    /// True (default): SIGINT and SIGTERM end the group, and SIGHUP is ignored. False where another
    /// part of the program has the signals; it calls <see cref="Stop"/>.
    /// </summary>
    public bool HandlesSignals { get; init; } = true;

    /// <summary>
    /// Called on the first loop, with its servers, one for each address, when all loops serve; not
    /// after <see cref="Stop"/>.
    /// </summary>
    public Action<IReadOnlyList<LoopServer>>? OnServing { get; init; }

    /// <summary>The options that are too small for the loops, each with a sentence.</summary>
    internal static IEnumerable<(string Name, string Text)> ShortagesOf(
        int loops, HttpServerOptions options, ServerOptions serverOptions)
    {
        (string Name, long? Most, long Each)[] shared =
        [
            (nameof(HttpServerLimits.BodyBufferBytesMax), options.Limits.BodyBufferBytesMax,
                HttpServerLimits.BodyBufferBytesMin),
            (nameof(ServerOptions.ConnectionsMax), serverOptions.ConnectionsMax, 1),
        ];
        foreach ((string name, long? most, long each) in shared.Where(
            one => one.Most < one.Each * loops))
        {
            yield return (name, string.Create(
                CultureInfo.InvariantCulture,
                $"{name} is {most} for a group of {loops}: each loop needs at least {each}, all "
                + $"together {each * loops}."));
        }
    }

    /// <summary>Serves on one address; see the overload with several.</summary>
    public void Run(string host, int port) => Run((host, port));

    /// <summary>
    /// Serves until SIGINT, SIGTERM or <see cref="Stop"/>. Blocks the calling thread, which becomes
    /// the first loop's thread.
    /// </summary>
    /// <param name="addresses">
    /// Names or addresses, and ports. Port 0 picks a free port, the same for all loops.
    /// </param>
    /// <exception cref="BindException">
    /// An address could not be bound, also if another process listens on it and shares it.
    /// </exception>
    /// <exception cref="ListenerException">
    /// A listener of any loop failed; all loops have shut down first. So they have for the error of
    /// a background task with <see cref="CrashPolicy.ShutDown"/>.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number of loops is out of range; or <see cref="HttpServerLimits.BodyBufferBytesMax"/> or
    /// <see cref="ServerOptions.ConnectionsMax"/> is too small for them.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">
    /// There is more than one loop, and this is not Linux.
    /// </exception>
    public void Run(params IReadOnlyList<(string Host, int Port)> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        LoopGroup group = Group;
        if (ShortagesOf(loops, _options, ServerOptions).FirstOrDefault() is ({ } name, var text))
        {
            throw new ArgumentOutOfRangeException(name, text);
        }

        using PosixSignalRegistration? hangUp =
            HandlesSignals ? EndOfProcess.IgnoreHangUp() : null;
        group.Run(member => Serve(member, addresses));
    }

    /// <summary>
    /// Shuts all loops down as a signal does. During the start it cancels the hooks, exits the
    /// contexts that were entered, and has <c>Run</c> return; a hook that awaits a task of another
    /// library ends first, because such an await cannot be interrupted. Idempotent. Any thread.
    /// </summary>
    public void Stop() => Group.Stop();

    // The options of the loops are set after the constructor.
    private LoopGroup Group => LazyInitializer.EnsureInitialized(
        ref _group, () => new LoopGroup(loops, LoopOptions));

    private async Coroutine Serve(
        LoopGroupMember member, IReadOnlyList<(string Host, int Port)> addresses)
    {
        HttpServerLog log = _options.Log;
        HttpServer http = _makeApplication().MakeHandler(_options with
        {
            Limits = _options.Limits.ShareOf(loops),
            Log = log with { LoggerFactory = member.LoggersOf(log.LoggerFactory) },
        });
        var servers = new List<LoopServer>();
        bool isStarting = true;
        bool isStopped = false;
        bool isServing = false;
        ILoopTask main = LoopTask.Current!;
        member.Stopped.AddDoneCallback(_ =>
        {
            isStopped = isStarting && main.Cancel(StoppedAtStart);
            if (isStopped)
            {
                EndOfProcess.Begin(EventLoop.Current, _options); // a hook may be on an executor
            }
        });
        try
        {
            await http.StartupAsync();
            try
            {
                if (isStopped)
                {
                    // A hook has caught the cancellation; another loop may have ended by it.
                    throw new LoopCanceledException(StoppedAtStart);
                }

                await Listen(member, http, addresses, servers);
                isStarting = false;
                servers.ForEach(server => server.StartServing());
                isServing = true;
                servers.ForEach(server => server.WaitFailedAsync().AddDoneCallback(_ => Stop()));
                http.WaitCrashedAsync().AddDoneCallback(_ => Stop());
                await WaitForEnd(member, servers);
            }
            finally
            {
                isStarting = false;
                EndOfProcess.Begin(EventLoop.Current, _options);
                await (isServing ? http.ShutdownAsync(servers) : http.AbandonStartAsync(servers));
            }
        }
        catch (LoopCanceledException) when (isStopped)
        {
            // All others too: each loop sees the stop and the end of the last meeting in `Listen`
            // in the same order.
            return;
        }

        await member.MeetAsync(); // an exception cancels the loops that have not ended
        http.ThrowIfFailed(servers);
    }

    /// <summary>Adds the loop's servers to the list; returns when every loop listens.</summary>
    private async Coroutine Listen(
        LoopGroupMember member, HttpServer http, IReadOnlyList<(string Host, int Port)> addresses,
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

        await member.MeetAsync();
        if (!member.IsFirst)
        {
            servers.AddRange(_endPoints.Select(
                endPoints => EventLoop.Current.CreateServer(http, endPoints, share)));
        }

        await member.MeetAsync();
    }

    /// <summary>Opens the first listener of an address, which shows whether it is free.</summary>
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

            // SO_REUSEPORT would share the port with another process of this user. A listener
            // without it is refused if another exists, so a probe is opened first. Two processes
            // that start at the same moment may both succeed; a lock file could be left behind.
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
        EventLoop loop = EventLoop.Current;
        if (member.IsFirst)
        {
            // In the next turn, when signals are handled.
            loop.CallSoon(() =>
            {
                if (!member.Stopped.IsDone)
                {
                    OnServing?.Invoke(servers);
                }
            });
        }

        if (!member.IsFirst || !HandlesSignals)
        {
            await member.Stopped;
            return;
        }

        Future<PosixSignal> signal = loop.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        signal.AddDoneCallback(_ => Stop());
        try
        {
            await member.Stopped;
        }
        finally
        {
            signal.Cancel(); // stopped by a call: releases the signals
        }
    }
}
