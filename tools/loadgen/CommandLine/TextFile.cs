using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Writes reports to files. A failure of the system is a sentence, not an exception, because the
/// other outputs of the report must not be lost. Any thread.
/// </summary>
internal static class TextFile
{
    // Without a byte order mark: the readers of logs reject it.
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a file.</summary>
    /// <returns>A sentence that says why it could not be written; else null.</returns>
    public static string? Write(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text, s_encoding);
            return null;
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"cannot write {path}: {failure.Message}";
        }
    }
}
