using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen doctor</c>.</summary>
internal sealed class DoctorCommand
{
    private readonly TextWriter _errors;

    public DoctorCommand(TextWriter output, TextWriter errors) => (_, _errors) = (output, errors);

    /// <summary>Makes the command with its options and its action.</summary>
    public Command Make()
    {
        var command = new Command(
            "doctor", "Measures the timers and the limit of this client, and says what to trust.");
        command.SetAction(_ => Say.Usage(_errors, "doctor is not available."));
        return command;
    }
}
