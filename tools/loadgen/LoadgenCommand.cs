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
        "--connections", "N", "Connections, each a closed loop. Default 64.", "-c");

    private readonly Option<string> _duration = Text(
        "--duration", "TIME", "How long to measure: 10s, 2m, 500ms, 15 for seconds. Default 10s.",
        "-d", "-z");

    private readonly Option<string> _warmUp = Text(
        "--warmup", "TIME", "Load before that, which is not counted. Default 500ms.", "-w");

    private readonly Option<string> _drain = Text(
        "--drain", "TIME", "How long to wait for the last answers. Default 1s.");

    private readonly Option<string> _timeout = Text(
        "--timeout", "TIME", "The longest wait for an answer. Default 2s.", "-T");

    private readonly Option<string> _pipeline = Text(
        "--pipeline", "N", "Requests in flight on each connection. Default 1.", "-p");

    private readonly Option<string> _threads = Text(
        "--threads", "N", "Only 1: one thread with one event loop makes the load.", "-t");

    private readonly Option<string> _method = Text(
        "--method", "NAME", "The method of the request. Default GET.", "-m", "-X");

    private readonly Option<string[]> _fields = new("--header", "-H")
    {
        Description = "A field to add to the request; may be given several times.",
        HelpName = "'NAME: VALUE'",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _distribution = new("--latency", "-L")
    {
        Description = "Print the distribution of service times.",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Print no progress on standard error.",
    };

    private readonly Option<string> _driver = new("--driver")
    {
        Description = "Who talks to the kernel: sockets (any system) or epoll (Linux only; one " +
            "thread does all I/O, for less CPU time).",
        HelpName = "NAME",
        DefaultValueFactory = _ => LoopDrivers.Names[0],
    };

    private readonly Option<bool> _noInline = new(NoInlineName)
    {
        Description = "Let the runtime hand socket completions over its thread pool.",
    };

    private readonly Option<string> _script = new("--script", "-s") { Hidden = true };

    private readonly RootCommand _root = new(
        "Loads an HTTP/1.1 server from one event loop and says what it measured.");

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    public LoadgenCommand(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
        var run = new Command("run", "One measurement; what happens without a command, too.");
        foreach (Command command in (Command[])[_root, run])
        {
            command.Add(_url);
            foreach (Option option in (Option[])
                [_connections, _duration, _warmUp, _drain, _timeout, _pipeline, _threads, _method,
                    _fields, _distribution, _quiet, _driver, _noInline, _script])
            {
                command.Add(option);
            }

            command.SetAction(Run);
        }

        _root.Add(run);
    }

    /// <summary>Does what the arguments say and gives the exit code.</summary>
    public int Invoke(string[] args)
    {
        ParseResult parsed = _root.Parse(args);
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
            return FailUsage($"{parsed.Errors[0].Message} Try --help.");
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

        string driver = parsed.GetValue(_driver)!;
        if (!LoopDrivers.Names.Contains(driver))
        {
            string names = string.Join(", ", LoopDrivers.Names);
            return FailUsage($"there is no driver '{driver}'; choose from: {names}.");
        }

        return EventLoop.Run(
            () => new LoadSession(plan, _output, _errors).Run(),
            new EventLoopOptions { Driver = LoopDrivers.Create(driver), Name = "loadgen" });
    }

    private int FailUsage(string sentence)
    {
        _errors.WriteLine($"loadgen: {sentence}");
        return ExitCode.Usage;
    }

    private static Option<string> Text(
        string name, string helpName, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = helpName, Description = description };
}
