using System.Buffers.Binary;
using System.Text;

namespace Reactor.Recording;

/// <summary>
/// The header of a recording: what ran, on which driver, with which poll options. Immutable.
/// </summary>
public sealed record RecordingHeader
{
    /// <summary>The version of the format that this library writes and reads.</summary>
    public const int FormatVersion = 1;

    internal const int MagicBytes = 8;

    [Flags]
    private enum Flags
    {
        Masked = 1,
        StartsLate = 2,
        Events = 4,
        Entries = 8,
        PollCostly = 16,
    }

    internal static ReadOnlySpan<byte> Magic => "REACTREC"u8;

    /// <summary>The magic and the version of the format.</summary>
    internal const int PrefixBytes = MagicBytes + sizeof(int);

    internal static byte[] Prefix()
    {
        byte[] prefix = new byte[PrefixBytes];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(MagicBytes), FormatVersion);
        return prefix;
    }

    /// <summary>The name of the recorded driver.</summary>
    public string Driver { get; init; } = "";

    /// <summary>The resolution of its clock.</summary>
    public TimeSpan Resolution { get; init; }

    /// <summary>True if the loop may skip its polls.</summary>
    public bool IsPollCostly { get; init; }

    /// <summary><see cref="EventLoopOptions.PollSkipsMax"/> of the loop.</summary>
    public int PollSkipsMax { get; init; }

    /// <summary><see cref="EventLoopOptions.PollSkipTimeMax"/> of the loop.</summary>
    public TimeSpan PollSkipTimeMax { get; init; }

    /// <summary><see cref="EventLoopOptions.PollMax"/> of the loop.</summary>
    public TimeSpan PollMax { get; init; }

    /// <summary>The name of the program.</summary>
    public string Program { get; init; } = "";

    /// <summary>The version of the program.</summary>
    public string ProgramVersion { get; init; } = "";

    /// <summary>The command line of the program.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The name of the loop.</summary>
    public string Loop { get; init; } = "";

    /// <summary>The wall time at the begin.</summary>
    public DateTimeOffset BeganAt { get; init; }

    /// <summary>True if received bytes were replaced by their number.</summary>
    public bool IsMasked { get; init; }

    /// <summary>True if the loop ran before the recording began.</summary>
    public bool StartsLate { get; init; }

    /// <summary>True if the file holds events for pictures and stepping.</summary>
    public bool HasEvents { get; init; }

    /// <summary>True if the file holds the entries of the driver.</summary>
    public bool HasEntries { get; init; }

    /// <summary>Why this recording cannot be replayed, in one sentence; null: it can.</summary>
    public string? ReplayObstacle =>
        StartsLate ? "This recording began later than its loop, so it can be drawn and stepped "
            + "through, but not replayed."
        : IsMasked ? "This recording is masked: it has the number of the received bytes in place "
            + "of the bytes, so it cannot be replayed."
        : !HasEntries ? "This recording holds events only, so it cannot be replayed."
        : null;

    internal LogBlock ToBlock()
    {
        var block = new LogBlock(0) { Type = BlockType.Header };
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            Flags flags = (IsMasked ? Flags.Masked : 0) | (StartsLate ? Flags.StartsLate : 0)
                | (HasEvents ? Flags.Events : 0) | (HasEntries ? Flags.Entries : 0)
                | (IsPollCostly ? Flags.PollCostly : 0);
            writer.Write7BitEncodedInt((int)flags);
            writer.Write(Driver);
            writer.Write(Resolution.Ticks);
            writer.Write(PollSkipsMax);
            writer.Write(PollSkipTimeMax.Ticks);
            writer.Write(PollMax.Ticks);
            writer.Write(BeganAt.UtcTicks);
            writer.Write(Program);
            writer.Write(ProgramVersion);
            writer.Write(Loop);
            writer.Write7BitEncodedInt(Arguments.Count);
            foreach (string argument in Arguments)
            {
                writer.Write(argument);
            }
        }

        int length = (int)stream.Length;
        byte[] bytes = block.Grow(LogBlock.HeadBytes + length + LogBlock.SlackBytes);
        stream.GetBuffer().AsSpan(0, length).CopyTo(bytes.AsSpan(LogBlock.HeadBytes));
        block.End = LogBlock.HeadBytes + length;
        return block;
    }

    internal static RecordingHeader Read(ReadOnlySpan<byte> payload)
    {
        var source = new SpanDecoder(payload);
        var flags = (Flags)source.Number();
        var header = new RecordingHeader
        {
            IsMasked = flags.HasFlag(Flags.Masked),
            StartsLate = flags.HasFlag(Flags.StartsLate),
            HasEvents = flags.HasFlag(Flags.Events),
            HasEntries = flags.HasFlag(Flags.Entries),
            IsPollCostly = flags.HasFlag(Flags.PollCostly),
            Driver = source.Text(),
            Resolution = new TimeSpan(source.Fixed64()),
            PollSkipsMax = (int)source.Fixed32(),
            PollSkipTimeMax = new TimeSpan(source.Fixed64()),
            PollMax = new TimeSpan(source.Fixed64()),
            BeganAt = new DateTimeOffset(WallTicks(source.Fixed64()), TimeSpan.Zero),
            Program = source.Text(),
            ProgramVersion = source.Text(),
            Loop = source.Text(),
        };
        string[] arguments = new string[Math.Min(source.Small(), payload.Length)];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = source.Text();
        }

        return header with { Arguments = arguments };
    }

    private static long WallTicks(long ticks) =>
        Math.Clamp(ticks, 0, DateTimeOffset.MaxValue.UtcTicks);
}
