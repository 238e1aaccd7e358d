using System.CommandLine;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Server;

/// <summary>
/// The file that a command writes, or standard output for <c>-</c>. A file that cannot be written
/// is one sentence.
/// </summary>
internal static class OutputFile
{
    /// <summary>The name of standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>The option <c>-o</c>.</summary>
    public static Option<string> Option(string what) => new("-o", "--output")
    {
        Description = $"File to write the {what} to, or - for standard output.",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>
    /// Finds out, before long work, that a file cannot be written because its folder does not exist
    /// or it is a folder.
    /// </summary>
    public static bool TryCheck(string path, out int exitCode)
    {
        string? obstacle = path == StandardOutput ? null
            : Directory.Exists(path) ? "it is a folder."
            : Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder)
                ? $"there is no folder {folder}."
            : null;
        exitCode = obstacle is null ? ExitCode.Ok
            : Say.Fail(ExitCode.CannotWrite, $"{path} cannot be written: {obstacle}");
        return obstacle is null;
    }

    /// <summary>
    /// Writes a file beside the target, which then replaces it: after a failure, or a signal that
    /// ends the program, the target is as before.
    /// </summary>
    public static int Write(string path, Action<Stream> write)
    {
        try
        {
            if (path == StandardOutput)
            {
                using Stream output = Console.OpenStandardOutput();
                write(output);
                output.Flush();
                return ExitCode.Ok;
            }

            WriteFile(path, write);
            return ExitCode.Ok;
        }
        // The last is how .NET reports a file beyond the limit of sizes (EFBIG).
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or ArgumentOutOfRangeException { ParamName: "value" })
        {
            return Say.Fail(
                ExitCode.CannotWrite,
                path == StandardOutput
                    ? $"Standard output cannot be written: {error.Message}"
                    : $"{path} cannot be written: {error.Message}");
        }
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        FileSystemInfo? linked = File.Exists(path)
            ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
        string target = linked?.FullName ?? path;
        // A device or a pipe has no length. It cannot be replaced, and an empty file need not be.
        if (new FileInfo(target) is { Exists: true, Length: 0 })
        {
            WriteEmpty(target, write);
        }
        else
        {
            Replace(target, write);
        }
    }

    private static void WriteEmpty(string target, Action<Stream> write)
    {
        try
        {
            // Shared: other programs may have the device open.
            using var file = new FileStream(
                target, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            write(file);
        }
        catch when (new FileInfo(target).Length > 0)
        {
            File.WriteAllBytes(target, []);
            throw;
        }
    }

    private static void Replace(string target, Action<Stream> write)
    {
        string beside = $"{target}.{Path.GetRandomFileName()}";
        // The signals still end the program.
        using var interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, _ => File.Delete(beside));
        using var terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, _ => File.Delete(beside));
        try
        {
            using (FileStream file = File.Create(beside))
            {
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                {
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(target));
                }

                write(file);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
