using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Net;

/// <summary>
/// A transport over a connection: its life and the calls of its protocol.
/// <see cref="TransportReader"/> reads, <see cref="TransportWriter"/> writes.
/// </summary>
/// <remarks>
/// Loop thread only. Every end closes the connection, which calls <see cref="OnClosed"/>, so that
/// there is one <c>ConnectionLost</c>. The first error wins.
/// </remarks>
internal sealed class ConnectionTransport : ITransport, IConnectionLayer
{
    private readonly Connection _connection;
    private readonly LoopContext _context = LoopContext.Capture();
    private readonly TransportReader _reader;
    private readonly TransportWriter _writer;
    private readonly Promise<Unit> _made;
    private Exception? _error;
    private bool _isClosing;

    public ConnectionTransport(Connection connection, IProtocol protocol, TransportOptions options)
    {
        _connection = connection;
        Protocol = protocol;
        LocalEndPoint = connection.LocalEndPoint;
        RemoteEndPoint = connection.RemoteEndPoint;
        _made = new Promise<Unit>(connection.Loop);
        Lost = new Promise<Unit>(connection.Loop);
        _reader = new TransportReader(this, connection, _context);
        _writer = new TransportWriter(this, connection, _context, options);
        connection.Extras.Layer = this;
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
    public SafeHandle? Descriptor => _connection.IsClosed ? null : _connection.Socket.Descriptor;

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

    /// <summary>Done when <c>ConnectionLost</c> has run.</summary>
    public Promise<Unit> Lost { get; }

    private EventLoop Loop => _connection.Loop;

    /// <summary>
    /// Posts <c>ConnectionMade</c> and begins to read after it; then the returned future is done.
    /// </summary>
    public Future<Unit> BeginAsync()
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

    public override string ToString() =>
        $"<transport of {Protocol.GetType().Name}, {LocalEndPoint} to {RemoteEndPoint}"
        + $"{(IsClosing ? ", closing" : "")}>";

    /// <summary>Everything is sent: closes if <see cref="Close"/> waited for it.</summary>
    public void OnAllSent()
    {
        if (_isClosing)
        {
            _connection.Close();
        }
    }

    /// <summary>The network failed: only the protocol is told.</summary>
    public void EndWith(SocketError error)
    {
        _error ??= new SocketException((int)error);
        _connection.Close(SocketFailure.ReasonOf(error));
    }

    /// <summary>
    /// The protocol threw or broke a rule: reports it and ends the connection.
    /// </summary>
    public void Fail(string message, Exception error)
    {
        Report(message, error);
        _error ??= error;
        _connection.Abort();
    }

    /// <summary>Calls a method of the protocol; an exception fails the transport.</summary>
    public void Call<TState>(string method, TState state, Action<TState> call)
    {
        try
        {
            call(state);
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            Fail($"Fatal error: protocol.{method}() call failed.", error);
        }
    }

    /// <summary>The connection is closed: the protocol is told in the next turn.</summary>
    public void OnClosed() => Loop.CallSoon(static self => self.OnLost(), this, _context);

    private void OnMade()
    {
        try
        {
            Call("connection_made", this, static self => self.Protocol.ConnectionMade(self));
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
