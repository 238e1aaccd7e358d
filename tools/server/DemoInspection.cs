using System.Net.Sockets;
using Reactor.Inspector;

namespace Reactor.Tools.Server;

/// <summary>
/// The inspector of <c>reactor demo --inspect PORT</c>. A port that cannot be bound is one
/// sentence; the server serves anyway. Opened on the loop thread, disposed after its end.
/// </summary>
/// <param name="port">The port.</param>
internal sealed class DemoInspection(int port) : IDisposable
{
    private LoopInspectorServer? _inspector;

    /// <summary>Opens the inspector of the loop that runs on this thread.</summary>
    /// <param name="print">Gets the line with the address.</param>
    public void Open(Action<string> print)
    {
        try
        {
            _inspector = EventLoop.Current.OpenInspector(
                new InspectorOptions { Port = port, Program = "reactor demo" });
            print($"Inspector at {_inspector.Url}");
        }
        catch (SocketException error)
        {
            Say.Line($"--inspect {port}: the port cannot be bound: {error.Message}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _inspector?.Dispose();
}
