using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Writes errors of a loop without a logger to standard error. Used by the log thread only.
/// </summary>
internal sealed class StandardErrorLogger : ILogger
{
    public static readonly StandardErrorLogger Instance = new();

    private StandardErrorLogger() => StandardStreams.SecureError();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string text = $"{logLevel.ToString().ToLowerInvariant()}: {formatter(state, exception)}";
        if (exception is not null)
        {
            // Each message begins at the left margin and nothing else does.
            text += Environment.NewLine + exception;
            text = text.Replace(
                Environment.NewLine, Environment.NewLine + "      ", StringComparison.Ordinal);
        }

#pragma warning disable RS0030 // the last resort
        Console.Error.WriteLine(text);
#pragma warning restore RS0030
    }
}
