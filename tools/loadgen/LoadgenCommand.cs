using System.CommandLine;
using Reactor.Drivers;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The command line. wrk's letters mean what they mean to wrk; every mistake of the user is one
/// sentence on standard error and exit code 2.
/// </summary>
internal sealed class LoadgenCommand
{
    public const string NoInlineName = "--no-inline";

    private readonly Argument<string> _url = new("URL")
    {
        Description = "What to load: http://HOST:PORT/PATH.",
    };

    private readonly Option<string> _connections = Text(
        "--connections", "N", "Number of connections. [default: 64]", "-c");

    private readonly Option<string> _duration = Text(
        "--duration",
        "TIME",
        "Length of the measurement: 10s, 2m, 500ms; 15 is 15 seconds. [default: 10s]",
        "-d",
        "-z");

    private readonly Option<string> _warmUp = Text(
        "--warmup", "TIME", "Load before the measurement, not counted. [default: 500ms]", "-w");

    private readonly Option<string> _drain = Text(
        "--drain",
        "TIME",
        "Longest wait for responses after the measurement. [default: 1s]");

    private readonly Option<string> _timeout = Text(
        "--timeout", "TIME", "Longest wait for a connection or a response. [default: 2s]", "-T");

    private readonly Option<string> _pipeline = Text(
        "--pipeline", "N", "Requests in flight on each connection. [default: 1]", "-p");

    private readonly Option<string> _threads = Text(
        "--threads",
        "N",
        "Accepted for wrk's sake; only 1 is valid. For more load start more processes.",
        "-t");

    private readonly Option<string> _method = Text(
        "--method", "NAME", "Method of the request. [default: GET]", "-m", "-X");

    private readonly Option<string[]> _fields = new("--header", "-H")
    {
        Description = "Header field to add to the request. Repeat the option for more fields.",
        HelpName = "'NAME: VALUE'",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _distribution = new("--latency", "-L")
    {
        Description = "Print percentiles of the service time.",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Print no progress on standard error.",
    };

    private readonly Option<string> _driver = new Option<string>("--driver")
    {
        Description = "I/O driver. sockets runs on any system; epoll is for Linux and takes less " +
            "CPU time.",
        DefaultValueFactory = _ => LoopDrivers.Names[0],
    }.AcceptOnlyFromAmong([.. LoopDrivers.Names]);

    private readonly Option<bool> _noInline = new(NoInlineName)
    {
        Description = "Complete socket operations on the thread pool of .NET, for comparison. By " +
            "default they complete on the I/O threads. Only for the driver sockets.",
    };

    private readonly Option<string> _script = new("--script", "-s") { Hidden = true };

    private readonly RootCommand _root = new(
        "Measures an HTTP/1.1 server: each connection sends its next request after the response. "
            + "Example: loadgen -c 64 -d 10s http://127.0.0.1:8000/plaintext");

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    public LoadgenCommand(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
        _root.Add(_url);
        foreach (Option option in (Option[])
            [_connections, _duration, _warmUp, _drain, _timeout, _pipeline, _threads, _method,
                _fields, _distribution, _quiet, _driver, _noInline, _script])
        {
            _root.Add(option);
        }

        _root.SetAction(Run);
    }

    /// <summary>Does what the arguments say and gives the exit code.</summary>
    public int Invoke(string[] args)
    {
        // The word run may stand first: other load generators have commands.
        ParseResult parsed = _root.Parse(args is ["run", ..] ? args[1..] : args);
        if (parsed.GetResult(_script) is not null)
        {
            return FailUsage("there are no Lua scripts here; for pipelining use -p 16.");
        }

        // What looks like an option and is none is taken for the URL: say what it really is.
        string? unknown = parsed.GetResult(_url)?.Tokens
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(token => token.StartsWith('-'));
        if (unknown is not null)
        {
            return FailUsage($"there is no option '{unknown}'. Try --help.");
        }

        if (parsed.Errors.Count > 0)
        {
            return FailUsage($"{OptionValues.FirstError(parsed)} Try --help.");
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = _output,
            Error = _errors,
            EnableDefaultExceptionHandler = false,
            // The loop itself hears the signals: a run that is interrupted reports.
            ProcessTerminationTimeout = null,
        });
    }

    private int Run(ParseResult parsed)
    {
        var text = new PlanText(parsed.GetValue(_url)!)
        {
            Connections = parsed.GetValue(_connections),
            Threads = parsed.GetValue(_threads),
            Duration = parsed.GetValue(_duration),
            WarmUp = parsed.GetValue(_warmUp),
            Drain = parsed.GetValue(_drain),
            Timeout = parsed.GetValue(_timeout),
            Pipeline = parsed.GetValue(_pipeline),
            Method = parsed.GetValue(_method),
            Fields = parsed.GetValue(_fields) ?? [],
            ShowsDistribution = parsed.GetValue(_distribution),
            IsQuiet = parsed.GetValue(_quiet),
        };
        (LoadPlan? plan, string? error) = text.Read();
        if (plan is null)
        {
            return FailUsage(error!);
        }

        return EventLoop.Run(
            () => new LoadSession(plan, _output, _errors).Run(),
            new EventLoopOptions
            {
                Driver = LoopDrivers.Create(parsed.GetValue(_driver)!),
                Name = "loadgen",
            });
    }

    private int FailUsage(string sentence)
    {
        Say.Line(_errors, sentence);
        return ExitCode.Usage;
    }

    private static Option<string> Text(
        string name, string helpName, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = helpName, Description = description };
}
