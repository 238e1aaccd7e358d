using System.Reflection;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// The inspector of a running loop, made by <c>loop.OpenInspector</c>. Its page needs the token of
/// <see cref="Url"/>. Any thread.
/// </summary>
public sealed class LoopInspectorServer : IDisposable
{
    private readonly InspectorHost _host;
    private readonly LateInstrument _instrument;

    internal LoopInspectorServer(EventLoop loop, InspectorOptions options)
    {
        loop.ThrowIfClosed();
        var shelf = new RecordingShelf();
        _instrument = new LateInstrument(loop, options, new TraceNames());
        var live = new LiveSource(loop, _instrument, InfoOf(loop, options), options, shelf);
        _host = new InspectorHost(
            options.Port, guard => new InspectorApi(guard, live, shelf).Make(), live.FollowAsync,
            loop.Options.LoggerFactory, () => WarmUp.MakeViews(live.Session),
            "/api/live?since=-1");
        _instrument.Attach();
    }

    /// <summary>The address of the page, with its token: show it to the user only.</summary>
    public string Url => _host.Url;

    /// <summary>The port on the loopback address.</summary>
    public int Port => _host.Port;

    /// <summary>
    /// Ends the observation and the server, and waits for its thread; idempotent. Any thread but
    /// the inspector's.
    /// </summary>
    public void Dispose()
    {
        _instrument.Detach();
        _host.Dispose();
    }

    internal InspectorHost Host => _host;

    /// <summary>Not that of the loop's driver: a recording would have the reading.</summary>
    internal static DateTimeOffset WallTime
    {
        get
        {
#pragma warning disable RS0030 // the trace shows when it began
            return DateTimeOffset.UtcNow;
#pragma warning restore RS0030
        }
    }

    private static TraceInfo InfoOf(EventLoop loop, InspectorOptions options)
    {
        Assembly? program = Assembly.GetEntryAssembly();
        return new TraceInfo
        {
            Program = options.Program ?? ThisProgram.Name,
            Version = options.Program is null ? program?.GetName().Version?.ToString(3) ?? "" : "",
            Driver = loop.Driver.Name,
            Begin = WallTime,
            Resolution = loop.Driver.Resolution,
        };
    }
}
