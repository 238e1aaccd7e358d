using Microsoft.Extensions.Logging;

namespace Reactor.Http.Testing;

/// <summary>
/// Keeps the warnings and errors that the server and the loop of one test log, for the message of a
/// failure. The first <see cref="LinesMax"/> lines are kept, because the cause comes first.
/// </summary>
/// <remarks>Any thread: the process has one thread that writes log lines.</remarks>
internal sealed class LogCapture : ILoggerFactory, ILogger
{
    private const int LinesMax = 100;

    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    /// <summary>The lines so far; waits until those in the queue are written.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            LogQueue.Flush(s_flush);
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException(
        "The log of a test has one sink; set TestServerOptions.Http.Log.LoggerFactory instead.");

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string line = formatter(state, exception);
        lock (_lock)
        {
            if (_lines.Count < LinesMax)
            {
                _lines.Add(exception is null ? line : $"{line} {exception}");
            }
        }
    }

    public void Dispose()
    {
    }
}
