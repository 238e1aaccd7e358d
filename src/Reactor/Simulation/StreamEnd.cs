using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// The owner of an end: a driver's socket or a test's peer. Called from the poll, on the loop
/// thread; it may post and send, but runs no user code.
/// </summary>
internal interface IStreamOwner
{
    /// <summary>Bytes, the end of the stream or a reset arrived.</summary>
    void OnReadable();

    /// <summary>
    /// There is room after a send that found too little, or the connection failed.
    /// </summary>
    void OnWritable();
}

/// <summary>
/// One end of an in-memory connection, with TCP's semantics: a byte stream with a bounded window in
/// each direction, half-close, and resets.
/// </summary>
/// <remarks>
/// <para>
/// Loop thread only. It never calls its owner from a call of the owner: effects on the other end
/// are events of a later poll.
/// </para>
/// <para>
/// Four rules of Linux are modelled: closing with unread bytes sends a reset; bytes that arrive at
/// a closed end are answered with a reset; bytes that arrived before a reset can still be read; a
/// send succeeds while window or send buffer have room. A reset drops the sender's buffer; an
/// orderly close still delivers it.
/// </para>
/// <para>
/// A send returns when its bytes are taken (<see cref="InMemoryOptions.SendBufferBytes"/>); they
/// are acknowledged when they arrive, read or not. The window opens in steps
/// (<see cref="InMemoryOptions.WindowStepBytes"/>).
/// </para>
/// <para>Not modelled: loss and retransmission, keep-alive probes, urgent data, TIME_WAIT.</para>
/// </remarks>
internal sealed class StreamEnd(InMemoryNetwork network, int number, EndPoint local)
{
    /// <summary>
    /// Pieces of a split write arrive at different times, else nothing would be split.
    /// </summary>
    private static readonly TimeSpan s_pieceGap = TimeSpan.FromMicroseconds(1);

    private readonly ByteQueue _unread = new();
    private readonly SendLedger _ledger = new(network.Options);
    private readonly Fault? _reset = network.Dice.Reset();
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

    public int Number { get; } = number;

    public EndPoint Local { get; } = local;

    public EndPoint Remote => _other.Local;

    public SocketError Error { get; private set; }

    public bool IsReadable => _unread.Length > 0 || _isEndArrived || Error != SocketError.Success;

    public long AcknowledgedBytes => _ledger.AcknowledgedBytes;

    /// <summary>Taken bytes that have not arrived; a FIN counts as one, as on Linux.</summary>
    public long UnacknowledgedBytes =>
        _ledger.UnacknowledgedBytes + (_isEndSent && !_isEndAcknowledged ? 1 : 0);

    /// <summary>Total bytes that may arrive before the window closes; null: no limit.</summary>
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

    private bool IsClient => int.IsOddInteger(Number);

    private int WindowRoom => _ledger.WindowRoom(_other.ArrivalBytesMax);

    public static void Join(StreamEnd asking, StreamEnd accepting)
    {
        asking._other = accepting;
        accepting._other = asking;
    }

    public void SetOwner(IStreamOwner owner)
    {
        Debug.Assert(_owner is null, "an end has one owner");
        _owner = owner;
    }

    /// <summary>Takes arrived bytes; 0 with success is the end of the stream.</summary>
    public int Receive(Span<byte> buffer, out SocketError error)
    {
        Debug.Assert(!buffer.IsEmpty, "nothing can be received into nothing");
        Debug.Assert(!_isClosed, "a closed end is not read");
        int taken = _unread.Take(buffer);
        error = taken > 0 ? SocketError.Success : Error;
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
    /// Sends as much as window and send buffer can hold. If that is not all, the owner is notified
    /// when there is more room.
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
        int count = network.Dice.SendSize(Math.Min(room, data.Length), Number);
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

    /// <summary>Half-closes. Idempotent.</summary>
    public void SendEnd()
    {
        if (!_isEndSent && !_isCut && Error == SocketError.Success)
        {
            _isEndSent = true;
            SendBuffered();
        }
    }

    public void Close(bool reset)
    {
        Debug.Assert(!_isClosed, "an end is closed once");
        _isClosed = true;
        bool hasUnread = _unread.Length > 0;
        _unread.Clear();
        if (Error != SocketError.Success)
        {
            return;
        }

        if (reset || hasUnread)
        {
            SendReset();
        }
        else
        {
            SendEnd();
        }

        ArrivalBytesMax = null; // later bytes are answered with a reset
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
            network.Schedule(Now, NetworkEventKind.Window, Number, 0, () => OnWindow(isWanted));
        }
    }

    private void OnWindow(bool isWanted)
    {
        SendBuffered();
        if (isWanted && SendBuffer.Length > 0 && _ledger.BufferRoom == 0)
        {
            _isWindowWanted = true; // no byte would be taken
        }
        else if (isWanted)
        {
            _owner?.OnWritable();
        }
    }

    /// <summary>Sends what fits in the window, then FIN after the last byte.</summary>
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
        bool isReset = _ledger.SentBytes >= _reset?.Amount;
        if (isReset)
        {
            data = data[..(int)Math.Max(0, _reset!.Value.Amount - before)];
        }

        if (_isCut)
        {
            return;
        }

        TimeSpan gap = TimeSpan.Zero;
        foreach (int size in data.IsEmpty ? [] : network.Dice.Pieces(data.Length, _other.Number))
        {
            byte[] bytes = data[..size].ToArray();
            Deliver(NetworkEventKind.Data, size, end => end.OnData(bytes), gap);
            data = data[size..];
            gap = s_pieceGap;
        }

        if (isReset)
        {
            network.Dice.Report(_reset, NetworkEventKind.Reset, Number);
            SendReset();
            network.Schedule(Now, NetworkEventKind.Reset, Number, 0, OnReset);
        }
        else if (IsClient && network.Dice.Disconnect() is { } fault)
        {
            TimeSpan moment = network.After(TimeSpan.FromTicks(fault.Amount));
            int bytes = (int)(_ledger.SentBytes - before);
            network.Schedule(
                moment, NetworkEventKind.Reset, Number, 0, () => Disconnect(fault, bytes),
                isWanted: () => !_isClosed && !_isCut && Error == SocketError.Success);
        }
    }

    private void Disconnect(Fault fault, int bytes)
    {
        network.Dice.Report(fault, NetworkEventKind.Reset, Number, bytes);
        SendReset();
        OnReset();
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

    // Events of a stream stay in order: none arrives before an earlier one.
    private void Deliver(
        NetworkEventKind kind, int bytes, Action<StreamEnd> arrive, TimeSpan gap = default)
    {
        TimeSpan earliest = CoroutineScheduler.MomentAfter(
            _lastArrival > Now ? _lastArrival : Now, gap);
        TimeSpan arrival = network.After(network.Dice.Delay(kind, _other.Number, bytes));
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
            SendBuffer.Clear();
            _owner?.OnReadable();
            _owner?.OnWritable();
        }
    }
}
