using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace Reactor.Testing;

/// <summary>Keeps what a loop or a server logs. Any thread.</summary>
public sealed class ListLoggerFactory : ILoggerFactory
{
    private readonly FakeLogger _logger;

    /// <summary>Keeps nothing yet.</summary>
    public ListLoggerFactory() => _logger = new FakeLogger(FakeLogCollector.Create(
        new FakeLogCollectorOptions
        {
#pragma warning disable EXTEXP0003 // the package's own sink is called when the record is kept
            CustomFilter = record =>
            {
                OnMessage?.Invoke(record.Message);
                return true;
            },
#pragma warning restore EXTEXP0003
        }));

    /// <summary>The logger of every category.</summary>
    public ILogger Logger => _logger;

    /// <summary>What was logged so far.</summary>
    public IReadOnlyList<FakeLogRecord> Records => _logger.Collector.GetSnapshot();

    /// <summary>The formatted messages so far.</summary>
    public IReadOnlyCollection<string> Messages => [.. Records.Select(one => one.Message)];

    /// <summary>Those of them that are warnings or worse.</summary>
    public IReadOnlyCollection<string> Warnings =>
        [.. Records.Where(one => one.Level >= LogLevel.Warning).Select(one => one.Message)];

    /// <summary>The exceptions that were logged with them.</summary>
    public IReadOnlyCollection<Exception> Exceptions =>
        [.. Records.Select(one => one.Exception).OfType<Exception>()];

    /// <summary>The types of these, also of those whose text had to be made safe.</summary>
    public IEnumerable<Type> ExceptionTypes => Exceptions.Select(
        error => (error as LoggedException)?.OriginalType ?? error.GetType());

    /// <summary>
    /// Called with each message before it is kept; may block, to play a slow sink.
    /// </summary>
    public Action<string>? OnMessage { get; set; }

    /// <summary>A category whose messages are not kept; null: none.</summary>
    public string? Without { get; set; }

    /// <summary>Disables the levels below this one.</summary>
    public LogLevel Least
    {
        set
        {
            for (LogLevel level = LogLevel.Trace; level < value; level++)
            {
                _logger.ControlLevel(level, enabled: false);
            }
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        categoryName == Without ? NullLogger.Instance : _logger;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("This factory keeps messages itself.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
