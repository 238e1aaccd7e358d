using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Net;

/// <summary>
/// A transport over a connection's socket: the life of the connection and the calls of its
/// protocol. Reading and writing are the work of <see cref="TransportReader"/> and
/// <see cref="TransportWriter"/>; the connection itself is what the server counts, closes and
/// aborts.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// There is one way to the end: whatever happens closes the connection, and the connection tells
/// <see cref="OnClosed"/>, which has the protocol told. So a server that aborts its clients, a peer
/// that resets and a protocol that throws all come to one <c>ConnectionLost</c>; the first error
/// wins.
/// </para>
/// </remarks>
internal sealed class ConnectionTransport : ITransport
{
    private readonly Connection _connection;
    private readonly LoopContext _context = LoopContext.Capture();
    private readonly TransportReader _reader;
    private readonly TransportWriter _writer;
    private readonly Promise<Unit> _made;
    private Exception? _error;
    private bool _isClosing;

    public ConnectionTransport(
        Connection connection, IProtocol protocol, TransportOptions options)
    {
        _connection = connection;
        Protocol = protocol;
        LocalEndPoint = connection.LocalEndPoint;
        RemoteEndPoint = connection.RemoteEndPoint;
        _made = new Promise<Unit>(connection.Loop);
        Lost = new Promise<Unit>(connection.Loop);
        _reader = new TransportReader(this, connection, _context);
        _writer = new TransportWriter(this, connection, _context, options);
        connection.Transport = this;
    }

    /// <inheritdoc/>
    public IProtocol Protocol
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <inheritdoc/>
    public EndPoint? LocalEndPoint { get; }

    /// <inheritdoc/>
    public EndPoint? RemoteEndPoint { get; }

    /// <inheritdoc/>
    public SafeHandle? Descriptor =>
        _connection.IsClosed ? null : _connection.Socket.Descriptor;

    /// <inheritdoc/>
    public bool IsClosing => _isClosing || _connection.IsClosed;

    /// <inheritdoc/>
    public bool IsReading => _reader.IsReading;

    /// <inheritdoc/>
    public long WriteBufferSize => _writer.UnsentBytes;

    /// <inheritdoc/>
    public (int Low, int High) WriteBufferLimits => _writer.Limits;

    /// <inheritdoc/>
    public bool CanWriteEof => true;

    /// <summary>Done when the protocol was told that the connection is lost.</summary>
    public Promise<Unit> Lost { get; }

    private EventLoop Loop => _connection.Loop;

    /// <summary>
    /// Has the protocol told that the connection is there, then reading begun, then the future done
    /// that is given back.
    /// </summary>
    public Future<Unit> Begin()
    {
        Loop.CallSoon(static self => self.OnMade(), this, _context);
        return _made;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> data) => _writer.Write(data);

    /// <inheritdoc/>
    public void WriteEof() => _writer.WriteEof();

    /// <inheritdoc/>
    public void Close()
    {
        if (IsClosing)
        {
            return;
        }

        _isClosing = true;
        if (_writer.UnsentBytes == 0)
        {
            _connection.Close();
        }
    }

    /// <inheritdoc/>
    public void Abort() => _connection.Abort();

    /// <inheritdoc/>
    public void PauseReading() => _reader.Pause();

    /// <inheritdoc/>
    public void ResumeReading() => _reader.Resume();

    /// <inheritdoc/>
    public void SetWriteBufferLimits(int? high = null, int? low = null) =>
        _writer.SetLimits(high, low);

    /// <summary>The protocol and the addresses, for logs.</summary>
    public override string ToString() =>
        $"<transport of {Protocol.GetType().Name}, {LocalEndPoint} to {RemoteEndPoint}"
        + $"{(IsClosing ? ", closing" : "")}>";

    /// <summary>Everything that was written before a close was sent.</summary>
    public void OnAllSent()
    {
        if (_isClosing)
        {
            _connection.Close();
        }
    }

    /// <summary>
    /// The network failed, which is everyday life: the protocol is told, and nobody else.
    /// </summary>
    public void EndWith(SocketError error)
    {
        _error ??= new SocketException((int)error);
        _connection.Close(SocketFailure.ReasonOf(error));
    }

    /// <summary>
    /// A method of the protocol threw, or the protocol did what it must not: nobody up the stack
    /// can catch that, so it is reported, and the connection ends.
    /// </summary>
    public void Fail(string message, Exception error)
    {
        Report(message, error);
        _error ??= error;
        _connection.Abort();
    }

    /// <summary>
    /// The connection was closed, by whomever: the protocol is told, in the next turn.
    /// </summary>
    public void OnClosed()
    {
        _writer.OnClosed();
        Loop.CallSoon(static self => self.OnLost(), this, _context);
    }

    private void OnMade()
    {
        try
        {
            Protocol.ConnectionMade(this);
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            Fail("Fatal error: protocol.connection_made() call failed.", error);
        }
        finally
        {
            _reader.Begin();
            _made.TrySetResult(default);
        }
    }

    private void OnLost()
    {
        try
        {
            Protocol.ConnectionLost(_error);
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            Report("Fatal error: protocol.connection_lost() call failed.", error);
        }
        finally
        {
            Lost.TrySetResult(default);
        }
    }

    private void Report(string message, Exception error) => Loop.Report(new LoopErrorContext
    {
        Message = message,
        Exception = error,
        Transport = this,
        Protocol = Protocol,
    });
}
