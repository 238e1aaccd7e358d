using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol.Multipart;

/// <summary>
/// Random bodies: the decoder tells what the oracle tells, wherever they are cut, and each octet
/// costs little.
/// </summary>
public class MultipartFuzzTests
{
    private const int Inputs = 20_000;

    private static readonly string[] s_bodies =
    [
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\n\r\none\r\n\r\n--b\r\n"
            + "content-disposition:form-data;name=\"b%22\"\r\n\r\n--b--",
        "preamble\r\n--b \r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--b-- \r\nepilogue",
        "--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=a; filename*=utf-8''%C3%BC\r\n"
            + "Content-Transfer-Encoding: binary\r\n\r\n\r\n--\r\n--b\r\n--b--",
    ];

    private static readonly string[] s_words =
    [
        "\r\n", "\r", "\n", "--b", "\r\n--b", "\r\n--b\r\n", "\r\n--b--", "--", "-", "b", " ", "\t",
        ":", ";", "\"", "\\", "=", "%22", "%0d", "%", "\0", "\x80", "\xC3\xBC", "name=", "name*=",
        "filename=\"x\"", "filename*=", "utf-8''", "'", "*", "X: y\r\n", "form-data", "multipart/x",
        "Content-Type: ", "Content-Type: a/b\r\n", "Content-Disposition: form-data; name=z\r\n",
        "Content-Transfer-Encoding: ", "base64", "8bit", "\r\n\r\n", "/",
    ];

    [Test]
    public void Random_bodies_are_read_as_the_oracle_reads_them_wherever_they_are_cut()
    {
        Random random = TestSeed.NewRandom();
        int whole = 0;
        for (int i = 0; i < Inputs; i++)
        {
            byte[] body = Feed.Octets(Damaged(random));
            string expected = MultipartOracle.Of(Encoding.Latin1.GetString(body), "b");
            whole += expected.EndsWith("end", StringComparison.Ordinal) ? 1 : 0;
            int[] one = body.Length == 0 ? [] : [body.Length];
            string told = WithoutReason(MultipartTrace.Run(body, "b", null, one));
            string cut = WithoutReason(MultipartTrace.Run(body, "b", null, Cuts(random, body)));
            if (told != expected || cut != expected)
            {
                Assert.Fail($"input {i}: {Encoding.Latin1.GetString(body)}\noracle: {expected}\n"
                    + $"whole: {told}\nin pieces: {cut}");
            }
        }

        Assert.That(whole, Is.GreaterThan(Inputs / 100), "some are valid");
    }

    [TestCase("\r", 0)]
    [TestCase("\r\n", 0)]
    [TestCase("\r\n--bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", 1)]
    [TestCase("\r\n--bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", 1)]
    [Category("Measured")]
    [NonParallelizable]
    public void CVE_2024_30251_content_full_of_near_delimiters_costs_little(string near, int pieces)
    {
        const int Bytes = 1 << 20;
        byte[] content = Feed.Octets(string.Concat(Enumerable.Repeat(near, Bytes / near.Length)));
        byte[] head = "--"u8.ToArray();
        byte[] boundary = Feed.Octets(new string('b', 70));
        byte[] fields = "\r\nContent-Disposition: form-data; name=a\r\n\r\n"u8.ToArray();
        int pieceBytes = pieces == 0 ? Bytes : 37;
        var best = TimeSpan.MaxValue;
        for (int run = 0; run < 10; run++)
        {
            TimeSpan start = ThreadClock.Now;
            var decoder = new MultipartDecoder(boundary, MultipartTrace.Limits);
            int steps = 0;
            foreach (byte[] part in new[] { head, boundary, fields, content })
            {
                for (int at = 0; at < part.Length; at += pieceBytes)
                {
                    ReadOnlySpan<byte> piece =
                        part.AsSpan(at, Math.Min(pieceBytes, part.Length - at));
                    for (; !piece.IsEmpty; steps++)
                    {
                        decoder.Read(piece, out _, out int used);
                        piece = piece[used..];
                    }
                }
            }

            best = TimeSpan.FromTicks(Math.Min(best.Ticks, (ThreadClock.Now - start).Ticks));
            Assert.That(decoder.Rejection, Is.EqualTo(MultipartRejection.None));
            Assert.That(steps, Is.LessThan(3 * ((Bytes / pieceBytes) + 200)));
        }

        Assert.That(best, Is.LessThan(TimeSpan.FromMilliseconds(30)), "30 ns an octet");
    }

    private static string Damaged(Random random)
    {
        var text = new StringBuilder(s_bodies[random.Next(s_bodies.Length)]);
        for (int i = random.Next(4); i > 0; i--)
        {
            int at = random.Next(text.Length + 1);
            int length = random.Next(Math.Min(8, text.Length - at) + 1);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, (char)random.Next(256));
                    break;
                case 2:
                    text.Remove(at, length).Insert(at, s_words[random.Next(s_words.Length)]);
                    break;
                default:
                    text.Insert(at, s_words[random.Next(s_words.Length)]);
                    break;
            }
        }

        return text.ToString();
    }

    private static int[] Cuts(Random random, byte[] body)
    {
        List<int> cuts = [];
        int most = random.Next(1, 12);
        for (int at = 0; at < body.Length;)
        {
            at = Math.Min(body.Length, at + random.Next(1, most + 1));
            cuts.Add(at);
        }

        return [.. cuts];
    }

    private static string WithoutReason(string told)
    {
        int line = told.LastIndexOf('\n') + 1;
        return told.EndsWith("end", StringComparison.Ordinal) && told[line..] == "end"
            ? told
            : told[..line] + "refused";
    }
}
