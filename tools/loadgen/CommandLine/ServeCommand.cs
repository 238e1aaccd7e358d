using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen serve</c>.</summary>
internal static class ServeCommand
{
    public const string Description =
        "Starts a server with known delays and a known limit, to try measurements on.";

    /// <summary>Makes the command.</summary>
    public static Command Make(TextWriter output, TextWriter errors)
    {
        var command = new Command("serve", Description);
        command.SetAction(_ => Say.Usage(errors, "serve is not available."));
        return command;
    }
}
