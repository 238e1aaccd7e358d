using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reactor.Testing;

/// <summary>Keeps what is logged in a list. Any thread.</summary>
public sealed class ListLoggerFactory : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly ConcurrentQueue<Exception> _exceptions = new();

    /// <summary>The formatted messages so far.</summary>
    public IReadOnlyCollection<string> Messages => _messages;

    /// <summary>Those of them that are warnings or worse.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>The exceptions that were logged with them.</summary>
    public IReadOnlyCollection<Exception> Exceptions => _exceptions;

    /// <summary>The types of these, also of those whose text had to be made safe.</summary>
    public IEnumerable<Type> ExceptionTypes => _exceptions.Select(
        error => (error as LoggedException)?.OriginalType ?? error.GetType());

    /// <summary>
    /// Called with each message before it is kept; may block, to play a slow sink.
    /// </summary>
    public Action<string>? OnMessage { get; set; }

    /// <summary>A category whose messages are not kept; null: none.</summary>
    public string? Without { get; set; }

    /// <summary>The least level that is enabled.</summary>
    public LogLevel Least { get; set; } = LogLevel.Trace;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        categoryName == Without ? NullLogger.Instance : this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("This factory keeps messages itself.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        string message = formatter(state, exception);
        OnMessage?.Invoke(message);
        _messages.Enqueue(message);
        if (logLevel >= LogLevel.Warning)
        {
            _warnings.Enqueue(message);
        }

        if (exception is not null)
        {
            _exceptions.Enqueue(exception);
        }
    }
}
