using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen merge</c>.</summary>
internal static class MergeCommand
{
    public const string Description =
        "Starts a merger with known delays and a known limit, to try measurements on.";

    /// <summary>Makes the command.</summary>
    public static Command Make(TextWriter output, TextWriter errors)
    {
        var command = new Command("merge", Description);
        command.SetAction(_ => Say.Usage(errors, "merge is not available."));
        return command;
    }
}
