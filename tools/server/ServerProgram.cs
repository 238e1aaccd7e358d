using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Server;

/// <summary>
/// What surrounds the command line: nothing that happens to the standard streams, the terminal or
/// the log file ends the server, and the end it is asked for comes in time.
/// </summary>
internal static class ServerProgram
{
    /// <summary>SIGXFSZ: a write would make a file larger than the limit (setrlimit).</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(string[] args)
    {
        StandardStreams.Secure();
        // SIGHUP has no meaning yet. By default it ends the process when the terminal closes.
        using PosixSignalRegistration hangUp = Ignore(PosixSignal.SIGHUP);
        // A log file at its limit is one that cannot be written: the write fails, and no more.
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
