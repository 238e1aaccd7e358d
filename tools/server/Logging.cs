using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Reactor.Tools.Server;

/// <summary>
/// The server's log: standard error, one line a message, in the words of .NET's console logger; the
/// stack of an exception follows in lines that are indented.
/// </summary>
/// <remarks>
/// That logger itself was a third of the time until the first answer: it comes with a container,
/// options and configuration, and with a queue and a thread of its own. Here everything arrives
/// through the loop's <see cref="LogQueue"/>, which has both, and drops what a slow terminal does
/// not take. So this is called by one thread, and may wait.
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
        // Standard error stays open until the process ends.
    }

    private sealed class Line(LogLevel least, string category) : ILogger
    {
        private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

        // Each message begins at the left margin and nothing else does.
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

            // The queue has escaped the line breaks of clients; those that are left are before the
            // exception and between the frames of its stack.
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
