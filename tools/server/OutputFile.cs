using System.CommandLine;

namespace Reactor.Tools.Server;

/// <summary>
/// The file that a command writes, or standard output for <c>-</c>. A file that cannot be written
/// is one sentence.
/// </summary>
internal static class OutputFile
{
    private const string StandardOutput = "-";

    /// <summary>The option <c>-o</c>.</summary>
    public static Option<string> Option(string what) => new("-o", "--output")
    {
        Description = $"File to write the {what} to, or - for standard output.",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>
    /// Writes to a file. After a failure a new file does not exist, and one that existed is
    /// incomplete.
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
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
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
        bool isNew = !File.Exists(path);
        try
        {
            using FileStream file = File.Create(path);
            write(file);
        }
        catch (Exception) when (isNew)
        {
            File.Delete(path);
            throw;
        }
    }
}
