using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// Who holds an end of a connection: a driver's socket, or a tester's peer. It is called from
/// inside the poll, on the loop thread: it may post and send, and runs no user code.
/// </summary>
internal interface IStreamOwner
{
    /// <summary>Bytes, the end or a reset arrived.</summary>
    void OnReadable();

    /// <summary>
    /// There is room again after a send that found too little, or the connection failed.
    /// </summary>
    void OnWritable();
}

/// <summary>
/// One end of an in-memory connection, with TCP's manners: a byte stream each way with a bounded
/// window, an end of its own for each direction, and resets that drop what was not read.
/// </summary>
/// <remarks>
/// <para>Loop thread only. It never calls its owner from a call of the owner: all that happens to
/// the other end is an event that a later poll delivers.</para>
/// <para>
/// Three rules of Linux are kept because servers stumble over them: closing an end with unread
/// bytes sends a reset; bytes that arrive at a closed end are answered with one; and a send that
/// nobody will read succeeds as long as the window has room.
/// </para>
/// <para>Not modelled: lost and repeated segments, keep-alive probes, urgent data,
/// time-wait.</para>
/// </remarks>
internal sealed class StreamEnd(InMemoryNetwork network, int number, EndPoint local)
{
    /// <summary>
    /// Two pieces of a split write do not arrive at one moment, or nothing would be split.
    /// </summary>
    private static readonly TimeSpan s_pieceGap = TimeSpan.FromMicroseconds(1);

    private readonly Queue<ReadOnlyMemory<byte>> _unread = new();
    private readonly long? _resetAfterBytes = network.Dice.ResetAfterBytes();
    private StreamEnd _other = null!;
    private IStreamOwner? _owner;
    private TimeSpan _lastArrival;
    private ReadOnlyMemory<byte> _head;
    private long _sentBytes;
    private int _outstandingBytes;
    private bool _isWindowWanted;
    private bool _isEndSent;
    private bool _isEndArrived;
    private bool _isCut;
    private bool _isClosed;

    /// <summary>The number by which traces name this end.</summary>
    public int Number { get; } = number;

    public EndPoint Local { get; } = local;

    public EndPoint Remote => _other.Local;

    /// <summary>Success until a reset arrives.</summary>
    public SocketError Error { get; private set; }

    /// <summary>True if a receive would not have to wait.</summary>
    public bool IsReadable => _head.Length > 0 || _isEndArrived || Error != SocketError.Success;

    /// <summary>Bytes sent from here that the other end has read.</summary>
    public long ReadBytes => _sentBytes - _outstandingBytes;

    /// <summary>
    /// Bytes that may arrive here in all: then the window is shut. Null: as many as come.
    /// </summary>
    public long? ArrivalBytesMax
    {
        get;
        set
        {
            field = value;
            _other.OfferWindow();
        }
    }

    private TimeSpan Now => network.Now;

    /// <summary>Makes two ends the ends of one connection.</summary>
    public static void Join(StreamEnd asking, StreamEnd accepting)
    {
        asking._other = accepting;
        accepting._other = asking;
    }

    /// <summary>Tells who is to be told what happens here.</summary>
    public void SetOwner(IStreamOwner owner)
    {
        Debug.Assert(_owner is null, "an end has one owner");
        _owner = owner;
    }

    /// <summary>Takes what has arrived; 0 bytes with success is the end.</summary>
    public int Receive(Span<byte> buffer, out SocketError error)
    {
        Debug.Assert(!buffer.IsEmpty, "nothing can be received into nothing");
        Debug.Assert(!_isClosed, "a closed end is not read");
        error = Error;
        int taken = 0;
        while (taken < buffer.Length && _head.Length > 0)
        {
            int count = Math.Min(_head.Length, buffer.Length - taken);
            _head.Span[..count].CopyTo(buffer[taken..]);
            taken += count;
            _head = _head[count..];
            if (_head.IsEmpty && _unread.Count > 0)
            {
                _head = _unread.Dequeue();
            }
        }

        if (taken > 0)
        {
            _other.OnRead(taken);
        }
        else if (error == SocketError.Success && !_isEndArrived)
        {
            error = SocketError.WouldBlock;
        }

        return taken;
    }

    /// <summary>
    /// Sends what the window has room for; the owner hears of it when there is more.
    /// </summary>
    public int Send(ReadOnlySpan<byte> data, out SocketError error)
    {
        Debug.Assert(!_isClosed, "a closed end sends nothing");
        error = Error == SocketError.Success && _isEndSent ? SocketError.Shutdown : Error;
        if (error != SocketError.Success || data.IsEmpty)
        {
            return 0;
        }

        int room = Math.Max(0, network.WindowBytes - _outstandingBytes);
        if (_other.ArrivalBytesMax is { } bytesMax)
        {
            room = (int)Math.Clamp(bytesMax - _sentBytes, 0, room);
        }

        int count = network.Dice.SendSize(Math.Min(room, data.Length));
        _isWindowWanted = room < data.Length;
        if (count == 0)
        {
            error = SocketError.WouldBlock;
            return 0;
        }

        _outstandingBytes += count;
        Transmit(data[..count]);
        return count;
    }

    /// <summary>Ends this direction; again is harmless.</summary>
    public void SendEnd()
    {
        if (!_isEndSent && !_isCut && Error == SocketError.Success)
        {
            _isEndSent = true;
            Deliver(NetworkEventKind.End, 0, static end => end.OnEnd());
        }
    }

    /// <summary>Gives this end up.</summary>
    public void Close(bool reset)
    {
        Debug.Assert(!_isClosed, "an end is closed once");
        _isClosed = true;
        if (Error != SocketError.Success)
        {
            return;
        }

        if (reset || _head.Length > 0)
        {
            SendReset();
        }
        else
        {
            SendEnd();
        }

        ForgetUnread();
        ArrivalBytesMax = null; // what still comes is answered with a reset
    }

    private void OnRead(int bytes)
    {
        _outstandingBytes -= bytes;
        OfferWindow();
    }

    private void OfferWindow()
    {
        if (_isWindowWanted && !_isClosed)
        {
            _isWindowWanted = false;
            network.Schedule(
                Now, NetworkEventKind.Window, Number, 0, () => _owner?.OnWritable());
        }
    }

    private void Transmit(ReadOnlySpan<byte> data)
    {
        int wholeBytes = data.Length;
        if (_sentBytes + wholeBytes >= _resetAfterBytes)
        {
            data = data[..(int)Math.Max(0, _resetAfterBytes.Value - _sentBytes)];
        }

        _sentBytes += wholeBytes;
        if (!_isCut && !data.IsEmpty)
        {
            TimeSpan gap = TimeSpan.Zero;
            foreach (int size in network.Dice.Pieces(data.Length))
            {
                byte[] bytes = data[..size].ToArray();
                Deliver(NetworkEventKind.Data, size, end => end.OnData(bytes), gap);
                data = data[size..];
                gap = s_pieceGap;
            }
        }

        if (!_isCut && _sentBytes >= _resetAfterBytes)
        {
            SendReset();
            network.Schedule(Now, NetworkEventKind.Reset, Number, 0, OnReset);
        }
    }

    private void SendReset()
    {
        if (!_isCut)
        {
            _isCut = true;
            Deliver(NetworkEventKind.Reset, 0, static end => end.OnReset());
        }
    }

    // The order of a stream is the order of its events: none arrives before the one sent earlier.
    private void Deliver(
        NetworkEventKind kind, int bytes, Action<StreamEnd> arrive, TimeSpan gap = default)
    {
        TimeSpan earliest = _lastArrival > Now ? _lastArrival + gap : Now + gap;
        TimeSpan arrival = Now + network.Dice.Delay();
        _lastArrival = arrival > earliest ? arrival : earliest;
        StreamEnd other = _other;
        network.Schedule(_lastArrival, kind, other.Number, bytes, () => arrive(other));
    }

    private void OnData(byte[] bytes)
    {
        if (_isClosed)
        {
            SendReset();
        }
        else if (Error == SocketError.Success)
        {
            if (_head.IsEmpty)
            {
                _head = bytes;
            }
            else
            {
                _unread.Enqueue(bytes);
            }

            _owner?.OnReadable();
        }
    }

    private void OnEnd()
    {
        if (!_isClosed && Error == SocketError.Success)
        {
            _isEndArrived = true;
            _owner?.OnReadable();
        }
    }

    private void OnReset()
    {
        if (!_isClosed && Error == SocketError.Success)
        {
            Error = SocketError.ConnectionReset;
            ForgetUnread();
            _owner?.OnReadable();
            _owner?.OnWritable();
        }
    }

    private void ForgetUnread()
    {
        _head = default;
        _unread.Clear();
    }
}
