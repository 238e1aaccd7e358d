using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Server;

/// <summary>
/// Runs the command line so that trouble with the standard streams, the terminal or the log file
/// does not end the server, and a requested end comes in time.
/// </summary>
internal static class ServerProgram
{
    /// <summary>SIGXFSZ: a write would make a file larger than the limit (setrlimit).</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(string[] args)
    {
        StandardStreams.Secure();
        // By default SIGHUP ends the process when the terminal closes.
        using PosixSignalRegistration hangUp = Ignore(PosixSignal.SIGHUP);
        // A log file at its limit only makes the write fail.
        using PosixSignalRegistration? tooLarge = OperatingSystem.IsLinux()
            || OperatingSystem.IsMacOS() ? Ignore(FileTooLarge) : null;
        using var guard = new EndGuard();
        try
        {
            return ServerCommand.Invoke(args);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Say.Fail(
                ExitCode.CannotWrite, $"Standard output cannot be written: {error.Message}.");
        }
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, static heard => heard.Cancel = true);
}
