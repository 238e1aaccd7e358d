// Makes an input from the corpus: a case, damaged a few times.
using System.Text;
using Reactor.Testing;

namespace Reactor.Fuzz;

/// <summary>Makes inputs. Reusable; one thread.</summary>
public sealed class Mutator(FuzzRandom random)
{
    /// <summary>The longest input, in bytes.</summary>
    public const int BytesMax = 65536;

    private const int LongOneIn = 512;
    private const int FullOneIn = 4096;
    private const int DamagesMax = 4;

    private static readonly byte[][] s_short =
        [.. WireCase.All.Select(one => one.Octets).Where(o => o.Length is > 0 and <= 1024)];

    private static readonly byte[][] s_long =
        [.. WireCase.All.Select(one => one.Octets).Where(o => o.Length > 1024)];

    private static readonly byte[][] s_words = [.. new[]
    {
        "\r\n", "\r", "\n", "\r\n\r\n", "\n\n", "\0", " ", "\t", "\v", "\x7F", "\u0085", "\u00A0",
        ":", ";", ",", "=", "\"", "\\", "0", "1", "5", "a", "F", "FFFFFFFF", "100000000", "+", "-",
        "_", "0x", "GET ", "POST ", "OPTIONS * ", "CONNECT a:1 ", "HTTP/1.1", "HTTP/1.0",
        "HTTP/2.0", "http://a", "https://", "?", "%00", "%2e", "Host: a\r\n", "Host:",
        "Content-Length: 5\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: ", "chunked", "gzip, ", "identity", "Connection: close\r\n",
        "Connection: keep-alive\r\n", "Connection: upgrade\r\n", "Upgrade: x\r\n", "close",
        "Expect: 100-continue\r\n", "100-continue", "[::1]", "[", "]", "@", "18446744073709551616",
        "0\r\n\r\n", "0\r\n", "5\r\nhello\r\n", ";a=b", ";a=\"b\"", "X: y\r\n", " x\r\n",
    }.Select(Encoding.Latin1.GetBytes)];

    private readonly List<byte> _octets = new(BytesMax);

    /// <summary>The next input.</summary>
    public byte[] Make()
    {
        _octets.Clear();
        _octets.AddRange(random.Pick(random.Next(LongOneIn) == 0 ? s_long : s_short));
        for (int i = random.Next(DamagesMax) + 1; i > 0; i--)
        {
            Damage();
        }

        // What costs more than its bytes shows when there are many of them.
        if (random.Next(FullOneIn) == 0)
        {
            Repeat(BytesMax);
        }

        return [.. _octets.Take(BytesMax)];
    }

    private void Damage()
    {
        int at = random.Next(_octets.Count + 1);
        int length = random.Next(Math.Min(_octets.Count - at, 64) + 1);
        switch (random.Next(9))
        {
            case 0 when at < _octets.Count:
                _octets[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < _octets.Count:
                _octets[at] = (byte)random.Next(256);
                break;
            case 2 or 3:
                _octets.InsertRange(at, random.Pick(s_words));
                break;
            case 4:
                _octets.RemoveRange(at, length);
                break;
            case 5:
                Repeat(random.Next(200) + 1);
                break;
            case 6:
                byte[] other = random.Pick(s_short);
                int from = random.Next(other.Length);
                _octets.RemoveRange(at, _octets.Count - at);
                _octets.AddRange(other.AsSpan(from));
                break;
            case 7:
                _octets.RemoveRange(at, _octets.Count - at);
                break;
            default:
                byte[] word = random.Pick(s_words);
                _octets.RemoveRange(at, Math.Min(word.Length, _octets.Count - at));
                _octets.InsertRange(at, word);
                break;
        }
    }

    // A short run of what is there, again and again.
    private void Repeat(int bytes)
    {
        if (_octets.Count == 0)
        {
            return;
        }

        int at = random.Next(_octets.Count);
        byte[] run = [.. _octets.GetRange(at, random.Next(Math.Min(_octets.Count - at, 64)) + 1)];
        List<byte> repeated = new(bytes + run.Length);
        while (repeated.Count < bytes)
        {
            repeated.AddRange(run);
        }

        _octets.InsertRange(at, repeated);
    }
}
