using System.Net.Sockets;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// The inspector of a recording: steps through its events, forward and back. Its page needs the
/// token of <see cref="Url"/>. Any thread.
/// </summary>
public sealed class RecordedInspector : IDisposable
{
    private readonly InspectorHost _host;

    private RecordedInspector(LoopTrace trace, InspectorOptions options)
    {
        var shelf = new RecordingShelf();
        shelf.Add(new RecordedRun(trace));
        _host = new InspectorHost(
            options.Port, guard => new InspectorApi(guard, null, shelf).Make(), background: null);
    }

    /// <summary>The address of the page, with its token: show it to the user only.</summary>
    public string Url => _host.Url;

    /// <summary>The port on the loopback address.</summary>
    public int Port => _host.Port;

    /// <summary>Opens a page that shows a trace, served on a thread of its own.</summary>
    /// <param name="trace">The recording.</param>
    /// <param name="options">The port; null: the defaults.</param>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public static RecordedInspector Open(LoopTrace trace, InspectorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return new RecordedInspector(trace, options ?? new InspectorOptions());
    }

    /// <summary>Ends the server, and waits for its thread; idempotent.</summary>
    public void Dispose() => _host.Dispose();

    internal InspectorHost Host => _host;
}
