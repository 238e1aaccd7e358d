using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>
/// How much a client wants a media type, by its Accept fields (RFC 9110 12.5.1): of the ranges that
/// match, the most specific one decides.
/// </summary>
/// <remarks>Pure; any thread. Linear in the length of the fields; allocates nothing.</remarks>
internal static class MediaRanges
{
    private const int NoMatch = -1;

    /// <summary>
    /// The quality of a type in thousandths: 0 is not acceptable. 1000 if there is no Accept field,
    /// or none with a well-formed element: then every type is as good as another.
    /// </summary>
    /// <param name="head">The head of the request.</param>
    /// <param name="type">The type, such as <c>text/html</c>; parameters may follow.</param>
    public static int QualityOf(RequestHead head, ReadOnlySpan<byte> type)
    {
        int best = NoMatch;
        int quality = 0;
        bool hasRange = false;
        foreach (ReadOnlySpan<byte> line in head.Values(KnownHeader.Accept))
        {
            foreach (AcceptElement range in new AcceptList(line))
            {
                int specificity = SpecificityOf(range, type);
                hasRange |= range.Value.Contains((byte)'/');
                if (specificity > best)
                {
                    (best, quality) = (specificity, range.Quality);
                }
                else if (specificity == best && best != NoMatch)
                {
                    quality = Math.Max(quality, range.Quality);
                }
            }
        }

        return hasRange ? quality : 1000;
    }

    /// <summary>
    /// How specific a range is for a type: 0 for <c>*/*</c>, 1 for <c>text/*</c>, 2 for
    /// <c>text/html</c>, and one more for each parameter; -1 if the type is not in it.
    /// </summary>
    private static int SpecificityOf(in AcceptElement range, ReadOnlySpan<byte> type)
    {
        int end = type.IndexOf((byte)';');
        ReadOnlySpan<byte> bare = Grammar.TrimWhitespace(end < 0 ? type : type[..end]);
        if (range.Value.SequenceEqual("*/*"u8))
        {
            return 0;
        }

        if (range.Value.EndsWith("/*"u8))
        {
            int slash = bare.IndexOf((byte)'/');
            return slash == range.Value.Length - 2
                && Ascii.EqualsIgnoreCase(bare[..slash], range.Value[..^2]) ? 1 : NoMatch;
        }

        if (!Ascii.EqualsIgnoreCase(bare, range.Value))
        {
            return NoMatch;
        }

        int specificity = 2;
        foreach (FieldParameter wanted in new FieldParameters(range.Parameters))
        {
            if (wanted.IsWeight)
            {
                continue;
            }

            if (!HasParameter(end < 0 ? default : type[end..], wanted))
            {
                return NoMatch;
            }

            specificity++;
        }

        return specificity;
    }

    private static bool HasParameter(ReadOnlySpan<byte> parameters, in FieldParameter wanted)
    {
        foreach (FieldParameter one in new FieldParameters(parameters))
        {
            if (one.Matches(wanted))
            {
                return true;
            }
        }

        return false;
    }
}
