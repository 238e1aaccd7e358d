// The comma-separated lists of RFC 9110 5.6.1. Empty elements are returned: the caller decides how
// many are reasonable.
namespace Reactor.Http.Protocol;

/// <summary>The elements of a list-valued field; enumerates without allocation.</summary>
internal ref struct FieldList(ReadOnlySpan<byte> value)
{
    private ReadOnlySpan<byte> _rest = value;
    private bool _ended;

    /// <summary>The element without surrounding whitespace; may be empty.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        int comma = CommaIn(_rest);
        _ended = comma < 0;
        Current = Grammar.TrimWhitespace(_ended ? _rest : _rest[..comma]);
        _rest = _ended ? default : _rest[(comma + 1)..];
        return true;
    }

    public readonly FieldList GetEnumerator() => this;

    private static int CommaIn(ReadOnlySpan<byte> text)
    {
        int i = text.IndexOfAny((byte)',', (byte)'"');
        if (i < 0 || text[i] == (byte)',')
        {
            return i;
        }

        bool quoted = false;
        for (; i < text.Length; i++)
        {
            if (text[i] == (byte)'"')
            {
                quoted = !quoted;
            }
            else if (quoted && text[i] == (byte)'\\')
            {
                i++;
            }
            else if (!quoted && text[i] == (byte)',')
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>The quoted strings of RFC 9110 5.6.4, on bytes.</summary>
internal static class QuotedString
{
    /// <summary>Removes the quotes and the backslashes of quoted pairs.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> target, out int written)
    {
        written = 0;
        if (text.Length < 2 || text[0] != (byte)'"' || text[^1] != (byte)'"')
        {
            return false;
        }

        ReadOnlySpan<byte> inner = text[1..^1];
        for (int i = 0; i < inner.Length; i++)
        {
            byte b = inner[i];
            if (b == (byte)'\\')
            {
                if (++i == inner.Length)
                {
                    return false;
                }

                b = inner[i];
            }
            else if (b == (byte)'"')
            {
                return false;
            }

            if (!IsText(b) || written == target.Length)
            {
                return false;
            }

            target[written++] = b;
        }

        return true;
    }

    // HTAB, SP, VCHAR or obs-text: what may follow a backslash, and all that may stand for itself.
    internal static bool IsText(byte b) => b is Grammar.Tab or (>= Grammar.Space and not 0x7F);
}
