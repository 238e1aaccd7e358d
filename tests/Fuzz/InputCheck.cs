// What must hold for any input whatever.
//
//   no exception                    a peer cannot make the parser throw
//   its contract                    what `WireTrace.Break` names
//   at most 10 ms for 64 KiB        of the thread's CPU time, not of the clock on the wall
//   no limit is exceeded            counted anew, on the octets of the heads that were accepted
//   splits change nothing           a sample is fed again in pieces
//   the oracle agrees               a sample of the inputs that are short enough for it
using System.Buffers;
using System.Diagnostics;
using Reactor.Http.Protocol;
using Reactor.Http.Tests.Oracle;
using Reactor.Testing;

namespace Reactor.Fuzz;

/// <summary>Judges inputs. Reusable; one thread.</summary>
public sealed class InputCheck(FuzzRandom random, IWireParser parser)
{
    private const int SplitOneIn = 4;
    private const int OracleOneIn = 8;
    private const int RunsWhenSlow = 5;
    private static readonly TimeSpan s_most = TimeSpan.FromMilliseconds(10);

    private readonly WireOracle _oracle = new();
    private readonly WireTrace _trace = new();
    private readonly WireTrace _pieces = new();

    /// <summary>Null, or what does not hold.</summary>
    public string? Objection(byte[] octets)
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            ReadOnlySequence<byte>[] whole = [new(octets)];
            parser.Run(whole, _trace);
            bool slow = Stopwatch.GetElapsedTime(start) > s_most;
            return _trace.Broken
                ?? (slow ? Slow(whole) : null)
                ?? Limits(octets)
                ?? (random.Next(SplitOneIn) == 0 ? Split(octets) : null)
                ?? (octets.Length <= WireOracle.BytesMax && random.Next(OracleOneIn) == 0
                    ? _oracle.Objection(octets, _trace) : null);
        }
        catch (Exception error)
        {
            return $"an exception: {error}";
        }
    }

    // The wall clock counts a collection and other processes too; the best of several does not.
    private string? Slow(ReadOnlySequence<byte>[] whole)
    {
        var best = TimeSpan.MaxValue;
        for (int i = 0; i < RunsWhenSlow; i++)
        {
            TimeSpan start = ThreadClock.Now;
            parser.Run(whole, _trace);
            TimeSpan spent = ThreadClock.Now - start;
            best = spent < best ? spent : best;
        }

        return best > s_most ? $"it costs {best.TotalMilliseconds} ms of CPU time" : null;
    }

    private string? Limits(byte[] octets)
    {
        ParserLimits limits = ParserLimits.Default;
        if (_trace.ContentBytesMost > limits.BodyBytesMax)
        {
            return "more content than the limit";
        }

        foreach ((int start, int end) in _trace.Heads)
        {
            ReadOnlySpan<byte> head = octets.AsSpan(start, end - start);
            int empty = 0;
            while (head.StartsWith("\r\n"u8))
            {
                head = head[2..];
                empty++;
            }

            int line = head.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> section = head[(line + 2)..];
            bool good = empty <= limits.EmptyLinesMax && line <= limits.RequestLineBytesMax
                && head.IndexOf((byte)' ') <= limits.MethodBytesMax
                && section.Length <= limits.SectionBytesMax;
            int fields = 0;
            for (int length; (length = section.IndexOf("\r\n"u8)) > 0; fields++)
            {
                good &= length <= limits.FieldLineBytesMax;
                section = section[(length + 2)..];
            }

            if (!good || fields > limits.FieldsMax)
            {
                return $"the head at {start} exceeds a limit";
            }
        }

        return null;
    }

    private string? Split(byte[] octets)
    {
        int most = random.Next(Math.Max(1, Math.Min(octets.Length, 256))) + 1;
        IEnumerable<int> sizes = Enumerable.Range(0, Math.Min(octets.Length, 64))
            .Select(_ => random.Next(most) + 1);
        Feed feed = Feed.Pieces(octets, [.. sizes], segmented: random.Next(2) == 0);
        parser.Run(feed.Buffers(), _pieces);
        return _pieces.Text.SequenceEqual(_trace.Text)
            ? null : $"{feed.Name}\nwhole:\n{_trace}\nin pieces:\n{_pieces}";
    }
}
