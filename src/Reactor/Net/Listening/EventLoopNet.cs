using System.Net;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Members of <see cref="EventLoop"/> that make listening servers. Loop thread only.
/// </summary>
public static class EventLoopNet
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Listens on a host name or address and serves each connection as a task, at once
        /// (asyncio: <c>create_server</c>).
        /// </summary>
        /// <param name="handler">Serves each connection.</param>
        /// <param name="host">An address, or a name for all its addresses.</param>
        /// <param name="port">The port; 0 picks one.</param>
        /// <param name="options">How to listen and accept.</param>
        /// <exception cref="System.Net.Sockets.SocketException">
        /// An address cannot be listened on; the message tells which, why and what to do. No
        /// listener is left open.
        /// </exception>
        public Coroutine<LoopServer> CreateServer(
            IConnectionHandler handler, string host, int port, ServerOptions? options = null) =>
            loop.CreateServer(handler, [host], port, options);

        /// <summary>
        /// Listens on several host names or addresses; with port 0 each address gets its own.
        /// </summary>
        /// <inheritdoc cref="CreateServer(EventLoop, IConnectionHandler, string, int,
        /// ServerOptions)"/>
        public async Coroutine<LoopServer> CreateServer(
            IConnectionHandler handler, IReadOnlyList<string> hosts, int port,
            ServerOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(handler);
            ArgumentNullException.ThrowIfNull(hosts);
            var addresses = new List<IPAddress>();
            foreach (string host in hosts)
            {
                addresses.AddRange(await HostNames.ResolveAsync(loop, host));
            }

            return loop.CreateServer(
                handler, addresses.Distinct().Select(address => new IPEndPoint(address, port)),
                options);
        }

        /// <summary>Listens on given addresses; see the overload with a host.</summary>
        public LoopServer CreateServer(
            IConnectionHandler handler, IEnumerable<EndPoint> endPoints,
            ServerOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(handler);
            ArgumentNullException.ThrowIfNull(endPoints);
            loop.ThrowIfClosed();
            options ??= new ServerOptions();
            options.Stream.ThrowIfInvalid();
            var listeners = new List<DriverListener>();
            try
            {
                foreach (EndPoint endPoint in endPoints)
                {
                    listeners.Add(ListenErrors.Explain(
                        endPoint, () => loop.Driver.Listen(endPoint, options.Listen)));
                }
            }
            catch
            {
                listeners.ForEach(listener => listener.Close());
                throw;
            }

            return new LoopServer(loop, handler, listeners, options);
        }

        /// <summary>
        /// Serves a bound socket, for example from a service manager; the server then owns it.
        /// </summary>
        /// <exception cref="NotSupportedException">
        /// The driver cannot use sockets of the runtime.
        /// </exception>
        /// <exception cref="ArgumentException">It is not a bound stream socket.</exception>
        public LoopServer CreateServer(
            IConnectionHandler handler, System.Net.Sockets.Socket socket,
            ServerOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(handler);
            ArgumentNullException.ThrowIfNull(socket);
            loop.ThrowIfClosed();
            options ??= new ServerOptions();
            options.Stream.ThrowIfInvalid();
            return new LoopServer(
                loop, handler, [loop.Driver.Listen(socket, options.Listen)], options);
        }

        /// <summary>
        /// Listens and serves each connection with a coroutine (asyncio: <c>start_server</c>).
        /// </summary>
        /// <inheritdoc cref="CreateServer(EventLoop, IConnectionHandler, string, int,
        /// ServerOptions)"/>
        public Coroutine<LoopServer> StartServer(
            Func<Connection, Coroutine> handler, string host, int port,
            ServerOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(handler);
            return loop.CreateServer(new DelegateHandler(handler), host, port, options);
        }
    }

    private sealed class DelegateHandler(Func<Connection, Coroutine> handler) : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => handler(connection);
    }
}
