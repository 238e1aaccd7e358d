namespace Reactor.Tools.Loadgen;

/// <summary>
/// The outputs of a run. What can be known before the run is checked before it; what cannot be
/// written after it goes to the other stream, so that the result of a long run is never lost. Any
/// thread.
/// </summary>
internal sealed class OutputFiles(OutputSettings settings, TextWriter output, TextWriter errors)
{
    /// <summary>
    /// Opens each file for writing and closes it again, without changing it.
    /// </summary>
    /// <returns>A sentence about the first that cannot be written, or null.</returns>
    public string? Check()
    {
        foreach (OutputFile file in settings.Files)
        {
            try
            {
                bool isNew = !File.Exists(file.Path);
                new FileStream(file.Path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
                if (isNew)
                {
                    File.Delete(file.Path); // a run that does not start leaves nothing
                }
            }
            catch (Exception error) when (IsOfWriting(error))
            {
                return $"cannot write {file.Path}: {error.Message}";
            }
        }

        return null;
    }

    /// <summary>
    /// Prints to standard output before the run; a sentence if that fails, else null.
    /// </summary>
    public string? Begin(string text)
    {
        try
        {
            output.Write(text);
            output.Flush();
            return null;
        }
        catch (Exception error) when (IsOfWriting(error))
        {
            return $"the report could not be written: {error.Message.TrimEnd('.')}.";
        }
    }

    /// <summary>Prints the report, and writes the files.</summary>
    /// <param name="report">The text for standard output; may be empty.</param>
    /// <param name="content">Gives the content of a file.</param>
    /// <returns>True if everything is where it should be.</returns>
    public bool Write(string report, Func<OutputKind, string> content)
    {
        string? failure = Begin(report);
        bool isWhole = failure is null || Redirect(failure, report);
        foreach (OutputFile file in settings.Files)
        {
            string text = content(file.Kind);
            if (TextFile.Write(file.Path, text) is { } sentence)
            {
                isWhole = Redirect(sentence, text);
            }
        }

        return isWhole;
    }

    // The content follows the sentence on standard error.
    private bool Redirect(string sentence, string text)
    {
        Say.Line(errors, sentence);
        try
        {
            errors.Write(text);
            errors.Flush();
        }
        catch (Exception error) when (IsOfWriting(error))
        {
            // Both streams are closed or full.
        }

        return false;
    }

    private static bool IsOfWriting(Exception error) => error is IOException
        or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
