using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// What serves the connections that a <see cref="LoopServer"/> accepts: one call, and one task, for
/// each of them.
/// </summary>
public interface IConnectionHandler
{
    /// <summary>
    /// Serves one connection until it ends, as a task of its own. The server closes the connection
    /// afterwards. Loop thread only.
    /// </summary>
    Coroutine Serve(Connection connection);
}

/// <summary>
/// Listens, accepts, and runs a task for each connection (asyncio: <c>Server</c>). Made by
/// <c>loop.CreateServer</c>.
/// </summary>
/// <remarks>
/// Loop thread only. An error of accept is skipped or paused for; a listener that can never accept
/// again fails the server: see <see cref="Failure"/>.
/// </remarks>
public sealed class LoopServer
{
    private readonly EventLoop _loop;
    private readonly ServerOptions _options;
    private readonly List<DriverListener> _listeners;
    private readonly List<Acceptor> _acceptors;
    private readonly IntrusiveList<Connection, Connection.Links> _connections = new();
    private readonly CloseSignal _closed;
    private readonly CloseSignal _failed;
    private readonly ServerRoom _room;
    private readonly AddressShares? _shares;
    private Promise<Unit>? _serving;
    private bool _isAccepting;
    private bool _isClosed;

    internal LoopServer(
        EventLoop loop,
        IConnectionHandler handler,
        List<DriverListener> listeners,
        ServerOptions options)
    {
        _loop = loop;
        Handler = handler;
        _listeners = listeners;
        _options = options;
        _room = new ServerRoom(loop, this, options);
        _acceptors = [.. listeners.Select(one => new Acceptor(loop, this, one, options))];
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AcceptPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConnectionsPerAddressMax ?? 1, 1);
        _shares = options.ConnectionsPerAddressMax is { } most ? new AddressShares(most) : null;
        _closed = new CloseSignal(loop);
        _failed = new CloseSignal(loop);
        if (options.StartServing)
        {
            StartServing();
        }
    }

    /// <summary>
    /// The addresses that it listens on, with the ports that were picked; none once it is closed.
    /// </summary>
    public IReadOnlyList<EndPoint> EndPoints =>
        [.. _listeners.Select(listener => listener.LocalEndPoint)];

    /// <summary>True from <see cref="StartServing"/> until <see cref="Close"/>.</summary>
    public bool IsServing => _isAccepting && _listeners.Count > 0;

    /// <summary>The connections that are open.</summary>
    public IReadOnlyCollection<Connection> Connections => _connections;

    /// <summary>
    /// True while it has as many connections as <see cref="ServerOptions.ConnectionsMax"/> allows,
    /// and while a client waits for room.
    /// </summary>
    public bool IsFull => _room.IsFull;

    /// <summary>
    /// Idle connections that were closed for new clients while the server was full.
    /// </summary>
    public long Evicted => _room.Evicted;

    /// <summary>
    /// True if the last <see cref="AcceptWaiting"/> may have left clients in the backlog because
    /// there was no room, no descriptor or no memory for them: try again later.
    /// </summary>
    public bool HasWaiting => _acceptors.Exists(acceptor => acceptor.HasWaiting);

    /// <summary>Connections accepted so far.</summary>
    public long Accepted { get; private set; }

    /// <summary>
    /// Connections that were closed at once because no descriptor was left, or because their
    /// address had as many as <see cref="ServerOptions.ConnectionsPerAddressMax"/> allows.
    /// </summary>
    public long TurnedAway { get; private set; }

    /// <summary>
    /// Why one of its listeners can never accept again, or null. The listener is closed by then;
    /// the others and the open connections go on, for the owner to end
    /// (<see cref="ServeForever"/> and the servers of <c>Reactor.Http</c> do).
    /// </summary>
    public ListenerException? Failure { get; private set; }

    /// <summary>What serves the connections.</summary>
    internal IConnectionHandler Handler { get; }

    /// <summary>Begins to accept; again is harmless.</summary>
    /// <exception cref="InvalidOperationException">It is closed.</exception>
    public void StartServing()
    {
        if (_isClosed)
        {
            throw new InvalidOperationException("This server is closed: make a new one.");
        }

        if (!_isAccepting)
        {
            _isAccepting = true;
            _acceptors.ForEach(acceptor => acceptor.Start());
        }
    }

    /// <summary>
    /// Serves until it is closed, or cancelled: then it closes itself and its clients, waits for
    /// them, and is cancelled (asyncio: <c>serve_forever</c>). Cancelled once more it waits no
    /// longer and resets the clients that are left. A listener that fails ends it the same way.
    /// </summary>
    /// <exception cref="ListenerException">A listener failed (<see cref="Failure"/>).</exception>
    /// <exception cref="InvalidOperationException">
    /// It is closed, or another task serves already.
    /// </exception>
    public async Coroutine ServeForever()
    {
        if (_serving is not null)
        {
            throw new InvalidOperationException("Another task is in ServeForever already.");
        }

        StartServing();
        _serving = new Promise<Unit>(_loop);
        try
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            await _serving;
        }
        catch (Exception error) when (error is LoopCanceledException or ListenerException)
        {
            Close();
            CloseClients();
            await WaitForClients();
            throw;
        }
        finally
        {
            _serving = null;
        }
    }

    /// <summary>Stops listening; open connections go on. Again is harmless.</summary>
    public void Close()
    {
        _isClosed = true;
        _acceptors.ForEach(acceptor => acceptor.Stop());
        foreach (DriverListener listener in _listeners)
        {
            listener.Close();
        }

        _listeners.Clear();
        _acceptors.Clear();
        CheckClosed();
    }

    /// <summary>
    /// Makes the system refuse further clients; those in the backlog are accepted as before. The
    /// first step of an end that resets no client: then wait as long as a handshake may take if
    /// this returns true, <see cref="AcceptWaiting"/>, and <see cref="Close"/>. Idempotent.
    /// </summary>
    /// <returns>True if handshakes that have begun may still complete.</returns>
    public bool StopAdmitting()
    {
        bool mayComplete = false;
        foreach (DriverListener listener in _listeners)
        {
            mayComplete |= listener.StopAdmitting();
        }

        return mayComplete;
    }

    /// <summary>
    /// Accepts at once the clients in the backlog, so that closing the listeners resets none of
    /// them; no more than a turn's share of each listener.
    /// </summary>
    /// <returns>
    /// How many there were, including those that failed before they were accepted. Zero does not
    /// mean that the backlog is empty: see <see cref="HasWaiting"/>, and a driver may bring in the
    /// next turn what it has accepted.
    /// </returns>
    public int AcceptWaiting()
    {
        int count = 0;
        foreach (Acceptor acceptor in _acceptors)
        {
            count += acceptor.AcceptWaiting();
        }

        return count;
    }

    /// <summary>Completes when it is closed and the last connection has ended.</summary>
    public Future<Unit> WaitClosed() => _closed.Wait();

    /// <summary>Completes when a listener has failed: see <see cref="Failure"/>.</summary>
    public Future<Unit> WaitFailed() => _failed.Wait();

    /// <summary>
    /// Closes every connection once what was written on it has been sent; its handler then finds
    /// the end of the stream. A peer that reads nothing can delay that for ever:
    /// <see cref="AbortClients"/>.
    /// </summary>
    public void CloseClients()
    {
        foreach (Connection connection in _connections)
        {
            connection.CloseAfterSend(CloseReason.Shutdown);
        }
    }

    /// <summary>Closes every connection with a reset, whatever is still unsent.</summary>
    public void AbortClients()
    {
        foreach (Connection connection in _connections)
        {
            connection.Abort();
        }
    }

    /// <summary>
    /// Serves a connection that was accepted, or turns it away. False if there is no room for it:
    /// it may be tried again after <see cref="WaitForRoom"/>.
    /// </summary>
    internal bool TryBegin(DriverSocket socket)
    {
        // First its share: an address that has used it up evicts no connection of another one.
        if (_shares?.IsUsedUp(socket.RemoteEndPoint) == true)
        {
            Accepted++;
            TurnedAway++;
            socket.Close(reset: true); // an orderly close would leave us the state of its end
            return true;
        }

        if (!_room.TryMake())
        {
            return false;
        }

        Accepted++;

        var connection = new Connection(_loop, socket, _options.Stream, this);
        _connections.Add(connection);
        _shares?.Take(connection.RemoteEndPoint);
        var serving = new ServeCall(connection);
        _loop.CreateTask(new Coroutine(new Coroutine<Unit>(serving)), "connection");
        return true;
    }

    /// <summary>Completes when it is worth to try again.</summary>
    internal Coroutine WaitForRoom() => _room.Wait();

    /// <summary>A client that waited for room waits no longer.</summary>
    internal void EndWaitForRoom() => _room.EndWait();

    private async Coroutine WaitForClients()
    {
        // A cancellation that is kept back until the clients have gone is not a swallowed one.
        TaskStep step = _loop.RunningStep!;
        bool before = step.KeepsCancellation;
        step.KeepsCancellation = true;
        try
        {
            await WaitClosed();
        }
        catch (LoopCanceledException)
        {
            AbortClients();
            throw;
        }
        finally
        {
            step.KeepsCancellation = before;
        }
    }

    /// <summary>A connection of this server was closed, by whomever.</summary>
    internal void OnClosed(Connection connection)
    {
        _connections.Remove(connection);
        _shares?.GiveBack(connection.RemoteEndPoint);
        _room.OnClosed();
        CheckClosed();
    }

    /// <summary>True while this listener is one of the server's.</summary>
    internal bool IsListening(DriverListener listener) => _listeners.Contains(listener);

    /// <summary>Counts a client that was turned away.</summary>
    internal void CountTurnedAway() => TurnedAway++;

    /// <summary>
    /// A listener can never accept again: it is closed, and the server has failed.
    /// </summary>
    internal void Fail(DriverListener listener, SocketError error)
    {
        var failure = new ListenerException(listener.LocalEndPoint, error);
        Failure ??= failure;
        _loop.Report(new LoopErrorContext { Message = failure.Message, Exception = failure });
        listener.Close();
        _listeners.Remove(listener);
        _acceptors.RemoveAll(acceptor => acceptor.Listener == listener);
        _serving?.TrySetException(Failure);
        _failed.Set();
        CheckClosed();
    }

    private void CheckClosed()
    {
        if (_listeners.Count > 0)
        {
            return;
        }

        _serving?.TrySetResult(default);
        if (_connections.Count == 0)
        {
            _closed.Set();
        }
    }
}
