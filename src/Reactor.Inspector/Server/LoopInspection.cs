using System.Net.Sockets;

namespace Reactor.Inspector;

/// <summary>Opens an inspector in the browser for a loop.</summary>
public static class LoopInspection
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Opens a page that shows what this loop does, served by another loop on a thread of its
        /// own, on the loopback address only. It observes the loop from its next turn on, and never
        /// stops it. Any thread while the loop runs, else not while another thread begins a run;
        /// binds a port, so call it while the program starts.
        /// </summary>
        /// <param name="options">Port and bounds; null: the defaults.</param>
        /// <returns>The server, with the address of the page; dispose it to end it.</returns>
        /// <exception cref="SocketException">The port cannot be bound.</exception>
        /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
        /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
        public LoopInspectorServer OpenInspector(InspectorOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(loop);
            return new LoopInspectorServer(loop, options ?? new InspectorOptions());
        }
    }
}
