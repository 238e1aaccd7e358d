using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;

namespace Reactor.Tools.Server;

/// <summary>
/// The command line of the server. A usage error is one sentence on standard error.
/// </summary>
internal sealed class ServerCommand
{
    private const int SecondsMax = 1_000_000;
    private const long BytesPerMib = 1024 * 1024;
    private const int MibMax = 1024 * 1024 * 1024;

    /// <summary>A loop needs 64 KiB for bodies (HttpServerLimits.BodyBufferBytesMax).</summary>
    private const int LoopsOfMib = 16;

    private readonly Option<ListenUrl[]> _listen = new("--listen")
    {
        Description = "Address to listen on: http://HOST:PORT, with a port from 0 to 65535. Port " +
            "0 picks a free port. Repeat the option for more addresses.",
        HelpName = "URL",
        DefaultValueFactory = _ => [ListenUrl.Default],
        CustomParser = ListenUrl.ReadAll,
    };

    private readonly Option<string> _driver = new Option<string>("--driver")
    {
        Description = "I/O driver: sockets (any system) or epoll (Linux, less CPU time).",
        DefaultValueFactory = _ => LoopDrivers.Names[0],
    }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. LoopDrivers.Names]);

    private readonly Option<string> _logLevel = new Option<string>("--log-level")
    {
        Description = "Least severe messages to log: Trace, Debug, Information, Warning, Error, " +
            "Critical or None.",
        HelpName = "LEVEL",
        DefaultValueFactory = _ => nameof(LogLevel.Information),
    }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Enum.GetNames<LogLevel>());

    private readonly Option<double> _keepAlive = new("--keep-alive")
    {
        Description = "Time in seconds after which a connection without a request is closed: " +
            $"greater than 0 and at most {SecondsMax}. Behind a proxy it must be longer than the " +
            "proxy's own.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => new HttpServerOptions().Times.KeepAliveTimeout.TotalSeconds,
        CustomParser = OptionValues.Positive(SecondsMax),
    };

    private readonly Option<int?> _maxConnections = new("--max-connections")
    {
        Description = "Maximum number of open connections of an address: from 1, or the number " +
            $"of loops, to {int.MaxValue}. At the limit the connection that has been idle " +
            "longest is closed for a new client; if none is idle, accepting pauses. Divided " +
            "among the loops. [default: the limit of open files less 512, or half of a small one]",
        HelpName = "NUMBER",
        CustomParser = OptionValues.WholeOrNone(1, int.MaxValue),
    };

    private readonly Option<int?> _bodyMemory = new("--body-memory")
    {
        Description = "Maximum memory in MiB for the bodies of all requests together: from 1 " +
            $"for each {LoopsOfMib} loops to {MibMax}. At the limit reading pauses. Divided " +
            "among the loops. [default: a quarter of the memory available to the process]",
        HelpName = "MIB",
        CustomParser = OptionValues.WholeOrNone(1, MibMax),
    };

    private readonly Option<int> _loops = new("--loops")
    {
        Description = "Number of event loops, each with its own thread, listeners and routes: " +
            $"from 1 to {LoopGroup.CountMax}, or auto: one for each processor. More than one " +
            "needs Linux, whose kernel distributes the connections.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 1,
        CustomParser = OptionValues.Parser<int>(
            string.Create(
                CultureInfo.InvariantCulture, $"a number from 1 to {LoopGroup.CountMax}, or auto"),
            TryReadLoops),
    };

    private readonly Option<bool> _noInline = new("--no-inline")
    {
        Description = "Complete socket operations on the thread pool, for comparison. By default " +
            "they complete on the I/O threads. Only for the sockets driver.",
    };

    private readonly Command _root;

    public ServerCommand()
    {
        // Not a RootCommand, which is named after its assembly instead of the program.
        _root = new Command(
            "reactor",
            "Serves a demo application over HTTP/1.1 until SIGINT or SIGTERM. Example: "
                + "reactor --listen http://127.0.0.1:8000 --driver epoll")
        {
            _listen, _driver, _logLevel, _keepAlive, _maxConnections, _bodyMemory, _loops,
            _noInline, new HelpOption(), new VersionOption(),
        };
        _root.SetAction(Serve);
    }

    public int Invoke(string[] args)
    {
        ParseResult parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Say.Fail(ExitCode.Usage, $"{OptionValues.FirstError(parsed)} Try --help.");
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // The loop handles the signals, so that requests in progress complete.
            ProcessTerminationTimeout = null,
        });
    }

    private int Serve(ParseResult parsed)
    {
        int loops = parsed.GetValue(_loops);
        if (Contradiction(parsed, loops) is { } sentence)
        {
            return Say.Fail(ExitCode.Usage, $"{sentence} Try --help.");
        }

        if (!CanRun(loops, out int exitCode))
        {
            return exitCode;
        }

        ListenUrl[] urls = parsed.GetValue(_listen)!;
        string driver = parsed.GetValue(_driver)!;
        var level = Enum.Parse<LogLevel>(parsed.GetValue(_logLevel)!, ignoreCase: true);
        WarnOfTurns(loops);
        InlineCompletions.EnableUnless(parsed.GetValue(_noInline), loops);
        using var logging = new Logging(level);
        return Serve(urls, new ServerGroup(loops, DemoApplication.Make, new HttpServerOptions
        {
            Times = new() { KeepAliveTimeout = TimeSpan.FromSeconds(parsed.GetValue(_keepAlive)) },
            Limits = new() { BodyBufferBytesMax = parsed.GetValue(_bodyMemory) * BytesPerMib },
            Log = new() { LoggerFactory = logging },
        })
        {
            LoopOptions = _ => new EventLoopOptions
            {
                Driver = LoopDrivers.Create(driver),
                LoggerFactory = logging,
            },
            ServerOptions = new ServerOptions { ConnectionsMax = parsed.GetValue(_maxConnections) },
            OnServing = servers => Announce(urls, servers, logging),
        });
    }

    /// <summary>Returns why a combination of valid options is invalid, or null.</summary>
    private string? Contradiction(ParseResult parsed, int loops)
    {
        if (InlineCompletions.Contradiction(
            parsed.GetValue(_noInline), parsed.GetValue(_driver)!) is { } sentence)
        {
            return sentence;
        }

        if (parsed.GetValue(_maxConnections) is { } connections && connections < loops)
        {
            return $"--max-connections must be at least {loops}, not '{connections}': each of " +
                $"the {loops} loops needs a connection.";
        }

        int mibMin = (loops + LoopsOfMib - 1) / LoopsOfMib;
        return parsed.GetValue(_bodyMemory) is { } mib && mib < mibMin
            ? $"--body-memory must be at least {mibMin}, not '{mib}': each of the {loops} loops " +
                "needs 64 KiB."
            : null;
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

    private static bool TryReadLoops(string text, out int loops)
    {
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            loops = OperatingSystem.IsLinux()
                ? Math.Min(Environment.ProcessorCount, LoopGroup.CountMax)
                : 1;
            return true;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out loops)
            && loops is >= 1 and <= LoopGroup.CountMax;
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

    private static int Serve(ListenUrl[] urls, ServerGroup group)
    {
        int exitCode = 0;
        try
        {
            group.Run([.. urls.Select(url => (url.Host, url.Port))]);
        }
        catch (BindException error)
        {
            ListenUrl url = urls.First(one => (one.Host, one.Port) == (error.Host, error.Port));
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
        ListenUrl[] urls, IReadOnlyList<LoopServer> servers, Logging logging)
    {
        foreach ((ListenUrl url, LoopServer server) in urls.Zip(servers))
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

    private static string ShownUrl(ListenUrl url, LoopServer server) => url.Port == 0
        ? $"http://{server.EndPoints[0]}"
        : url.Text;

    private static string Explain(SocketException error, ListenUrl url) =>
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
