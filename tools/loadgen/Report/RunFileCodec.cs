using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reactor.Tools.Loadgen;

/// <summary>Writes and reads saved runs, see <see cref="RunFile"/>. Pure; any thread.</summary>
internal static class RunFileCodec
{
    // The file is no part of a page, so + and < stay readable.
    private static readonly RunFileContext s_readable = new(
        new JsonSerializerOptions(RunFileContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });

    /// <summary>The JSON of a saved run, with a line feed at its end.</summary>
    public static string Write(RunFile file) =>
        JsonSerializer.Serialize(file, s_readable.RunFile) + "\n";

    /// <summary>Reads a saved run.</summary>
    /// <param name="json">The file's content in UTF-8.</param>
    /// <param name="result">The result of the run, or null if there is an error.</param>
    /// <param name="error">What is wrong, to follow the file's name; else null.</param>
    /// <returns>The saved run, or null if there is an error.</returns>
    public static RunFile? Read(
        ReadOnlySpan<byte> json, out LoadResult? result, out string? error)
    {
        result = null;
        try
        {
            RunVersion? version = JsonSerializer.Deserialize(
                json, RunFileContext.Default.RunVersion);
            error = version?.Version switch
            {
                null => "it is no saved run",
                RunFile.CurrentVersion => null,
                > RunFile.CurrentVersion => FormattableString.Invariant(
                    $"it has version {version.Version}, and this loadgen reads version 1"),
                _ => FormattableString.Invariant($"the version {version.Version} is unknown"),
            };
            if (error is not null)
            {
                return null;
            }

            RunFile file = JsonSerializer.Deserialize(json, RunFileContext.Default.RunFile)!;
            RunFileReader.ThresholdsOf(file);
            result = RunFileReader.ResultOf(file);
            return file;
        }
        catch (JsonException failure)
        {
            error = FormattableString.Invariant(
                $"it is damaged at {failure.Path ?? "$"}, line {failure.LineNumber + 1}");
            return null;
        }
        catch (InvalidDataException failure)
        {
            error = $"it is damaged: {failure.Message.TrimEnd('.')}";
            return null;
        }
    }
}
