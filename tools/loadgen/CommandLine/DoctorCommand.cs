using System.CommandLine;

namespace Reactor.Tools.Loadgen;

/// <summary>The command <c>loadgen doctor</c>.</summary>
internal static class DoctorCommand
{
    public const string Description =
        "Starts a doctorr with known delays and a known limit, to try measurements on.";

    /// <summary>Makes the command.</summary>
    public static Command Make(TextWriter output, TextWriter errors)
    {
        var command = new Command("doctor", Description);
        command.SetAction(_ => Say.Usage(errors, "doctor is not available."));
        return command;
    }
}
