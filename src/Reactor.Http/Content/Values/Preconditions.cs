// The conditional requests of RFC 9110 13, in the order of 13.2.2:
//
//   1  If-Match              false: 412
//   2  If-Unmodified-Since   only without If-Match; false: 412
//   3  If-None-Match         false: 304 for GET and HEAD, 412 for others
//   4  If-Modified-Since     only for GET and HEAD without If-None-Match; false: 304
//   5  If-Range              comes with ranges
//
// A malformed list of tags ends at its first fault. Both outcomes are safe: a lost If-Match refuses
// to write, and a lost If-None-Match sends the whole representation.
using Reactor.Http.Protocol;

namespace Reactor.Http;

internal enum PreconditionOutcome
{
    /// <summary>The request is to be performed.</summary>
    Perform,

    /// <summary>304: the client has the representation.</summary>
    NotModified,

    /// <summary>412: the client has another than it thinks.</summary>
    Failed,
}

/// <summary>What a client's conditions are compared with.</summary>
/// <param name="Exists">Whether the target has a representation.</param>
/// <param name="Tag">Its entity tag, if it has one.</param>
/// <param name="Modified">When it was last modified, if that is known.</param>
internal readonly record struct Validators(bool Exists, ETag? Tag, DateTimeOffset? Modified);

/// <summary>Evaluates the preconditions of a request. Pure; any thread.</summary>
internal static class Preconditions
{
    public static PreconditionOutcome Evaluate(
        RequestHead head, in Validators state, DateTimeOffset now)
    {
        if (head.Method is KnownMethod.Options or KnownMethod.Trace or KnownMethod.Connect)
        {
            return PreconditionOutcome.Perform; // 13.2.1: they select no representation
        }

        bool isRead = head.Method is KnownMethod.Get or KnownMethod.Head;
        if (head.Contains(KnownHeader.IfMatch))
        {
            if (!Matches(head, KnownHeader.IfMatch, state, isStrong: true))
            {
                return PreconditionOutcome.Failed;
            }
        }
        else if (IsAfter(state, head, KnownHeader.IfUnmodifiedSince, now) == true)
        {
            return PreconditionOutcome.Failed;
        }

        if (head.Contains(KnownHeader.IfNoneMatch))
        {
            if (Matches(head, KnownHeader.IfNoneMatch, state, isStrong: false))
            {
                return isRead ? PreconditionOutcome.NotModified : PreconditionOutcome.Failed;
            }
        }
        else if (isRead && IsAfter(state, head, KnownHeader.IfModifiedSince, now) == false)
        {
            return PreconditionOutcome.NotModified;
        }

        return PreconditionOutcome.Perform;
    }

    // "*" stands alone and means any representation (13.1.1, 13.1.2).
    private static bool Matches(
        RequestHead head, KnownHeader field, in Validators state, bool isStrong)
    {
        int lines = 0;
        bool isAny = false;
        foreach (ReadOnlySpan<byte> line in head.Values(field))
        {
            lines++;
            isAny = line.SequenceEqual("*"u8);
            ReadOnlySpan<byte> rest = line;
            while (state is { Exists: true, Tag: { } tag } && TryTake(ref rest, out SentTag sent))
            {
                if (tag.Matches(sent, isStrong))
                {
                    return true;
                }
            }
        }

        return state.Exists && isAny && lines == 1;
    }

    // Whether the representation is newer than the date of the client; null if the field is to be
    // ignored: it is missing, repeated or no date, or the date of the representation is unknown
    // (13.1.3, 13.1.4).
    private static bool? IsAfter(
        in Validators state, RequestHead head, KnownHeader field, DateTimeOffset now)
    {
        if (!state.Exists || state.Modified is not { } modified)
        {
            return null;
        }

        bool? isAfter = null;
        foreach (ReadOnlySpan<byte> line in head.Values(field))
        {
            if (isAfter is not null || !HttpDate.TryParse(line, now, out DateTimeOffset date))
            {
                return null;
            }

            // A date on the wire has whole seconds.
            isAfter = modified.UtcTicks / TimeSpan.TicksPerSecond
                > date.UtcTicks / TimeSpan.TicksPerSecond;
        }

        return isAfter;
    }

    // #entity-tag, where entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE (8.8.3): a backslash escapes
    // nothing, unlike in a quoted string.
    private static bool TryTake(ref ReadOnlySpan<byte> rest, out SentTag tag)
    {
        tag = default;
        rest = rest.TrimStart(", \t"u8);
        bool isWeak = rest.StartsWith("W/"u8);
        ReadOnlySpan<byte> quoted = isWeak ? rest[2..] : rest;
        int end = quoted is [(byte)'"', ..] ? quoted[1..].IndexOf((byte)'"') : -1;
        if (end < 0 || quoted[1..][..end].ContainsAnyInRange((byte)0, Grammar.Space))
        {
            return false;
        }

        tag = new SentTag(quoted[1..][..end], isWeak);
        rest = quoted[(end + 2)..].TrimStart(" \t"u8);
        return rest is [] or [(byte)',', ..];
    }
}
