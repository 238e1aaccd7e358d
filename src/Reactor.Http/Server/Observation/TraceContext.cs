// W3C Trace Context (Recommendation of 2021), the two fields of a request.
//
// traceparent (3.2): version "-" trace-id "-" parent-id "-" flags, lower-case hex digits only. Not
// valid: version ff; a trace or parent id of zeros; several fields; other lengths, except that a
// later version than 00 may go on after another "-". A receiver then acts as if there was none, and
// ignores tracestate too (4.2).
//
// tracestate (3.3): a list of at most 32 key=value, keys once each. A list that breaks a rule is
// dropped as a whole; the trace continues without it (4.2 step 5). Empty members are legal.
using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>Reads the trace that a request belongs to. Any thread.</summary>
internal static class TraceContext
{
    private const int ParentLength = 55;
    private const int MembersMax = 32;
    private const int KeyMax = 256;
    private const int TenantMax = 241;
    private const int SystemMax = 14;
    private const int ValueMax = 256;

    private static readonly SearchValues<byte> s_hex = SearchValues.Create("0123456789abcdef"u8);
    private static readonly SearchValues<byte> s_keyChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-*/"u8);

    /// <summary>The caller's span; default if the request has none, or a malformed one.</summary>
    public static ActivityContext Read(RequestHead head)
    {
        if (!TrySingle(head.Values(KnownHeader.Traceparent), out ReadOnlySpan<byte> parent)
            || !IsValidParent(parent))
        {
            return default;
        }

        byte flags = byte.Parse(
            parent[53..ParentLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new ActivityContext(
            ActivityTraceId.CreateFromUtf8String(parent[3..35]),
            ActivitySpanId.CreateFromUtf8String(parent[36..52]),
            (ActivityTraceFlags)flags & ActivityTraceFlags.Recorded,
            ReadState(head),
            isRemote: true);
    }

    private static bool TrySingle(FieldValues values, out ReadOnlySpan<byte> value)
    {
        bool hasOne = values.MoveNext();
        value = hasOne ? values.Current : default;
        return hasOne && !values.MoveNext();
    }

    private static bool IsValidParent(ReadOnlySpan<byte> text) =>
        text.Length >= ParentLength
        && text[2] == '-' && text[35] == '-' && text[52] == '-'
        && IsHex(text[..2]) && IsHex(text[3..35]) && IsHex(text[36..52]) && IsHex(text[53..55])
        && !text[..2].SequenceEqual("ff"u8)
        && text[3..35].ContainsAnyExcept((byte)'0')
        && text[36..52].ContainsAnyExcept((byte)'0')
        && (text.Length == ParentLength
            || (!text[..2].SequenceEqual("00"u8) && text[ParentLength] == '-'));

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(s_hex);

    private static string? ReadState(RequestHead head)
    {
        StringBuilder? state = null;
        HashSet<string> keys = [];
        foreach (ReadOnlySpan<byte> value in head.Values("tracestate"u8))
        {
            foreach (Range range in value.Split((byte)','))
            {
                ReadOnlySpan<byte> member = Grammar.TrimWhitespace(value[range]);
                if (member.IsEmpty)
                {
                    continue;
                }

                int equals = member.IndexOf((byte)'=');
                if (equals < 0 || !IsKey(member[..equals]) || !IsValue(member[(equals + 1)..])
                    || !keys.Add(Encoding.ASCII.GetString(member[..equals]))
                    || keys.Count > MembersMax)
                {
                    return null;
                }

                state = state is null ? new StringBuilder() : state.Append(',');
                state.Append(Encoding.ASCII.GetString(member));
            }
        }

        return state?.ToString();
    }

    private static bool IsKey(ReadOnlySpan<byte> key)
    {
        int at = key.IndexOf((byte)'@');
        return at < 0
            ? IsKeyPart(key, KeyMax, mayBeginWithDigit: false)
            : IsKeyPart(key[..at], TenantMax, mayBeginWithDigit: true)
                && IsKeyPart(key[(at + 1)..], SystemMax, mayBeginWithDigit: false);
    }

    private static bool IsKeyPart(ReadOnlySpan<byte> part, int lengthMax, bool mayBeginWithDigit) =>
        !part.IsEmpty && part.Length <= lengthMax && !part.ContainsAnyExcept(s_keyChars)
        && (char.IsAsciiLetterLower((char)part[0])
            || (mayBeginWithDigit && char.IsAsciiDigit((char)part[0])));

    // Printable ASCII without a comma and an equals sign; the trimming has removed a final space.
    private static bool IsValue(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && value.Length <= ValueMax
        && !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !value.Contains((byte)'=');
}
