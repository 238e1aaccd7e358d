using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Listens, accepts, and runs a task for each connection (asyncio: <c>Server</c>). Made by
/// <c>loop.CreateServer</c>.
/// </summary>
/// <remarks>
/// Loop thread only. Accepting pauses after errors; a listener that can never accept again fails
/// the server (<see cref="Failure"/>).
/// </remarks>
public sealed class LoopServer : IConnectionOwner
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
        EventLoop loop, IConnectionHandler handler, List<DriverListener> listeners,
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
    /// The addresses of its listeners, with actual ports; none once closed.
    /// </summary>
    public IReadOnlyList<EndPoint> EndPoints =>
        [.. _listeners.Select(listener => listener.LocalEndPoint)];

    /// <summary>True between <see cref="StartServing"/> and <see cref="Close"/>.</summary>
    public bool IsServing => _isAccepting && _listeners.Count > 0;

    /// <summary>The connections that are open.</summary>
    public IReadOnlyCollection<Connection> Connections => _connections;

    /// <summary>
    /// True at <see cref="ServerOptions.ConnectionsMax"/> and while a client waits.
    /// </summary>
    public bool IsFull => _room.IsFull;

    /// <summary>Idle connections closed for new clients.</summary>
    public long Evicted => _room.Evicted;

    /// <summary>
    /// True if the last <see cref="AcceptWaiting"/> left clients for want of room or descriptors.
    /// </summary>
    internal bool HasWaiting => _acceptors.Exists(acceptor => acceptor.HasWaiting);

    /// <summary>Connections accepted so far.</summary>
    public long Accepted { get; private set; }

    /// <summary>
    /// Connections closed at once: no descriptor was left, or
    /// <see cref="ServerOptions.ConnectionsPerAddressMax"/>.
    /// </summary>
    public long TurnedAway { get; private set; }

    /// <summary>
    /// Why a listener can never accept again, or null. That listener is closed; the rest goes on
    /// until the owner ends it, as <see cref="ServeForeverAsync"/> does.
    /// </summary>
    public ListenerException? Failure { get; private set; }

    internal IConnectionHandler Handler { get; }

    /// <summary>Begins to accept. Idempotent.</summary>
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
    /// Serves until it is closed (asyncio: <c>serve_forever</c>). A cancellation or a failed
    /// listener closes server and clients and waits for them; a second cancellation resets them.
    /// </summary>
    /// <exception cref="ListenerException">A listener failed (<see cref="Failure"/>).</exception>
    /// <exception cref="InvalidOperationException">
    /// It is closed, or another task serves already.
    /// </exception>
    public async Coroutine ServeForeverAsync()
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

    /// <summary>Stops listening; connections go on. Idempotent.</summary>
    public void Close()
    {
        _isClosed = true;
        _acceptors.ForEach(acceptor => acceptor.Stop());
        _listeners.ForEach(listener => listener.Close());

        _listeners.Clear();
        _acceptors.Clear();
        CheckClosed();
    }

    /// <summary>
    /// Makes the system refuse clients. To reset none, wait for a handshake if this is true, then
    /// call <see cref="AcceptWaiting"/> and <see cref="Close"/>. Idempotent.
    /// </summary>
    /// <returns>True if handshakes in progress may still complete.</returns>
    internal bool StopAdmitting() =>
        _listeners.Aggregate(false, static (may, listener) => listener.StopAdmitting() || may);

    /// <summary>
    /// Accepts clients of the backlog, at most a turn's share of each listener; returns their
    /// number, with failed ones. After 0 see <see cref="HasWaiting"/>; a driver may report an
    /// accept in the next turn.
    /// </summary>
    internal int AcceptWaiting() => _acceptors.Sum(static acceptor => acceptor.AcceptWaiting());

    /// <summary>Completes when server and connections are closed.</summary>
    public Future<Unit> WaitClosedAsync() => _closed.Wait();

    /// <summary>Completes when a listener has failed: see <see cref="Failure"/>.</summary>
    public Future<Unit> WaitFailedAsync() => _failed.Wait();

    /// <summary>
    /// Closes every connection once its output is sent. A peer that does not read can delay that:
    /// <see cref="AbortClients"/>.
    /// </summary>
    public void CloseClients()
    {
        foreach (Connection connection in _connections)
        {
            connection.CloseAfterSend(CloseReason.Shutdown);
        }
    }

    /// <summary>Closes every connection with a reset.</summary>
    public void AbortClients()
    {
        foreach (Connection connection in _connections)
        {
            connection.Abort();
        }
    }

    /// <summary>
    /// Serves a connection or turns it away; false: try again after
    /// <see cref="WaitForRoomAsync"/>.
    /// </summary>
    internal bool TryBegin(DriverSocket socket)
    {
        // First its share: an address that has used it up must not evict another's connection.
        if (_shares?.IsUsedUp(socket.RemoteEndPoint) == true)
        {
            Accepted++;
            TurnedAway++;
            socket.Close(reset: true); // an orderly close would leave TIME_WAIT here
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
        _loop.CreateTask(new Coroutine(new(new ServeFrame(connection))), "connection");
        return true;
    }

    internal Coroutine WaitForRoomAsync() => _room.Wait();

    internal void EndWaitForRoom() => _room.EndWait();

    private async Coroutine WaitForClients()
    {
        // The cancellation is deferred until the clients have ended, not swallowed.
        TaskStep step = _loop.RunningStep!;
        bool before = step.KeepsCancellation;
        step.KeepsCancellation = true;
        try
        {
            await WaitClosedAsync();
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

    /// <inheritdoc/>
    void IConnectionOwner.OnClosed(Connection connection)
    {
        _connections.Remove(connection);
        _shares?.Release(connection.RemoteEndPoint);
        _room.OnClosed();
        CheckClosed();
    }

    internal bool IsListening(DriverListener listener) => _listeners.Contains(listener);

    internal void CountTurnedAway() => TurnedAway++;

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
