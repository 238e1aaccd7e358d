using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen report</c>.</summary>
internal sealed class ReportCommand
{
    private readonly TextWriter _errors;

    public ReportCommand(TextWriter output, TextWriter errors) => (_, _errors) = (output, errors);

    /// <summary>Makes the command with its options and its action.</summary>
    public Command Make()
    {
        var command = new Command(
            "report", "Prints the report of a saved run again, in any format.");
        command.SetAction(_ => Say.Usage(_errors, "report is not available."));
        return command;
    }
}
