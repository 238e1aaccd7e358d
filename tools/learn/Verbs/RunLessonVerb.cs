using System.CommandLine;

namespace Reactor.Learn;

/// <summary>The hidden verb of the child process that runs a compiled lesson.</summary>
internal static class RunLessonVerb
{
    public static Command Create(LearnContext context)
    {
        var assembly = new Argument<string>("assembly");
        var record = new Option<string?>("--record");
        var command = new Command(LessonRun.Verb, "Runs a compiled lesson.")
        {
            assembly, record,
        };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            LessonChild.Run(parsed.GetValue(assembly)!, parsed.GetValue(record));
            return ExitCode.Ok;
        });
        return command;
    }
}
