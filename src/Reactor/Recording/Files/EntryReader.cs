using System.Net.Sockets;

namespace Reactor.Recording;

/// <summary>
/// Decodes the entries of a recording one after another; <see cref="Entry"/> is the next one, until
/// <see cref="Advance"/>. One thread.
/// </summary>
internal sealed class EntryReader : IDisposable
{
    private readonly RecordingFile _file;
    private readonly List<string> _names;
    private byte[] _block = [];
    private int _position;
    private int _end;
    private long _clock;
    private long _wallClock;
    private int _object;
    private RecordedEntry _entry;

    /// <summary>Reads from the place of a file, which it owns.</summary>
    public EntryReader(RecordingFile file)
    {
        _file = file;
        _names = [];
        Advance();
    }

    private EntryReader(EntryReader other)
    {
        _file = other._file.Fork();
        _names = [.. other._names];
        _block = [.. other._block];
        _position = other._position;
        _end = other._end;
        _clock = other._clock;
        _wallClock = other._wallClock;
        _object = other._object;
        _entry = other._entry;
        Number = other.Number;
    }

    /// <summary>The next entry; its kind is <c>None</c> at the end.</summary>
    public ref readonly RecordedEntry Entry => ref _entry;

    /// <summary>The number of the next entry, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The received bytes of the next entry.</summary>
    public ReadOnlySpan<byte> Data => _block.AsSpan(_entry.DataOffset, _entry.DataLength);

    /// <summary>An independent reader at the same entry, to look ahead.</summary>
    public EntryReader Fork() => new(this);

    public void Dispose() => _file.Dispose();

    /// <summary>Makes this the end, as a block cannot be decoded.</summary>
    public void End()
    {
        _entry = default;
        _position = _end;
        _file.MarkDamaged();
    }

    /// <summary>Moves to the next entry.</summary>
    public void Advance()
    {
        if (_position >= _end && !TryLoad())
        {
            _entry = default;
            return;
        }

        Number++;
        int code = _block[_position];
        if (code >= EntryBuffer.SmallClock)
        {
            _position++;
            _clock += code & (EntryBuffer.SmallClock - 1);
            _entry.Kind = EntryKind.Clock;
            _entry.Value = _clock;
            return;
        }

        var source = new SpanDecoder(_block.AsSpan(0, _end), _position + 1);
        _entry = default;
        _entry.Kind = (EntryKind)(code & (EntryBuffer.SameObject - 1));
        if (HasObject(_entry.Kind))
        {
            if ((code & EntryBuffer.SameObject) == 0)
            {
                _object = source.Small();
            }

            _entry.Object = _object;
        }

        ReadFields(ref source);
        _position = source.Position;
    }

    private static bool HasObject(EntryKind kind) => kind switch
    {
        >= EntryKind.Wait and <= EntryKind.IsBroken => true,
        EntryKind.Abandon or EntryKind.Interest or EntryKind.Completed => true,
        EntryKind.SendCompleted or EntryKind.WatchReady => true,
        _ => false,
    };

    private static SocketError ReadError(ref SpanDecoder source)
    {
        long code = source.Signed();
        return code == 1 ? SocketError.WouldBlock : (SocketError)(code >> 1);
    }

    private void ReadFields(ref SpanDecoder source)
    {
        switch (_entry.Kind)
        {
            case EntryKind.Clock:
                _entry.Value = _clock += source.Signed();
                break;
            case EntryKind.WallClock:
                _entry.Value = _wallClock += source.Signed();
                break;
            case EntryKind.PollUntil:
                _entry.Value = _clock + source.Signed();
                break;
            case EntryKind.WaitDone or EntryKind.Failure or EntryKind.Completed
                or EntryKind.AcceptFailed or EntryKind.AcceptLastFailed or EntryKind.SendCompleted:
                _entry.Error = ReadError(ref source);
                break;
            case EntryKind.Receive:
                _entry.Length = source.Small();
                ReadData(ref source);
                break;
            case EntryKind.ReceiveMasked:
                _entry.Length = source.Small();
                _entry.Value = source.Small();
                break;
            case EntryKind.ReceiveFailed:
                _entry.Length = source.Small();
                _entry.Error = ReadError(ref source);
                break;
            case EntryKind.Send or EntryKind.SendAll:
                _entry.Length = _entry.Value = source.Small();
                _entry.Sum = source.Fixed32();
                break;
            case EntryKind.SendPart or EntryKind.SendAllDone:
                _entry.Length = source.Small();
                _entry.Sum = source.Fixed32();
                _entry.Value = source.Small();
                _entry.Error = ReadError(ref source);
                break;
            case EntryKind.LocalAddress or EntryKind.RemoteAddress:
                _entry.Address = EndPointCodec.Read(ref source);
                break;
            case EntryKind.Descriptor or EntryKind.Acknowledged or EntryKind.Unacknowledged
                or EntryKind.Signal:
                _entry.Value = source.Signed();
                break;
            case EntryKind.Close or EntryKind.StopAdmitting or EntryKind.ShedOne
                or EntryKind.Interest or EntryKind.WatchReady or EntryKind.HasEnded
                or EntryKind.IsCancelled:
                _entry.Value = source.Byte();
                break;
            case EntryKind.IsBroken:
                _entry.Error = ReadError(ref source);
                _entry.Value = source.Byte();
                break;
            default:
                ReadRareFields(ref source);
                break;
        }
    }

    private void ReadRareFields(ref SpanDecoder source)
    {
        switch (_entry.Kind)
        {
            case EntryKind.Listen:
                _entry.Address = EndPointCodec.Read(ref source);
                _entry.Text = source.Text();
                break;
            case EntryKind.ListenSocket or EntryKind.Watch or EntryKind.Reported:
                _entry.Text = source.Text();
                break;
            case EntryKind.Connect or EntryKind.ConnectDone:
                _entry.Address = EndPointCodec.Read(ref source);
                _entry.Local = EndPointCodec.Read(ref source);
                _entry.Error = ReadError(ref source);
                break;
            case EntryKind.RandomInteger:
                _entry.Length = source.Signed();
                _entry.Bound = source.Signed();
                _entry.Value = source.Signed();
                break;
            case EntryKind.RandomBits:
                _entry.Value = source.Fixed64();
                break;
            case EntryKind.Between or EntryKind.ListenSignal or EntryKind.ForeignWait:
                _entry.Value = source.Signed();
                break;
            case EntryKind.RandomMasked:
                _entry.Value = source.Small();
                break;
            case EntryKind.RandomBytes:
                ReadData(ref source);
                break;
            case EntryKind.Message:
                int name = source.Small();
                if (name >= _names.Count)
                {
                    _names.Add(source.Text());
                    name = _names.Count - 1;
                }

                _entry.Text = _names[name];
                _entry.Value = source.Signed();
                break;
            case EntryKind.Threw:
                _entry.Value = source.Byte();
                _entry.Object = source.Small();
                _entry.Text = source.Text();
                _entry.Bound = source.Signed();
                _entry.Message = source.Text();
                break;
            case EntryKind.PollForever or EntryKind.PollNow or EntryKind.Wait or EntryKind.EndSend
                or EntryKind.Accept or EntryKind.AcceptLast or EntryKind.Abandon
                or EntryKind.End:
                break;
            default:
                throw new RecordingException(
                    $"Entry {Number} of the recording has the unknown kind {(int)_entry.Kind}.");
        }
    }

    private void ReadData(ref SpanDecoder source)
    {
        _entry.DataLength = source.Small();
        _entry.Value = _entry.DataLength;
        _entry.DataOffset = source.Position;
        source.Take(_entry.DataLength);
    }

    private bool TryLoad()
    {
        while (_file.TryRead(ref _block, out BlockType type, out int length))
        {
            if (type == BlockType.Entries && length > 0)
            {
                _position = LogBlock.HeadBytes;
                _end = LogBlock.HeadBytes + length;
                return true;
            }
        }

        _position = _end = 0;
        return false;
    }
}
