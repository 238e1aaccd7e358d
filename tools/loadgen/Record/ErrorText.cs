using System.Buffers;
using System.Text;

namespace Reactor.Tools.Loadgen;

/// <summary>Writes the sentences of error examples, with bytes made printable. Pure.</summary>
internal static class ErrorText
{
    /// <summary>Bytes of a response that an example shows.</summary>
    public const int BytesMax = 80;

    /// <summary>A rejected response.</summary>
    public static string Parse(string rejection, in ReadOnlySequence<byte> bytes) =>
        $"{rejection}: \"{Escape(bytes)}\"";

    /// <summary>A request that was not answered in time.</summary>
    public static string Timeout(TimeSpan limit, long bytes) => FormattableString.Invariant(
        $"no complete response within {limit.TotalSeconds:0.###} s; {bytes} bytes had arrived");

    /// <summary>A connection that ended.</summary>
    public static string Ended(string how, long bytes, long answered) =>
        FormattableString.Invariant(
            $"{how} after {answered} responses and {bytes} bytes of the next");

    /// <summary>A complete response that is not a success.</summary>
    public static string Status(int status) => FormattableString.Invariant($"status {status}");

    /// <summary>
    /// The first <see cref="BytesMax"/> bytes: printable ASCII as it is, line ends as \r and \n,
    /// others as \xHH.
    /// </summary>
    public static string Escape(in ReadOnlySequence<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte one in bytes.Slice(0, Math.Min(bytes.Length, BytesMax)).ToArray())
        {
            _ = one switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'"' => text.Append("\\\""),
                (byte)'\\' => text.Append("\\\\"),
                >= 0x20 and < 0x7F => text.Append((char)one),
                _ => text.Append("\\x").Append(Convert.ToHexString([one])),
            };
        }

        return text.ToString();
    }
}
