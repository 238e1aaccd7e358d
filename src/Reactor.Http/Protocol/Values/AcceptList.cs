// The lists of content negotiation: Accept, Accept-Encoding, Accept-Language and Accept-Charset
// (RFC 9110 12.4 and 12.5). A malformed element is skipped, since a preference is only advice.

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
    private AcceptElement(ReadOnlySpan<byte> element, ReadOnlySpan<byte> value, int quality)
    {
        Element = element;
        Value = value;
        Quality = quality;
    }

    /// <summary>The range, such as <c>text/*</c>, <c>gzip</c> or <c>*</c>.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The whole element: the value and its parameters, with the weight.</summary>
    public ReadOnlySpan<byte> Element { get; }

    /// <summary>The weight in thousandths, 0 to 1000; 0 is "not acceptable" (12.4.2).</summary>
    public int Quality { get; }

    public static bool TryParse(ReadOnlySpan<byte> element, out AcceptElement parsed)
    {
        parsed = default;
        int quality = 1000;
        var parameters = new ContentParameters(element);
        while (parameters.MoveNext())
        {
            // A weight is one wherever it stands (12.5.1).
            if (parameters.NameIs("q"u8)
                && (parameters.IsQuoted || !TryReadWeight(parameters.Value, out quality)))
            {
                return false;
            }
        }

        parsed = new AcceptElement(element, parameters.Main, quality);
        return !parameters.IsMalformed && IsRange(parsed.Value);
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
