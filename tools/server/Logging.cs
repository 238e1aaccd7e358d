using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Reactor.Tools.Server;

/// <summary>
/// The server's log: one line per message on standard error, in the format of .NET's console
/// logger; the stack of an exception follows in indented lines.
/// </summary>
/// <remarks>
/// The console logger itself took a third of the time to the first response: it needs a container,
/// options, configuration, a queue and a thread. Here the loop's <see cref="LogQueue"/> provides
/// queue and thread, and drops messages that a slow terminal does not accept. So one thread calls
/// this class, and may block.
/// </remarks>
internal sealed class Logging(LogLevel least) : ILoggerFactory
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Line(least, categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("The log of the server has one sink: standard error.");

    /// <inheritdoc/>
    public void Dispose()
    {
        // Standard error stays open.
    }

    private sealed class Line(LogLevel least, string category) : ILogger
    {
        private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

        // Only messages begin at the left margin.
        private static readonly string s_nextLine = Environment.NewLine + "      ";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var text = new StringBuilder()
                .Append(DateTime.UtcNow.ToString(TimeFormat, CultureInfo.InvariantCulture))
                .Append(' ').Append(NameOf(logLevel)).Append(": ").Append(category)
                .Append('[').Append(eventId.Id).Append("] ").Append(formatter(state, exception));
            if (exception is not null)
            {
                text.AppendLine().Append(exception);
            }

            // The queue has escaped line breaks of clients; the remaining ones precede the
            // exception and its stack frames.
            text.Replace(Environment.NewLine, s_nextLine);
            Console.Error.WriteLine(text.ToString());
        }

        private static string NameOf(LogLevel level) => level switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
