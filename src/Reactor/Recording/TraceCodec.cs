using System.Buffers;
using System.Text;

namespace Reactor.Recording;

/// <summary>
/// Trace events and their texts as bytes, for files and for a history in memory: five to eight
/// bytes an event. A block of events stands for itself; its texts are in blocks of their own. Any
/// thread.
/// </summary>
/// <remarks>
/// A number is a base-128 varint, lowest part first; a signed one is zigzag encoded. An event is a
/// byte with its kind and three flags, the time since the event before, and the fields that the
/// flags name: the number's difference to that of the event before, the value, the name and the
/// place.
/// </remarks>
internal static class TraceCodec
{
    private const int HasId = 0x20;
    private const int HasValue = 0x40;
    private const int HasTexts = 0x80;
    private const int KindMask = 0x1F;
    private const int VarintMax = 10;
    private const int EventMax = 1 + (5 * VarintMax);

    /// <summary>Writes a block of events.</summary>
    public static void Write(ReadOnlySpan<TraceEvent> events, IBufferWriter<byte> target)
    {
        (long time, long id) = (0, 0);
        foreach (ref readonly TraceEvent happened in events)
        {
            Span<byte> bytes = target.GetSpan(EventMax);
            int flags = (int)happened.Kind
                | (happened.Id != 0 ? HasId : 0)
                | (happened.Value != 0 ? HasValue : 0)
                | ((happened.Name | happened.Place) != 0 ? HasTexts : 0);
            bytes[0] = (byte)flags;
            int at = Put(bytes, 1, (ulong)(happened.Time - time));
            time = happened.Time;
            if ((flags & HasId) != 0)
            {
                at = Put(bytes, at, ZigZag(happened.Id - id));
                id = happened.Id;
            }

            if ((flags & HasValue) != 0)
            {
                at = Put(bytes, at, ZigZag(happened.Value));
            }

            if ((flags & HasTexts) != 0)
            {
                at = Put(bytes, at, (uint)happened.Name);
                at = Put(bytes, at, (uint)happened.Place);
            }

            target.Advance(at);
        }
    }

    /// <summary>Appends the events of a block to a list.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public static void Read(ReadOnlySpan<byte> block, ICollection<TraceEvent> events)
    {
        (long time, long id) = (0, 0);
        while (!block.IsEmpty)
        {
            int flags = block[0];
            block = block[1..];
            time += (long)Take(ref block);
            id += (flags & HasId) != 0 ? UnZigZag(Take(ref block)) : 0;
            long value = (flags & HasValue) != 0 ? UnZigZag(Take(ref block)) : 0;
            int name = (flags & HasTexts) != 0 ? (int)Take(ref block) : 0;
            int place = (flags & HasTexts) != 0 ? (int)Take(ref block) : 0;
            events.Add(new TraceEvent(
                (TraceEventKind)(flags & KindMask), time, (flags & HasId) != 0 ? id : 0,
                value, name, place));
        }
    }

    /// <summary>
    /// Writes the texts from a number on (<see cref="TraceNames.FirstOwn"/> for all), each as its
    /// length in bytes and UTF-8; returns the number of the next text. May read symbol files.
    /// </summary>
    public static int WriteNames(TraceNames names, int from, IBufferWriter<byte> target)
    {
        int end = names.Count;
        for (int i = from; i < end; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(names[i]);
            Span<byte> bytes = target.GetSpan(VarintMax + text.Length);
            int at = Put(bytes, 0, (uint)text.Length);
            text.CopyTo(bytes[at..]);
            target.Advance(at + text.Length);
        }

        return end;
    }

    /// <summary>Appends the texts of a block to a table.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public static void ReadNames(ReadOnlySpan<byte> block, TraceNames names)
    {
        while (!block.IsEmpty)
        {
            ulong length = Take(ref block);
            if (length > (ulong)block.Length)
            {
                throw Damaged();
            }

            names.Load(Encoding.UTF8.GetString(block[..(int)length]));
            block = block[(int)length..];
        }
    }

    private static int Put(Span<byte> bytes, int at, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes[at++] = (byte)(number | 0x80);
        }

        bytes[at++] = (byte)number;
        return at;
    }

    private static ulong Take(ref ReadOnlySpan<byte> block)
    {
        ulong number = 0;
        for (int i = 0; i < VarintMax && i < block.Length; i++)
        {
            number |= (ulong)(block[i] & 0x7F) << (7 * i);
            if (block[i] < 0x80)
            {
                block = block[(i + 1)..];
                return number;
            }
        }

        throw Damaged();
    }

    private static ulong ZigZag(long number) => (ulong)((number << 1) ^ (number >> 63));

    private static long UnZigZag(ulong number) => (long)(number >> 1) ^ -(long)(number & 1);

    private static InvalidDataException Damaged() => new("A block of trace events is damaged.");
}
