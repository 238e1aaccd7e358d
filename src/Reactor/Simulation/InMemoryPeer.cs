using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// A client connection controlled by a test, without task or await. The next polls deliver what it
/// sends; arrived bytes are in <see cref="Received"/>.
/// </summary>
/// <remarks>
/// Loop thread, or the test's thread while the loop does not run. It reads everything at once,
/// unless <see cref="IsReading"/> is false: then the window fills, as with a hanging client. It may
/// send more than the window; the rest follows as the server reads.
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

    /// <summary>True once connected.</summary>
    public bool IsConnected => _end is not null;

    /// <summary>The connect error; <c>Success</c> if connected or pending.</summary>
    public SocketError ConnectError { get; private set; }

    /// <summary>The local address; null before the connect.</summary>
    public EndPoint? LocalEndPoint => _end?.Local;

    /// <summary>Arrived bytes that were not taken.</summary>
    public ReadOnlyMemory<byte> Received => _received.WrittenMemory;

    /// <summary>True once the server's end of stream was read.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>True once the server or a fault reset the connection.</summary>
    public bool IsReset { get; private set; }

    /// <summary>Bytes that wait for the window.</summary>
    public long UnsentBytes { get; private set; }

    /// <summary>False to leave arrived bytes unread, so that the window fills.</summary>
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
    /// Total bytes that it receives before its window closes, so that the server has sent exactly
    /// this many. Default null: no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
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

    /// <summary>Copies and sends bytes. Dropped after a reset.</summary>
    /// <exception cref="InvalidOperationException">The peer has ended its stream.</exception>
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

    /// <summary>Half-closes (FIN) after all sent bytes; the peer still receives.</summary>
    public void SendEnd()
    {
        _isEndWanted = true;
        SendUnsent();
    }

    /// <summary>Resets the connection; undelivered bytes are lost.</summary>
    public void Reset() => Close(reset: true);

    /// <summary>
    /// Closes like an exiting program: sends FIN, and answers later bytes with a reset. Bytes that
    /// wait for the window are lost.
    /// </summary>
    public void Close() => Close(reset: false);

    /// <summary>Returns and removes the arrived bytes.</summary>
    public byte[] TakeReceived()
    {
        byte[] bytes = _received.WrittenSpan.ToArray();
        _received.ResetWrittenCount();
        return bytes;
    }

    /// <summary>
    /// Reads at most this many arrived bytes, when <see cref="IsReading"/> is false.
    /// </summary>
    /// <returns>The number of bytes read.</returns>
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
        // A peer that does not read also notices a reset.
        IsReset |= _end is { Error: not SocketError.Success };
        SendUnsent();
    }

    private void OnConnected(StreamEnd? end, SocketError error)
    {
        ConnectError = error;
        if (end is null)
        {
            DropUnsent();
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
            DropUnsent();
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
                DropUnsent();
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

    private void DropUnsent()
    {
        _unsent.Clear();
        _sentOfHead = 0;
        UnsentBytes = 0;
    }
}
