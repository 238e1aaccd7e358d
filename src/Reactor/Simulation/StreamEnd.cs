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
/// the peer will never read succeeds as long as the window, or the send buffer, has room. A reset
/// drops the send buffer of its sender; an orderly close goes on to deliver it.
/// </para>
/// <para>
/// "Taken" and "acknowledged" are two things. A send returns when its bytes are in the send buffer
/// (<see cref="InMemoryOptions.SendBufferBytes"/>) or under way; they are acknowledged when they
/// arrive in the other end's window, whether or not its program reads them. The window opens again
/// in steps (<see cref="InMemoryOptions.WindowStepBytes"/>), as a kernel announces it.
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

    private readonly ByteQueue _unread = new();
    private readonly SendLedger _ledger = new(
        network.WindowBytes, network.WindowStepBytes, network.SendBufferBytes);
    private readonly long? _resetAfterBytes = network.Dice.ResetAfterBytes();
    private StreamEnd _other = null!;
    private IStreamOwner? _owner;
    private TimeSpan _lastArrival;
    private bool _isWindowWanted;
    private bool _isEndSent;
    private bool _isEndUnderWay;
    private bool _isEndAcknowledged;
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
    public bool IsReadable =>
        _unread.Length > 0 || _isEndArrived || Error != SocketError.Success;

    /// <summary>Bytes sent from here that have arrived at the other end.</summary>
    public long AcknowledgedBytes => _ledger.AcknowledgedBytes;

    /// <summary>
    /// Bytes that a send has taken and that have not arrived; an end that was sent counts as one,
    /// as on Linux.
    /// </summary>
    public long UnacknowledgedBytes =>
        _ledger.UnacknowledgedBytes + (_isEndSent && !_isEndAcknowledged ? 1 : 0);

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

    private ByteQueue SendBuffer => _ledger.Buffer;

    private int WindowRoom => _ledger.WindowRoom(_other.ArrivalBytesMax);

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
        int taken = _unread.Take(buffer);
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
    /// Sends what window and send buffer have room for; the owner hears of it when there is more.
    /// </summary>
    public int Send(ReadOnlySpan<byte> data, out SocketError error)
    {
        Debug.Assert(!_isClosed, "a closed end sends nothing");
        error = Error == SocketError.Success && _isEndSent ? SocketError.Shutdown : Error;
        if (error != SocketError.Success || data.IsEmpty)
        {
            return 0;
        }

        int window = SendBuffer.Length > 0 ? 0 : WindowRoom;
        int room = window + _ledger.BufferRoom;
        int count = network.Dice.SendSize(Math.Min(room, data.Length));
        _isWindowWanted = room < data.Length;
        if (count == 0)
        {
            error = SocketError.WouldBlock;
            return 0;
        }

        int atOnce = Math.Min(count, window);
        if (atOnce > 0)
        {
            Transmit(data[..atOnce]);
        }

        SendBuffer.Add(data[atOnce..count].ToArray());
        return count;
    }

    /// <summary>Ends this direction; again is harmless.</summary>
    public void SendEnd()
    {
        if (!_isEndSent && !_isCut && Error == SocketError.Success)
        {
            _isEndSent = true;
            SendBuffered();
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

        if (reset || _unread.Length > 0)
        {
            SendReset();
        }
        else
        {
            SendEnd();
        }

        _unread.Clear();
        ArrivalBytesMax = null; // what still comes is answered with a reset
    }

    private void OnRead(int bytes)
    {
        if (_ledger.OpensWindow(bytes))
        {
            OfferWindow();
        }
    }

    private void OfferWindow()
    {
        bool isWanted = _isWindowWanted && !_isClosed;
        if (isWanted || SendBuffer.Length > 0)
        {
            _isWindowWanted = false;
            network.Schedule(
                Now, NetworkEventKind.Window, Number, 0, () => OnWindow(isWanted));
        }
    }

    private void OnWindow(bool isWanted)
    {
        SendBuffered();
        if (isWanted && SendBuffer.Length > 0 && _ledger.BufferRoom == 0)
        {
            _isWindowWanted = true; // not a byte more would be taken
        }
        else if (isWanted)
        {
            _owner?.OnWritable();
        }
    }

    /// <summary>Sends what the window has room for, and the end behind the last byte.</summary>
    private void SendBuffered()
    {
        while (SendBuffer.Length > 0 && WindowRoom is > 0 and var room)
        {
            ReadOnlyMemory<byte> piece = SendBuffer.Head;
            piece = piece[..Math.Min(room, piece.Length)];
            SendBuffer.Drop(piece.Length);
            Transmit(piece.Span);
        }

        if (_isEndSent && !_isEndUnderWay && !_isCut && SendBuffer.Length == 0)
        {
            _isEndUnderWay = true;
            Deliver(NetworkEventKind.End, 0, static end => end.OnEnd());
        }
    }

    private void Transmit(ReadOnlySpan<byte> data)
    {
        long before = _ledger.SentBytes;
        _ledger.Send(data.Length);
        if (_ledger.SentBytes >= _resetAfterBytes)
        {
            data = data[..(int)Math.Max(0, _resetAfterBytes.Value - before)];
        }

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

        if (!_isCut && _ledger.SentBytes >= _resetAfterBytes)
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
            SendBuffer.Clear();
            Deliver(NetworkEventKind.Reset, 0, static end => end.OnReset());
        }
    }

    // The order of a stream is the order of its events: none arrives before the one sent earlier.
    private void Deliver(
        NetworkEventKind kind, int bytes, Action<StreamEnd> arrive, TimeSpan gap = default)
    {
        TimeSpan earliest = CoroutineScheduler.MomentAfter(
            _lastArrival > Now ? _lastArrival : Now, gap);
        TimeSpan arrival = network.After(network.Dice.Delay());
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
            _unread.Add(bytes);
            _other._ledger.Acknowledge(bytes.Length);
            _owner?.OnReadable();
        }
    }

    private void OnEnd()
    {
        _other._isEndAcknowledged = true;
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
            _unread.Clear();
            SendBuffer.Clear();
            _owner?.OnReadable();
            _owner?.OnWritable();
        }
    }
}
