// The parameters of RFC 9110 5.6.6, as in Content-Type and Content-Disposition:
//
//     parameters = *( OWS ";" OWS [ name "=" ( token / quoted-string ) ] )
//
// Strict: no whitespace around "=", no quote that does not end, nothing between a value and the
// next semicolon. A quoted value is given as it was sent, without its quotes.
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>The parameters behind a value; enumerates without allocation.</summary>
internal ref struct ContentParameters
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Divides a field value into what stands before its parameters, and these.</summary>
    public ContentParameters(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)';');
        Main = Grammar.TrimWhitespace(end < 0 ? field : field[..end]);
        _rest = end < 0 ? default : field[end..];
    }

    /// <summary>What stands before the parameters, without whitespace around it.</summary>
    public ReadOnlySpan<byte> Main { get; }

    /// <summary>The name of the present parameter; a token.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Its value; of a quoted string what is between the quotes, not unescaped.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool IsQuoted { get; private set; }

    /// <summary>True if the enumeration ended at something that is no parameter.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>
    /// Goes to the next parameter; false at the end and at the first malformed one.
    /// </summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            if (_rest[0] != (byte)';')
            {
                return Malformed();
            }

            _rest = _rest[1..].TrimStart(" \t"u8);
            if (!_rest.IsEmpty && _rest[0] != (byte)';')
            {
                return TakeParameter() || Malformed();
            }
        }

        return false;
    }

    public readonly bool NameIs(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(Name, name);

    private bool TakeParameter()
    {
        int equals = Grammar.Token.NextOutside(_rest, 0);
        if (equals == 0 || equals == _rest.Length || _rest[equals] != (byte)'=')
        {
            return false;
        }

        Name = _rest[..equals];
        ReadOnlySpan<byte> text = _rest[(equals + 1)..];
        IsQuoted = text is [(byte)'"', ..];
        int length = IsQuoted ? QuotedLength(text) : Grammar.Token.NextOutside(text, 0);
        if (length == 0)
        {
            return false;
        }

        Value = IsQuoted ? text[1..(length - 1)] : text[..length];
        _rest = text[length..].TrimStart(" \t"u8);
        return true;
    }

    // The length with both quotes, or 0 if the string does not end.
    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (text[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and int found)
        {
            at += found + 1;
            if (text[at - 1] == (byte)'"')
            {
                return at;
            }

            at += text[at..] is [(byte)'"' or (byte)'\\', ..] ? 1 : 0;
        }

        return 0;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        _rest = default;
        return false;
    }
}
