using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The command line. A usage error is one sentence on standard error and exit code 2.
/// </summary>
internal sealed class LoadgenCommand
{
    private const string Description =
        "Measures an HTTP/1.1 server, in a closed loop like wrk, or with -R at a given rate.";

    /// <summary>The commands beside a run.</summary>
    public static IReadOnlyList<string> Names { get; } = ["serve", "doctor", "report", "merge"];

    // A word such as @file is the value of an option, not a file with further options.
    private static readonly ParserConfiguration s_parser = new()
    {
        ResponseFileTokenReplacer = null,
    };

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    public LoadgenCommand(TextWriter output, TextWriter errors) =>
        (_output, _errors) = (output, errors);

    /// <summary>Executes the arguments and returns the exit code.</summary>
    public int Invoke(string[] args)
    {
        // Only the command that is used is made: one request must not wait for the other options.
        if (args is [var word, ..] && MakeCommand(word) is { } command)
        {
            ParseResult parsed = new RootCommand(Description) { command }.Parse(args, s_parser);
            return parsed.Errors.Count > 0
                ? Say.Usage(_errors, OptionValues.FirstError(parsed))
                : Invoke(parsed);
        }

        return InvokeRun(args is ["run", ..] ? args[1..] : args, args);
    }

    private static int Execute(RunSettings settings, TextWriter output, TextWriter errors)
    {
        if (settings.Output.IsDryRun)
        {
            output.Write(DryRun.Format(settings));
            output.Flush();
            return ExitCode.Ok;
        }

        if (DescriptorCheck.Complain(settings.Plan) is { } complaint)
        {
            Say.Line(errors, complaint);
            return ExitCode.Usage;
        }

        // The runtime reads the switch once, when the first socket is created.
        InlineCompletions.EnableUnless(settings.IsNotInline, settings.Plan.Threads);
        return EventLoop.Run(
            () => new LoadSession(settings, output, errors).Run(),
            LoadLoop.Options(settings.Plan.Description.Driver));
    }

    private int InvokeRun(string[] args, string[] words)
    {
        var options = new RunOptions(TimeProvider.System);
        var script = new Option<string>("--script", "-s") { Hidden = true };
        var root = new RootCommand(Description) { script };
        options.AddTo(root);
        var help = new RunHelp(() => HelpText.Format(
            Description,
            options.Groups,
            root.Options.Where(one => one is HelpOption or VersionOption),
            Names.Select(name => MakeCommand(name)!)));
        root.Options.OfType<HelpOption>().Single().Action = help;
        root.SetAction(result =>
            options.Read(result, words, out string? error) is { } settings
                ? Execute(settings, _output, _errors)
                : Say.Usage(_errors, error!));
        ParseResult parsed = root.Parse(args, s_parser);
        if (parsed.GetResult(script) is not null)
        {
            return Say.Usage(
                _errors, "Lua scripts are not supported; for pipelining use -p 16.");
        }

        if (parsed.Errors.Count > 0)
        {
            return Say.Usage(_errors, OptionValues.FirstError(parsed));
        }

        return Invoke(parsed);
    }

    private int Invoke(ParseResult parsed) => parsed.Invoke(new InvocationConfiguration
    {
        Output = _output,
        Error = _errors,
        EnableDefaultExceptionHandler = false,
        // The session handles the signals, so that an interrupted run prints its report.
        ProcessTerminationTimeout = null,
    });

    private Command? MakeCommand(string word) => word switch
    {
        "serve" => new ServeCommand(_output, _errors).Make(),
        "doctor" => new DoctorCommand(_output, _errors).Make(),
        "report" => new ReportCommand(_output, _errors).Make(),
        "merge" => new MergeCommand(_output, _errors).Make(),
        _ => null,
    };

    private sealed class RunHelp(Func<string> text) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.Write(text());
            return ExitCode.Ok;
        }
    }
}
