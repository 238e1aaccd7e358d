using System.Buffers;

namespace Reactor.Recording;

/// <summary>
/// The events of a trace in the blocks of a recording: texts in blocks before the events that refer
/// to them. One thread at a time; reading the texts may read symbol files.
/// </summary>
internal sealed class TraceFile(TraceNames names)
{
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private int _nextName = TraceNames.FirstOwn;

    /// <summary>Writes events, after the texts that are new.</summary>
    /// <param name="events">The events.</param>
    /// <param name="write">Writes a block: its type and payload; false: the file is full.</param>
    public bool Write(ReadOnlySpan<TraceEvent> events, Func<BlockType, byte[], bool> write)
    {
        _encoded.ResetWrittenCount();
        _nextName = TraceCodec.WriteNames(names, _nextName, _encoded);
        if (_encoded.WrittenCount > 0 && !write(BlockType.Names, _encoded.WrittenSpan.ToArray()))
        {
            return false;
        }

        while (!events.IsEmpty)
        {
            int count = Math.Min(events.Length, TraceHistory.BlockEvents);
            _encoded.ResetWrittenCount();
            TraceCodec.Write(events[..count], _encoded);
            events = events[count..];
            if (!write(BlockType.Events, _encoded.WrittenSpan.ToArray()))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes a whole file with a trace that began later than its loop.</summary>
    public static void Save(Stream stream, LoopTrace trace)
    {
        var header = new RecordingHeader
        {
            Driver = trace.Info.Driver,
            Program = trace.Info.Program,
            ProgramVersion = trace.Info.Version,
            Resolution = trace.Info.Resolution,
            BeganAt = trace.Info.Begin,
            StartsLate = true,
            HasEvents = true,
        };
        stream.Write(RecordingHeader.Prefix());
        stream.Write(header.ToBlock().Seal());
        new TraceFile(trace.Names).Write(trace.Events, (type, payload) =>
        {
            stream.Write(Block(type, payload).Seal());
            return true;
        });
        stream.Write(EndBlock.Make(isEarly: false).Seal());
        stream.Flush();
    }

    public static LogBlock Block(BlockType type, ReadOnlySpan<byte> payload)
    {
        var block = new LogBlock(payload.Length) { Type = type };
        payload.CopyTo(block.Bytes.AsSpan(LogBlock.HeadBytes));
        block.End += payload.Length;
        return block;
    }

    /// <summary>Reads the events of a file from its place on.</summary>
    public static LoopTrace Read(RecordingFile file, TracePart part)
    {
        var collector = new TraceCollector(part);
        var names = new TraceNames();
        var events = new List<TraceEvent>();
        byte[] buffer = [];
        try
        {
            while (file.TryRead(ref buffer, out BlockType type, out int length))
            {
                ReadOnlySpan<byte> payload = buffer.AsSpan(LogBlock.HeadBytes, length);
                if (type == BlockType.Names)
                {
                    TraceCodec.ReadNames(payload, names);
                }
                else if (type == BlockType.Events)
                {
                    TraceCodec.Read(payload, events);
                    collector.Take(events);
                }
            }
        }
        catch (InvalidDataException error)
        {
            throw new RecordingException("The recording is damaged inside a block.", error);
        }

        return new LoopTrace(InfoOf(file.Header), names, collector.Finish());
    }

    public static TraceInfo InfoOf(RecordingHeader header) => new()
    {
        Program = header.Program,
        Version = header.ProgramVersion,
        Driver = header.Driver,
        Begin = header.BeganAt,
        Resolution = header.Resolution,
    };
}
