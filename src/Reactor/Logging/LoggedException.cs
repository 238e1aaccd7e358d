using System.Text;

namespace Reactor;

/// <summary>
/// Replaces, in a log, an exception whose text contains control characters: the same text, escaped,
/// beginning with the original type. Any thread.
/// </summary>
public sealed class LoggedException : Exception
{
    private readonly string? _stackTrace;

    private LoggedException(Exception original, Exception? inner)
        : base(LogText.Escape(original.Message), inner)
    {
        OriginalType = original.GetType();
        HResult = original.HResult;
        _stackTrace = original.StackTrace is not { } trace ? null : string.Join(
            Environment.NewLine, trace.Split(Environment.NewLine).Select(EscapeFrame));
    }

    private LoggedException(Exception original, string message)
        : base(message) => OriginalType = original.GetType();

    /// <summary>The type of the original exception.</summary>
    public Type OriginalType { get; }

    /// <inheritdoc/>
    public override string? StackTrace => _stackTrace;

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new StringBuilder().Append(OriginalType).Append(": ").Append(Message);
        if (InnerException is { } inner)
        {
            text.AppendLine().Append(" ---> ").Append(inner).AppendLine()
                .Append("   --- End of inner exception stack trace ---");
        }

        if (!string.IsNullOrEmpty(_stackTrace))
        {
            text.AppendLine().Append(_stackTrace);
        }

        return text.ToString();
    }

    /// <summary>
    /// What a sink may get. The exception's text is user code; if that throws, the type remains.
    /// </summary>
    internal static Exception Of(Exception original)
    {
        try
        {
            if (ExceptionDepth.IsTooDeep(original))
            {
                return new LoggedException(original, ExceptionDepth.Describe(original));
            }

            return IsSafe(original)
                ? original
                : new LoggedException(
                    original, original.InnerException is { } inner ? Of(inner) : null);
        }
        catch (Exception error)
        {
            return new LoggedException(original, $"(its text threw {error.GetType()})");
        }
    }

    private static bool IsSafe(Exception error)
    {
        for (Exception? one = error; one is not null; one = one.InnerException)
        {
            if (!LogText.IsSafe(one.Message))
            {
                return false;
            }
        }

        // The text may contain more than messages, such as names of files.
        string[] lines = error.ToString().Split(Environment.NewLine);
        return LogText.IsSafe(lines[0])
            && lines.Skip(1).All(line => LogText.IsSafe(line) && IsOfRuntime(line));
    }

    private static string EscapeFrame(string line) =>
        (IsOfRuntime(line) ? "" : "   ") + LogText.Escape(line);

    private static bool IsOfRuntime(string line) => line.Length == 0
        || line.StartsWith("   ", StringComparison.Ordinal)
        || line.StartsWith(" ---> ", StringComparison.Ordinal)
        || line.StartsWith("--- End of stack trace", StringComparison.Ordinal);
}
