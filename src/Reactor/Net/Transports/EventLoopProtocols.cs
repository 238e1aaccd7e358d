using System.Net;

namespace Reactor.Net;

/// <summary>
/// Members of <see cref="EventLoop"/> for servers and clients in callback style, with
/// <see cref="IProtocol"/> and <see cref="ITransport"/>.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public static class EventLoopProtocols
{
    extension(EventLoop loop)
    {
        /// <summary>
        /// Listens on a host name or address and makes a protocol for each connection, at once
        /// (asyncio: <c>create_server</c>).
        /// </summary>
        /// <param name="protocolFactory">
        /// Called for each connection. An exception is reported and closes the connection.
        /// </param>
        /// <param name="host">An address, or a name for all its addresses.</param>
        /// <param name="port">The port; 0 picks one.</param>
        /// <param name="options">How to listen and accept.</param>
        /// <param name="transport">The bounds of each connection's write buffer.</param>
        /// <exception cref="System.Net.Sockets.SocketException">
        /// The address is in use or not available; no listener is left open.
        /// </exception>
        public Coroutine<LoopServer> CreateServer(
            Func<IProtocol> protocolFactory, string host, int port, ServerOptions? options = null,
            TransportOptions? transport = null)
        {
            ArgumentNullException.ThrowIfNull(protocolFactory);
            return loop.CreateServer(
                new ProtocolHandler(protocolFactory, transport ?? new()), host, port, options);
        }

        /// <summary>Listens on given addresses; see the overload with a host.</summary>
        /// <inheritdoc cref="CreateServer(EventLoop, Func{IProtocol}, string, int, ServerOptions,
        /// TransportOptions)" path="/exception"/>
        public LoopServer CreateServer(
            Func<IProtocol> protocolFactory, IEnumerable<EndPoint> endPoints,
            ServerOptions? options = null, TransportOptions? transport = null)
        {
            ArgumentNullException.ThrowIfNull(protocolFactory);
            return loop.CreateServer(
                new ProtocolHandler(protocolFactory, transport ?? new()), endPoints, options);
        }

        /// <summary>
        /// Connects to a host name or address with a protocol (asyncio: <c>create_connection</c>).
        /// </summary>
        /// <typeparam name="TProtocol">The type of the protocol.</typeparam>
        /// <param name="protocolFactory">Called once connected.</param>
        /// <param name="host">A name or an address.</param>
        /// <param name="port">The port.</param>
        /// <param name="options">The bounds of the write buffer.</param>
        /// <param name="connect">How to choose among the addresses.</param>
        /// <returns>Both, after <see cref="IProtocol.ConnectionMade"/> has run.</returns>
        /// <exception cref="System.Net.Sockets.SocketException">
        /// None of the addresses answers.
        /// </exception>
        public async Coroutine<(ITransport Transport, TProtocol Protocol)>
            CreateConnection<TProtocol>(
                Func<TProtocol> protocolFactory, string host, int port,
                TransportOptions? options = null, ConnectOptions? connect = null)
            where TProtocol : IProtocol
        {
            ArgumentNullException.ThrowIfNull(protocolFactory);
            ThrowUnlessCurrent(loop);
            return await Begin(
                await Connection.OpenAsync(host, port, connect), protocolFactory, options);
        }

        /// <summary>Connects to an address; see the overload with a host.</summary>
        /// <exception cref="System.Net.Sockets.SocketException">
        /// The address does not answer.
        /// </exception>
        public async Coroutine<(ITransport Transport, TProtocol Protocol)>
            CreateConnection<TProtocol>(
                Func<TProtocol> protocolFactory, EndPoint endPoint,
                TransportOptions? options = null, ConnectOptions? connect = null)
            where TProtocol : IProtocol
        {
            ArgumentNullException.ThrowIfNull(protocolFactory);
            ThrowUnlessCurrent(loop);
            return await Begin(
                await Connection.OpenAsync(endPoint, connect), protocolFactory, options);
        }
    }

    private static async Coroutine<(ITransport Transport, TProtocol Protocol)> Begin<TProtocol>(
        Connection connection, Func<TProtocol> protocolFactory, TransportOptions? options)
        where TProtocol : IProtocol
    {
        try
        {
            TProtocol protocol = protocolFactory();
            var transport = new ConnectionTransport(connection, protocol, options ?? new());
            await transport.BeginAsync();
            return (transport, protocol);
        }
        catch
        {
            connection.Abort(); // the factory threw, or the caller was cancelled
            throw;
        }
    }

    private static void ThrowUnlessCurrent(EventLoop loop)
    {
        loop.ThrowIfClosed();
        if (!ReferenceEquals(EventLoop.TryGetCurrent(), loop))
        {
            throw new InvalidOperationException(
                "A connection is made on the loop that runs: await CreateConnection there.");
        }
    }

    /// <summary>
    /// The task waits for the end of the connection, so that cancelling it closes the connection.
    /// </summary>
    private sealed class ProtocolHandler(Func<IProtocol> protocolFactory, TransportOptions options)
        : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection)
        {
            if (connection.IsClosed)
            {
                return; // aborted in the turn in which it was accepted
            }

            var transport = new ConnectionTransport(connection, protocolFactory(), options);
            _ = transport.BeginAsync();
            await transport.Lost;
        }

        public override string ToString() => $"protocols of {protocolFactory.Method.ReturnType}";
    }
}
