using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Server;

/// <summary>
/// Runs the command line so that failing standard streams, a closing terminal or a full log file do
/// not end the server, and so that it ends in time.
/// </summary>
internal static class ServerProgram
{
    /// <summary>SIGXFSZ: a write exceeds the file size limit (setrlimit).</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(string[] args)
    {
        StandardStreams.Secure();
        // SIGHUP is unused; its default would end the process when the terminal closes.
        using PosixSignalRegistration hangUp = Ignore(PosixSignal.SIGHUP);
        // A log file at its size limit is only a failed write.
        using PosixSignalRegistration? tooLarge = OperatingSystem.IsLinux()
            || OperatingSystem.IsMacOS() ? Ignore(FileTooLarge) : null;
        using var guard = new EndGuard();
        try
        {
            return new ServerCommand().Invoke(args);
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
