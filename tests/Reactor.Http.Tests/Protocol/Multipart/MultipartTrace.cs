// Runs a multipart body through the decoder whole, byte by byte and cut at every index, and demands
// one and the same outcome. The memory of a piece is overwritten once the decoder is done with it.
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol.Multipart;

internal static class MultipartTrace
{
    public static MultipartLimits Limits { get; } = FormOptions.Default.ToLimits();

    /// <summary>
    /// What is told of a body: a line "name|file name|type|content" for each part that ended, then
    /// "end" or the reason of the rejection.
    /// </summary>
    public static string Of(string payload, string boundary = "b", MultipartLimits? limits = null)
    {
        byte[] octets = Feed.Octets(payload);
        string expected = Run(octets, boundary, limits, [octets.Length]);
        Assert.That(
            Run(octets, boundary, limits, [.. Enumerable.Range(1, octets.Length)]),
            Is.EqualTo(expected), "byte by byte");
        for (int cut = 1; cut < octets.Length; cut++)
        {
            string split = Run(octets, boundary, limits, [cut, octets.Length]);
            if (split != expected)
            {
                Assert.That(split, Is.EqualTo(expected), $"cut at {cut}");
            }
        }

        return expected;
    }

    /// <summary>The outcome with the given cuts.</summary>
    public static string Run(
        byte[] octets, string boundary, MultipartLimits? limits, int[] cuts)
    {
        var decoder = new MultipartDecoder(Encoding.ASCII.GetBytes(boundary), limits ?? Limits);
        var told = new StringBuilder();
        var content = new StringBuilder();
        int start = 0;
        foreach (int cut in cuts)
        {
            byte[] memory = octets[start..cut];
            start = cut;
            ReadOnlySpan<byte> piece = memory;
            while (!piece.IsEmpty)
            {
                MultipartStep step = decoder.Read(piece, out int run, out int used);
                Assert.That(used > 0 || !decoder.Held.IsEmpty, "a step makes progress");
                Assert.That(run, Is.LessThanOrEqualTo(used));
                switch (step)
                {
                    case MultipartStep.Rejected:
                        return $"{told}{decoder.Rejection}";
                    case MultipartStep.Part:
                        content.Clear();
                        break;
                    case MultipartStep.Content or MultipartStep.PartEnd:
                        ReadOnlySpan<byte> more =
                            decoder.Held.IsEmpty ? piece[..run] : decoder.Held.Span;
                        content.Append(Encoding.Latin1.GetString(more));
                        break;
                    default:
                        break;
                }

                if (step == MultipartStep.PartEnd)
                {
                    PartFields part = decoder.Part!;
                    told.Append($"{part.Name}|{part.FileName ?? "-"}|{part.ContentType ?? "-"}|")
                        .Append(content).Append('\n');
                }

                piece = piece[used..];
            }

            memory.AsSpan().Fill(0xDD);
        }

        decoder.Head.Release();
        return told + (decoder.End() ? "end" : $"{decoder.Rejection}");
    }
}
