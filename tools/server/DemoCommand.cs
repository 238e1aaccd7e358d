using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;

namespace Reactor.Tools.Server;

/// <summary>
/// The command <c>reactor demo</c>, which <c>reactor</c> without a command is too: serves the demo
/// application until a signal ends it.
/// </summary>
/// <param name="replay">The driver of a recording that runs again, or null.</param>
/// <param name="isSilent">True logs nothing.</param>
internal sealed class DemoCommand(LoopDriver? replay = null, bool isSilent = false)
{
    private const long BytesPerMib = 1024 * 1024;

    private readonly DemoOptions _options = new();
    private readonly RecordOptions _recording = new();

    /// <summary>Adds the options and the action.</summary>
    public void AddTo(Command command)
    {
        _options.AddTo(command);
        _recording.AddTo(command);
        command.SetAction(Serve);
    }

    private int Serve(ParseResult parsed)
    {
        int loops = parsed.GetValue(_options.Loops);
        if ((_options.Contradiction(parsed) ?? _recording.Contradiction(parsed, loops))
            is { } sentence)
        {
            return Say.Fail(ExitCode.Usage, $"{sentence} Try --help.");
        }

        if (!CanRun(loops, out int exitCode))
        {
            return exitCode;
        }

        ListenAddress[] urls = parsed.GetValue(_options.Listen)!;
        WarnOfTurns(loops);
        InlineCompletions.EnableUnless(parsed.GetValue(_options.NoInline), loops);
        using var logging = new Logging(
            Enum.Parse<LogLevel>(parsed.GetValue(_options.LogLevel)!, ignoreCase: true), isSilent);
        LoopDriver? driver = replay;
        if (driver is null && !_recording.TryWrap(
            parsed, parsed.GetValue(_options.Driver)!, logging, out driver))
        {
            return ExitCode.CannotWrite;
        }

        // A replay has the arguments of the recorded run, and needs no page.
        using DemoInspection? inspection =
            replay is null && parsed.GetValue(_options.Inspect) is { } port ? new(port) : null;
        return Serve(urls, MakeGroup(parsed, driver, logging, servers =>
        {
            // The standard output of a replay is its result.
            if (replay is null)
            {
                Announce(urls, servers, logging);
            }

            inspection?.Open(line => TryPrint(line, out _));
        }));
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="only">The driver of the only loop; null: each loop gets its own.</param>
    /// <param name="logging">The log.</param>
    /// <param name="onServing">Called with the servers when all loops serve.</param>
    private ServerGroup MakeGroup(
        ParseResult parsed, LoopDriver? only, Logging logging,
        Action<IReadOnlyList<LoopServer>> onServing)
    {
        int loops = parsed.GetValue(_options.Loops);
        string driver = parsed.GetValue(_options.Driver)!;
        TimeSpan keepAlive = TimeSpan.FromSeconds(parsed.GetValue(_options.KeepAlive));
        long? bodyBytes = parsed.GetValue(_options.BodyMemory) * BytesPerMib;
        return new ServerGroup(loops, DemoApplication.Make, new HttpServerOptions
        {
            Times = new() { KeepAliveTimeout = keepAlive },
            Limits = new() { BodyBufferBytesMax = bodyBytes },
            Log = new() { LoggerFactory = logging },
        })
        {
            LoopOptions = _ => new EventLoopOptions
            {
                Driver = only ?? LoopDrivers.Create(driver),
                LoggerFactory = logging,
            },
            ServerOptions = new() { ConnectionsMax = parsed.GetValue(_options.ConnectionsMax) },
            OnServing = onServing,
        };
    }

    /// <summary>
    /// Returns false, with an exit code, if this machine cannot run this number of loops.
    /// </summary>
    private static bool CanRun(int loops, out int exitCode)
    {
        exitCode = ExitCode.Ok;
        if (loops > 1 && !OperatingSystem.IsLinux())
        {
            exitCode = Say.Fail(
                ExitCode.Usage, "--loops must be 1 here: several share a port, which needs Linux.");
        }
        else if (!StartLimits.AreEnough(loops))
        {
            exitCode = ExitCode.TooFewDescriptors;
        }

        return exitCode == ExitCode.Ok;
    }

    // Allowed, because a user may want to measure it.
    private static void WarnOfTurns(int loops)
    {
        if (loops > Environment.ProcessorCount)
        {
            string processors = Environment.ProcessorCount == 1
                ? "1 processor"
                : $"{Environment.ProcessorCount} processors";
            Say.Line(
                $"{loops} loops on {processors} only take turns; --loops auto makes one for each " +
                "processor.");
        }
    }

    private static int Serve(ListenAddress[] urls, ServerGroup group)
    {
        int exitCode = 0;
        try
        {
            group.Run([.. urls.Select(url => (url.Host, url.Port))]);
        }
        catch (BindException error)
        {
            ListenAddress url = urls.First(one => (one.Host, one.Port) == (error.Host, error.Port));
            exitCode = Say.Fail(
                ExitCode.CannotListen, $"Cannot listen on {url.Text}: {Explain(error, url)}");
        }
        catch (DriverException error)
        {
            exitCode = Say.Fail(
                ExitCode.CannotListen, $"The loop cannot be made: {error.Message}.");
        }
        catch (ListenerException error)
        {
            LogQueue.Flush(TimeSpan.FromSeconds(1)); // the message below must be the last line
            exitCode = Say.Fail(ExitCode.ListenerFailed, $"{error.Message} The server has ended.");
        }

        LogQueue.Flush(TimeSpan.FromSeconds(1));
        return exitCode;
    }

    private static void Announce(
        ListenAddress[] urls, IReadOnlyList<LoopServer> servers, Logging logging)
    {
        foreach ((ListenAddress url, LoopServer server) in urls.Zip(servers))
        {
            string line = $"Server started at {ShownUrl(url, server)}...";
            if (!TryPrint(line, out string? reason))
            {
                ServerLog.NotAnnounced(LogQueue.Wrap(logging, "Reactor.Server"), line, reason);
            }
        }

        TryPrint("Press Ctrl+C to stop.", out _);
    }

    /// <summary>
    /// Returns false if standard output cannot be written; the server serves anyway.
    /// </summary>
    private static bool TryPrint(string line, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            Console.WriteLine(line);
            reason = null;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = error.Message;
            return false;
        }
    }

    private static string ShownUrl(ListenAddress url, LoopServer server) => url.Port == 0
        ? $"http://{server.EndPoints[0]}"
        : url.Text;

    private static string Explain(SocketException error, ListenAddress url) =>
        error.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"port {url.Port} is in use; stop the program that has it, or choose another " +
                "with --listen.",
            SocketError.AccessDenied =>
                $"port {url.Port} needs more rights; choose one above 1023.",
            SocketError.AddressNotAvailable => $"this machine has no address {url.Host}.",
            SocketError.HostNotFound when url.Host.Contains('%', StringComparison.Ordinal) =>
                "this machine has no network interface " +
                $"'{url.Host[(url.Host.IndexOf('%', StringComparison.Ordinal) + 1)..]}'.",
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
                $"the host name '{url.Host}' is not known.",
            _ => error.Message,
        };
}
