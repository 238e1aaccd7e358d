// What the checks of requests, responses and bodies share: the part of a trace that both kinds of
// message have, and payloads with a mark at the byte that must be refused.
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Testing;

/// <summary>What can be seen of an attempt to parse either kind of message.</summary>
public abstract record MessageTrace
{
    public ParseStatus Status { get; init; }

    public Rejection Rejection { get; init; }

    public long Offset { get; init; }

    public long Consumed { get; init; }

    public int VersionMinor { get; init; }

    /// <summary>One line for each field: <c>name: value</c>.</summary>
    public string Fields { get; init; } = "";

    public BodyKind BodyKind { get; init; }

    public long ContentLength { get; init; }

    public bool KeepAlive { get; init; }

    /// <summary>The fields of a head in the form of <see cref="Fields"/>.</summary>
    public static string FieldsOf(MessageHead head)
    {
        var fields = new StringBuilder();
        for (int i = 0; i < head.Count; i++)
        {
            Field field = head[i];
            fields.Append(Text(field.Name)).Append(": ").Append(Text(field.Value)).Append('\n');
        }

        return fields.ToString();
    }

    /// <summary>Octets as Latin-1, one character each.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}

/// <summary>A payload that must be refused at a mark.</summary>
internal static class MarkedPayload
{
    /// <summary>Stands before the byte that must be refused.</summary>
    private const char Mark = '\u25B8';

    /// <summary>Parses the payload without its mark, and compares the refusal.</summary>
    public static void AssertRefused(
        string marked,
        Rejection reason,
        Func<string, (bool IsRejected, Rejection Reason, long Offset)> parse)
    {
        int offset = marked.IndexOf(Mark, StringComparison.Ordinal);
        Assert.That(offset, Is.GreaterThanOrEqualTo(0), "the case has a mark");
        (bool isRejected, Rejection rejection, long at) = parse(marked.Remove(offset, 1));
        Assert.Multiple(() =>
        {
            Assert.That(isRejected, "it is refused");
            Assert.That(rejection, Is.EqualTo(reason));
            Assert.That(at, Is.EqualTo(offset), "the offset of the refused byte");
        });
    }
}
