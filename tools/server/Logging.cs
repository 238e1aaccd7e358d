using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Reactor.Tools.Server;

/// <summary>
/// Logs to standard error, one line a message, in the format of .NET's console logger; an exception
/// follows in indented lines.
/// </summary>
/// <remarks>
/// .NET's own console logger took a third of the time to the first response: it brings a container,
/// options, configuration, a queue and a thread. <see cref="LogQueue"/> has a queue and a thread
/// already, and drops messages that a slow terminal does not take. So this may block.
/// </remarks>
/// <param name="least">The least level that is logged.</param>
/// <param name="isSilent">
/// True writes nothing: the lines of a replay are those of the recorded run, made again.
/// </param>
internal sealed class Logging(LogLevel least, bool isSilent = false) : ILoggerFactory
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Line(least, isSilent, categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("The log of the server has one sink: standard error.");

    /// <inheritdoc/>
    public void Dispose()
    {
        // Standard error stays open until the process ends.
    }

    private sealed class Line(LogLevel least, bool isSilent, string category) : ILogger
    {
        private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

        // Only a message begins at the left margin.
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
            if (isSilent || !IsEnabled(logLevel))
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

            // The queue has escaped the line breaks of clients: those left are in the exception.
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
