using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen report</c>.</summary>
internal static class ReportCommand
{
    public const string Description =
        "Starts a reportr with known delays and a known limit, to try measurements on.";

    /// <summary>Makes the command.</summary>
    public static Command Make(TextWriter output, TextWriter errors)
    {
        var command = new Command("report", Description);
        command.SetAction(_ => Say.Usage(errors, "report is not available."));
        return command;
    }
}
