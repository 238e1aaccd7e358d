// The lists of content negotiation: Accept, Accept-Encoding, Accept-Language and Accept-Charset
// (RFC 9110 12.4 and 12.5). A malformed element is skipped, since a preference is only advice.
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>
/// The elements of one field line of negotiation, with their weights; enumerates without
/// allocation, in linear time.
/// </summary>
/// <remarks>
/// Usage: <c>foreach (AcceptElement one in new AcceptList(line))</c>. For media types
/// <see cref="MediaRanges.QualityOf"/> decides; a coding or a language is compared with
/// <see cref="AcceptElement.Value"/>.
/// </remarks>
internal ref struct AcceptList(ReadOnlySpan<byte> line)
{
    private FieldList _list = new(line);

    /// <summary>The present element.</summary>
    public AcceptElement Current { get; private set; }

    public bool MoveNext()
    {
        while (_list.MoveNext())
        {
            if (AcceptElement.TryParse(_list.Current, out AcceptElement element))
            {
                Current = element;
                return true;
            }
        }

        return false;
    }

    public readonly AcceptList GetEnumerator() => this;
}

/// <summary>One element: a media range, coding or language, and its weight.</summary>
internal readonly ref struct AcceptElement
{
    private AcceptElement(ReadOnlySpan<byte> value, ReadOnlySpan<byte> parameters, int quality)
    {
        Value = value;
        Parameters = parameters;
        Quality = quality;
    }

    /// <summary>The range, such as <c>text/*</c>, <c>gzip</c> or <c>*</c>.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>What follows the value, from its first semicolon, with the weight.</summary>
    public ReadOnlySpan<byte> Parameters { get; }

    /// <summary>The weight in thousandths, 0 to 1000; 0 is "not acceptable" (12.4.2).</summary>
    public int Quality { get; }

    public static bool TryParse(ReadOnlySpan<byte> element, out AcceptElement parsed)
    {
        parsed = default;
        int end = element.IndexOf((byte)';');
        ReadOnlySpan<byte> value = Grammar.TrimWhitespace(end < 0 ? element : element[..end]);
        ReadOnlySpan<byte> parameters = end < 0 ? default : element[end..];
        int quality = 1000;
        foreach (FieldParameter one in new FieldParameters(parameters))
        {
            // A weight is one wherever it stands (12.5.1).
            if (!one.IsValid || (one.IsWeight && !TryReadWeight(one.Value, out quality)))
            {
                return false;
            }
        }

        parsed = new AcceptElement(value, parameters, quality);
        return IsRange(value);
    }

    private static bool IsRange(ReadOnlySpan<byte> value)
    {
        int slash = value.IndexOf((byte)'/');
        return slash < 0 ? Grammar.IsToken(value)
            : Grammar.IsToken(value[..slash]) && Grammar.IsToken(value[(slash + 1)..])
                && (value[0] != (byte)'*' || value.SequenceEqual("*/*"u8));
    }

    // qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
    private static bool TryReadWeight(ReadOnlySpan<byte> text, out int quality)
    {
        quality = 0;
        if (text.Length is 0 or > 5 || text[0] is not ((byte)'0' or (byte)'1')
            || (text.Length > 1 && text[1] != (byte)'.'))
        {
            return false;
        }

        quality = (text[0] - '0') * 1000;
        for (int i = 2, unit = 100; i < text.Length; i++, unit /= 10)
        {
            if (!Grammar.IsDigit(text[i]))
            {
                return false;
            }

            quality += (text[i] - '0') * unit;
        }

        return quality <= 1000;
    }
}

/// <summary>The parameters behind a value (RFC 9110 5.6.6); begins at a semicolon.</summary>
internal ref struct FieldParameters(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public FieldParameter Current { get; private set; }

    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            _rest = _rest[1..]; // the semicolon
            int end = EndOf(_rest);
            ReadOnlySpan<byte> one = Grammar.TrimWhitespace(_rest[..end]);
            _rest = _rest[end..];
            if (!one.IsEmpty) // an empty parameter means nothing
            {
                Current = new FieldParameter(one);
                return true;
            }
        }

        return false;
    }

    public readonly FieldParameters GetEnumerator() => this;

    private static int EndOf(ReadOnlySpan<byte> text)
    {
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted && text[i] == (byte)'\\')
            {
                i++;
            }
            else if (!isQuoted && text[i] == (byte)';')
            {
                return i;
            }
        }

        return text.Length;
    }
}

/// <summary>One parameter: a token, an equals sign, and a token or quoted string.</summary>
internal readonly ref struct FieldParameter
{
    public FieldParameter(ReadOnlySpan<byte> text)
    {
        int equals = text.IndexOf((byte)'=');
        Name = equals < 0 ? text : text[..equals];
        Value = equals < 0 ? default : text[(equals + 1)..];
        IsValid = equals > 0 && Grammar.IsToken(Name)
            && (Grammar.IsToken(Value) || IsQuoted(Value));
    }

    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value as sent, with the quotes of a quoted string.</summary>
    public ReadOnlySpan<byte> Value { get; }

    public bool IsValid { get; }

    public bool IsWeight => Ascii.EqualsIgnoreCase(Name, "q"u8);

    /// <summary>Whether two have one name and value; a value is compared without case.</summary>
    public bool Matches(in FieldParameter other) =>
        Ascii.EqualsIgnoreCase(Name, other.Name)
        && Ascii.EqualsIgnoreCase(Unquote(Value), Unquote(other.Value));

    // Only the outer quotes: a type that needs a quoted pair is not worth its decoding here.
    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> value) =>
        IsQuoted(value) ? value[1..^1] : value;

    private static bool IsQuoted(ReadOnlySpan<byte> value) =>
        value is [(byte)'"', .., (byte)'"'] && value.Length >= 2;
}
