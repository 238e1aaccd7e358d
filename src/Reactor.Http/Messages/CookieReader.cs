using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Reads the cookies that a client sends (RFC 6265 4.2). Clients send cookies of other programs, so
/// malformed ones are ignored.
/// </summary>
internal static class CookieReader
{
    /// <summary>The first value of each name, from so many pairs.</summary>
    public static Dictionary<string, string> Read(RequestHead head, int pairsMax, out bool isCut)
    {
        var cookies = new Dictionary<string, string>();
        int count = 0;
        foreach (ReadOnlySpan<byte> field in head.Values(KnownHeader.Cookie))
        {
            foreach (Range range in field.Split((byte)';'))
            {
                ReadOnlySpan<byte> pair = field[range].Trim(" \t"u8);
                if (pair.IsEmpty)
                {
                    continue;
                }

                if (count++ == pairsMax)
                {
                    isCut = true;
                    return cookies;
                }

                Add(cookies, pair);
            }
        }

        isCut = false;
        return cookies;
    }

    // The first one wins: a browser sends the one with the longest path first.
    private static void Add(Dictionary<string, string> cookies, ReadOnlySpan<byte> pair)
    {
        int equals = pair.IndexOf((byte)'=');
        if (equals < 0 || !Grammar.IsToken(pair[..equals]))
        {
            return;
        }

        ReadOnlySpan<byte> value = pair[(equals + 1)..];
        if (value.Length >= 2 && value[0] == (byte)'"' && value[^1] == (byte)'"')
        {
            value = value[1..^1];
        }

        cookies.TryAdd(Encoding.ASCII.GetString(pair[..equals]), Encoding.Latin1.GetString(value));
    }
}
