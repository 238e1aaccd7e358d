using System.CommandLine;
using Reactor.Drivers;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The command line. A usage error is one sentence on standard error and exit code 2.
/// </summary>
internal sealed class LoadgenCommand
{
    public const string NoInlineName = "--no-inline";

    // A word such as @file is the value of an option, not a file with further options.
    private static readonly ParserConfiguration s_parser = new()
    {
        ResponseFileTokenReplacer = null,
    };

    private readonly PlanOptions _plan = new();

    private readonly Option<string> _driver = new Option<string>("--driver")
    {
        Description = "I/O driver: sockets (any system) or epoll (Linux, less CPU time).",
        DefaultValueFactory = _ => LoopDrivers.Names[0],
    }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. LoopDrivers.Names]);

    private readonly Option<bool> _noInline = new(NoInlineName)
    {
        Description = "Complete socket operations on the thread pool, for comparison. By default " +
            "they complete on the I/O threads. Only for the sockets driver.",
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
        _plan.AddTo(_root);
        _root.Add(_driver);
        _root.Add(_noInline);
        _root.Add(_script);
        _root.SetAction(Run);
    }

    /// <summary>Executes the arguments and returns the exit code.</summary>
    public int Invoke(string[] args)
    {
        if (args is [string word, ..] && MakeCommand(word) is { } command)
        {
            return Parse(new RootCommand { command }, args);
        }

        // An initial "run" is allowed, because other load generators have commands.
        return Parse(_root, args is ["run", ..] ? args[1..] : args);
    }

    // Only the command that is used: a run of one request must not wait for the options of others.
    private Command? MakeCommand(string word) => word switch
    {
        "serve" => new ServeCommand(_output, _errors).Make(),
        "doctor" => new DoctorCommand(_output, _errors).Make(),
        "report" => new ReportCommand(_output, _errors).Make(),
        "merge" => new MergeCommand(_output, _errors).Make(),
        _ => null,
    };

    private int Parse(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args, s_parser);
        if (parsed.GetResult(_script) is not null)
        {
            return Say.Usage(_errors, "Lua scripts are not supported; for pipelining use -p 16.");
        }

        if (parsed.Errors.Count > 0)
        {
            return Say.Usage(_errors, OptionValues.FirstError(parsed));
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = _output,
            Error = _errors,
            EnableDefaultExceptionHandler = false,
            // The session handles the signals, so that an interrupted run prints its report.
            ProcessTerminationTimeout = null,
        });
    }

    private int Run(ParseResult parsed)
    {
        LoadPlan plan = _plan.Read(parsed, out string? error);
        error ??= InlineCompletions.Contradiction(
            parsed.GetValue(_noInline), parsed.GetValue(_driver)!);
        if (error is not null)
        {
            return Say.Usage(_errors, error);
        }

        return EventLoop.Run(
            () => new LoadSession(plan, _output, _errors).Run(),
            new EventLoopOptions
            {
                Driver = LoopDrivers.Create(parsed.GetValue(_driver)!),
                Name = "loadgen",
            });
    }
}
