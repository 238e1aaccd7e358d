using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen merge</c>.</summary>
internal sealed class MergeCommand
{
    private readonly TextWriter _errors;

    public MergeCommand(TextWriter output, TextWriter errors) => (_, _errors) = (output, errors);

    /// <summary>Makes the command with its options and its action.</summary>
    public Command Make()
    {
        var command = new Command(
            "merge", "Merges saved runs of several machines into one, exactly.");
        command.SetAction(_ => Say.Usage(_errors, "merge is not available."));
        return command;
    }
}
