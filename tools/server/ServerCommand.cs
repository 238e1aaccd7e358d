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
/// The command line of the server. Every mistake of the user is one sentence on standard error.
/// </summary>
internal sealed class ServerCommand
{
    private const int SecondsMax = 1_000_000;
    private const int BytesPerMib = 1024 * 1024;
    private const int MibMax = 1024 * BytesPerMib;

    private static readonly string[] s_levels = Enum.GetNames<LogLevel>();

    private readonly Option<string[]> _listen = new("--listen")
    {
        Description = "Where to listen, http://HOST:PORT; may be given several times.",
        HelpName = "URL",
        DefaultValueFactory = _ => ["http://127.0.0.1:8000"],
    };

    private readonly Option<string> _driver = new("--driver")
    {
        Description = "Who talks to the kernel: sockets (any system) or epoll (Linux only; one " +
            "thread does all I/O, for less CPU time).",
        HelpName = "NAME",
        DefaultValueFactory = _ => LoopDrivers.Names[0],
    };

    private readonly Option<string> _logLevel = new("--log-level")
    {
        Description = "The least important messages to log: Trace, Debug, Information, Warning, " +
            "Error, Critical or None.",
        HelpName = "LEVEL",
        DefaultValueFactory = _ => nameof(LogLevel.Information),
    };

    private readonly Option<double> _keepAlive = new("--keep-alive")
    {
        Description = "How long a connection may be idle between requests; behind a proxy, more " +
            "than the proxy keeps its own.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => new HttpServerOptions().KeepAliveTimeout.TotalSeconds,
    };

    private readonly Option<int?> _maxConnections = new("--max-connections")
    {
        Description = "Connections that each address has at once; then the one that has been " +
            "idle longest is closed for a new client, and if none is idle, accepting pauses. " +
            "Several loops have a part each. Default: 512 less than the process may have " +
            "descriptors.",
        HelpName = "NUMBER",
    };

    private readonly Option<long?> _bodyMemory = new("--body-memory")
    {
        Description = "Memory in MiB that the bodies of all requests may take together; beyond " +
            "it, reading pauses. Several loops have a part each. Default: a quarter of the " +
            "memory that the process may use.",
        HelpName = "MIB",
    };

    private readonly Option<string> _loops = new("--loops")
    {
        Description = "How many event loops, each with a thread, listeners and routes of its " +
            "own; the kernel divides the clients among them (Linux only). auto: one for each " +
            "processor.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => "1",
    };

    private readonly Option<bool> _noInline = new("--no-inline")
    {
        Description = "Let the runtime hand socket completions over its thread pool.",
    };

    // Not a RootCommand: that one is called after its assembly, which is not the binary's name.
    private readonly Command _root = new(
        "reactor", "Serves the demo application over HTTP/1.1 on an event loop.");

    public ServerCommand()
    {
        _root.Add(_listen);
        _root.Add(_driver);
        _root.Add(_logLevel);
        _root.Add(_keepAlive);
        _root.Add(_maxConnections);
        _root.Add(_bodyMemory);
        _root.Add(_loops);
        _root.Add(_noInline);
        _root.Add(new HelpOption());
        _root.Add(new VersionOption());
        _root.SetAction(Serve);
    }

    public int Invoke(string[] args)
    {
        ParseResult parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Say.Fail(ExitCode.Usage, $"{parsed.Errors[0].Message} Try --help.");
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // The loop itself hears the signals: requests that run are finished.
            ProcessTerminationTimeout = null,
        });
    }

    private int Serve(ParseResult parsed)
    {
        string driver = parsed.GetValue(_driver)!;
        if (!LoopDrivers.Names.Contains(driver))
        {
            return FailToChoose("driver", driver, LoopDrivers.Names);
        }

        if (!TryReadUrls(parsed.GetValue(_listen)!, out List<ListenUrl> urls, out string? error))
        {
            return Say.Fail(ExitCode.Usage, error);
        }

        string level = parsed.GetValue(_logLevel)!;
        if (!s_levels.Contains(level, StringComparer.OrdinalIgnoreCase))
        {
            return FailToChoose("log level", level, s_levels);
        }

        double keepAlive = parsed.GetValue(_keepAlive);
        if (!(keepAlive > 0 && keepAlive <= SecondsMax))
        {
            return Say.Fail(
                ExitCode.Usage, $"--keep-alive must be above 0 and at most {SecondsMax} seconds.");
        }

        int? connectionsMax = parsed.GetValue(_maxConnections);
        if (connectionsMax < 1)
        {
            return Say.Fail(ExitCode.Usage, "--max-connections must be at least 1.");
        }

        long? bodyMib = parsed.GetValue(_bodyMemory);
        if (bodyMib is < 1 or > MibMax)
        {
            return Say.Fail(ExitCode.Usage, $"--body-memory must be from 1 to {MibMax} MiB.");
        }

        if (!TryChooseLoops(parsed.GetValue(_loops)!, out int loops, out int exitCode))
        {
            return exitCode;
        }

        WarnOfTurns(loops);
        InlineCompletions.EnableUnless(parsed.GetValue(_noInline), loops);
        using var logging = new Logging(Enum.Parse<LogLevel>(level, ignoreCase: true));
        return Serve(urls, new ServerGroup(loops, DemoApplication.Make, new HttpServerOptions
        {
            KeepAliveTimeout = TimeSpan.FromSeconds(keepAlive),
            BodyBufferBytesMax = bodyMib * BytesPerMib,
            LoggerFactory = logging,
        })
        {
            LoopOptions = _ => new EventLoopOptions
            {
                Driver = LoopDrivers.Create(driver),
                LoggerFactory = logging,
            },
            ServerOptions = new ServerOptions { ConnectionsMax = connectionsMax },
            OnServing = servers => Announce(urls, servers, logging),
        });
    }

    private static bool TryReadUrls(
        string[] texts, out List<ListenUrl> urls, [NotNullWhen(false)] out string? error)
    {
        urls = [];
        foreach (string text in texts)
        {
            if (!ListenUrl.TryParse(text, out ListenUrl? url, out error))
            {
                return false;
            }

            urls.Add(url);
        }

        error = null;
        return true;
    }

    /// <summary>False, with an exit code, if this machine cannot run so many loops.</summary>
    private static bool TryChooseLoops(string text, out int loops, out int exitCode)
    {
        exitCode = ExitCode.Ok;
        if (!TryReadLoops(text, out loops))
        {
            exitCode = Say.Fail(
                ExitCode.Usage,
                $"--loops must be a number from 1 to {LoopGroup.CountMax}, or auto.");
        }
        else if (loops > 1 && !OperatingSystem.IsLinux())
        {
            exitCode = Say.Fail(
                ExitCode.Usage, "Several --loops share a port, which only Linux lets them.");
        }
        else if (!StartLimits.AreEnough(loops))
        {
            exitCode = ExitCode.TooFewDescriptors;
        }

        return exitCode == ExitCode.Ok;
    }

    private static bool TryReadLoops(string text, out int loops)
    {
        if (text == "auto")
        {
            loops = OperatingSystem.IsLinux()
                ? Math.Min(Environment.ProcessorCount, LoopGroup.CountMax)
                : 1;
            return true;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out loops)
            && loops is >= 1 and <= LoopGroup.CountMax;
    }

    // Not refused: who wants to see what it costs may.
    private static void WarnOfTurns(int loops)
    {
        if (loops > Environment.ProcessorCount)
        {
            Say.Line(
                $"{loops} loops on {Environment.ProcessorCount} processors only take " +
                "turns; --loops auto makes one for each processor.");
        }
    }

    private static int Serve(List<ListenUrl> urls, ServerGroup group)
    {
        int exitCode = 0;
        try
        {
            group.Run([.. urls.Select(url => (url.Host, url.Port))]);
        }
        catch (ListenException error)
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
            LogQueue.Flush(TimeSpan.FromSeconds(1)); // so that the sentence is the last line
            exitCode = Say.Fail(ExitCode.ListenerFailed, $"{error.Message} The server has ended.");
        }

        LogQueue.Flush(TimeSpan.FromSeconds(1));
        return exitCode;
    }

    private static void Announce(
        List<ListenUrl> urls, IReadOnlyList<LoopServer> servers, Logging logging)
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
    /// False if standard output is closed or on a full device: it serves all the same.
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
                $"port {url.Port} is in use; stop who has it, or choose another with --listen.",
            SocketError.AccessDenied =>
                $"port {url.Port} needs more rights; choose one above 1023.",
            SocketError.AddressNotAvailable => $"this machine has no address {url.Host}.",
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
                $"the host name '{url.Host}' is not known.",
            _ => error.Message,
        };

    private static int FailToChoose(
        string kind, string given, IEnumerable<string> names) => Say.Fail(
        ExitCode.Usage, $"There is no {kind} '{given}'; choose from: {string.Join(", ", names)}.");
}
