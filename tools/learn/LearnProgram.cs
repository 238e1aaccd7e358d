using System.CommandLine;

namespace Reactor.Learn;

/// <summary>
/// Parses the command line and runs a verb. A usage error and a <see cref="LearnException"/> are
/// one sentence on standard error and an exit code.
/// </summary>
internal static class LearnProgram
{
    private const string Description =
        "Runs the course: from a blocking accept to the loop that serves. Start with: learn next";

    public static int Run(string[] args)
    {
        SdkCompiler.Use();
        return Run(args, LearnContext.OfProcess());
    }

    public static int Run(string[] args, LearnContext context)
    {
        var language = new Option<string?>("--language")
        {
            Description = "The language of explanations: en or zh-CN. Default: from LANG.",
            Recursive = true,
        };
        language.AcceptOnlyFromAmong([.. LanguageNames.All]);
        var root = new RootCommand(Description) { language };
        foreach (Func<LearnContext, Command> create in VerbTable.All)
        {
            root.Add(create(context));
        }

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors is [var error, ..])
        {
            // The allowed values of an option are listed below each other.
            string message = string.Join(' ', error.Message.Split(
                ['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
            context.Error.WriteLine($"learn: {message} Try --help.");
            return ExitCode.Usage;
        }

        context.Language = LanguageNames.Parse(parsed.GetValue(language) ?? "") ?? context.Language;
        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = context.Out,
                Error = context.Error,
            });
        }
        catch (LearnException ended)
        {
            context.Error.WriteLine($"learn: {ended.Message}");
            return ended.ExitCode;
        }
    }
}
