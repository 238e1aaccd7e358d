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
        ReadOnlySpan<byte> bare = new ContentParameters(type).Main;
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
        var wanted = new ContentParameters(range.Element);
        while (wanted.MoveNext())
        {
            if (wanted.NameIs("q"u8))
            {
                continue;
            }

            if (!HasParameter(type, wanted))
            {
                return NoMatch;
            }

            specificity++;
        }

        return specificity;
    }

    // A value is compared without case: in most types, as in charset, it means the same.
    private static bool HasParameter(ReadOnlySpan<byte> type, in ContentParameters wanted)
    {
        var own = new ContentParameters(type);
        while (own.MoveNext())
        {
            if (own.NameIs(wanted.Name) && Ascii.EqualsIgnoreCase(own.Value, wanted.Value))
            {
                return true;
            }
        }

        return false;
    }
}
