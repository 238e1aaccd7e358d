using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen serve</c>.</summary>
internal sealed class ServeCommand
{
    private readonly TextWriter _errors;

    public ServeCommand(TextWriter output, TextWriter errors) => (_, _errors) = (output, errors);

    /// <summary>Makes the command with its options and its action.</summary>
    public Command Make()
    {
        var command = new Command(
            "serve", "Starts a server with known delays or a known limit, to try measurements on.");
        command.SetAction(_ => Say.Usage(_errors, "serve is not available."));
        return command;
    }
}
