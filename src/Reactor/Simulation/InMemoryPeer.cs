using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// The client's end of a connection, held by a test: no task, no await. What it sends is delivered
/// by the next polls; what arrives lies in <see cref="Received"/>.
/// </summary>
/// <remarks>
/// Loop thread, or the test's thread while the loop does not run. It reads everything as it
/// arrives, unless <see cref="IsReading"/> is false: then the window fills, as with a client that
/// hangs. It may send more than the window: the rest follows as the server reads.
/// </remarks>
public sealed class InMemoryPeer : IStreamOwner
{
    private const int ReadBytes = 4096;

    private readonly ArrayBufferWriter<byte> _received = new();
    private readonly Queue<ReadOnlyMemory<byte>> _unsent = new();
    private StreamEnd? _end;
    private int _sentOfHead;
    private bool _isEndWanted;
    private bool _isClosed;
    private bool _isResetWanted;

    internal InMemoryPeer(InMemoryNetwork network, EndPoint endPoint) =>
        network.Connect(endPoint, null, static () => true, OnConnected);

    /// <summary>True once the connection was made.</summary>
    public bool IsConnected => _end is not null;

    /// <summary>
    /// Why the connection could not be made; <c>Success</c> if it was, or may still be.
    /// </summary>
    public SocketError ConnectError { get; private set; }

    /// <summary>The address of this end; null before it is connected.</summary>
    public EndPoint? LocalEndPoint => _end?.Local;

    /// <summary>All that arrived and was not taken.</summary>
    public ReadOnlyMemory<byte> Received => _received.WrittenMemory;

    /// <summary>
    /// True once the server has ended its direction and everything before that was read.
    /// </summary>
    public bool IsEnded { get; private set; }

    /// <summary>True once the connection was reset, by the server or by misfortune.</summary>
    public bool IsReset { get; private set; }

    /// <summary>Bytes that wait for room in the window.</summary>
    public long UnsentBytes { get; private set; }

    /// <summary>False lets what arrives lie, so that the window fills.</summary>
    public bool IsReading
    {
        get;
        set
        {
            field = value;
            if (value)
            {
                ((IStreamOwner)this).OnReadable();
            }
        }
    } = true;

    /// <summary>
    /// Bytes that it lets come in all, since it was connected: then its window is shut, so that the
    /// server has sent exactly so many. Null, the default: no bound of its own.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long? ReceiveBytesMax
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(value));
            field = value;
            _end?.ArrivalBytesMax = value;
        }
    }

    /// <summary>Sends bytes; they are copied. After a reset they go nowhere.</summary>
    /// <exception cref="InvalidOperationException">This direction has ended.</exception>
    public void Send(ReadOnlySpan<byte> data)
    {
        if (_isEndWanted || _isClosed)
        {
            throw new InvalidOperationException("This peer has ended its direction.");
        }

        _unsent.Enqueue(data.ToArray());
        UnsentBytes += data.Length;
        SendUnsent();
    }

    /// <summary>
    /// Ends the peer's direction (FIN), after all that was sent; it still receives.
    /// </summary>
    public void SendEnd()
    {
        _isEndWanted = true;
        SendUnsent();
    }

    /// <summary>Resets the connection; what was not delivered is lost.</summary>
    public void Reset() => Close(reset: true);

    /// <summary>
    /// Closes the peer's end as a program that exits does: it ends its direction, and answers what
    /// still comes with a reset. What waits for room in the window is lost.
    /// </summary>
    public void Close() => Close(reset: false);

    /// <summary>What arrived since the last call, and forgets it.</summary>
    public byte[] TakeReceived()
    {
        byte[] bytes = _received.WrittenSpan.ToArray();
        _received.ResetWrittenCount();
        return bytes;
    }

    /// <summary>
    /// Reads no more than so many bytes of what has arrived: for a peer that else does not read.
    /// </summary>
    /// <returns>How many were there.</returns>
    public int Read(int bytesMax)
    {
        int left = bytesMax;
        while (left > 0 && !_isClosed && _end is { IsReadable: true } && !IsEnded && !IsReset)
        {
            Span<byte> free = _received.GetSpan(ReadBytes);
            int bytes = _end.Receive(free[..Math.Min(left, free.Length)], out SocketError error);
            _received.Advance(bytes);
            left -= bytes;
            IsEnded = bytes == 0 && error == SocketError.Success;
            IsReset = error != SocketError.Success;
        }

        return bytesMax - left;
    }

    void IStreamOwner.OnReadable()
    {
        if (IsReading)
        {
            Read(int.MaxValue);
        }
    }

    void IStreamOwner.OnWritable()
    {
        // A reset is seen even by a peer that does not read.
        IsReset |= _end is { Error: not SocketError.Success };
        SendUnsent();
    }

    private void OnConnected(StreamEnd? end, SocketError error)
    {
        ConnectError = error;
        if (end is null)
        {
            ForgetUnsent();
            return;
        }

        _end = end;
        end.SetOwner(this);
        end.ArrivalBytesMax = ReceiveBytesMax;
        SendUnsent();
        if (_isClosed)
        {
            end.Close(_isResetWanted);
        }
    }

    private void Close(bool reset)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _isResetWanted = reset;
        _end?.Close(reset);
        if (_end is not null || reset)
        {
            ForgetUnsent();
        }
    }

    private void SendUnsent()
    {
        while (_end is not null && _unsent.TryPeek(out ReadOnlyMemory<byte> data))
        {
            int count = _end.Send(data.Span[_sentOfHead..], out SocketError error);
            _sentOfHead += count;
            UnsentBytes -= count;
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                ForgetUnsent();
            }
            else if (_sentOfHead == data.Length)
            {
                _unsent.Dequeue();
                _sentOfHead = 0;
            }
        }

        if (_isEndWanted)
        {
            _end?.SendEnd();
        }
    }

    private void ForgetUnsent()
    {
        _unsent.Clear();
        _sentOfHead = 0;
        UnsentBytes = 0;
    }
}
