using System.Globalization;
using System.Text;

namespace Reactor.Http.Tests.Server;

/// <summary>How the client of a random pipeline ends.</summary>
internal enum PipelineEnding
{
    /// <summary>It takes everything and ends its stream.</summary>
    Polite,

    /// <summary>It ends its stream when it has sent everything, and takes everything.</summary>
    HalfClose,

    /// <summary>It resets the connection.</summary>
    Reset,

    /// <summary>It closes its socket: FIN, and RST to all that still comes.</summary>
    Close,

    /// <summary>It neither sends nor takes any more, and the server's deadlines end it.</summary>
    Silence,
}

/// <summary>One request of a random pipeline.</summary>
/// <param name="Kind">What it asks for; also the first segment of its path.</param>
/// <param name="Method">GET, HEAD or POST.</param>
/// <param name="Path">Unique in the test; what the handler answers with.</param>
/// <param name="Bytes">As it is sent; broken on purpose for some kinds.</param>
internal sealed record PipelineRequest(string Kind, string Method, string Path, string Bytes)
{
    /// <summary>True if the server breaks the connection off for it.</summary>
    public bool IsBrokenOffByServer => Kind is "breaks" or "short";

    /// <summary>True if the connection ends with its response.</summary>
    public bool EndsConnection => Kind is "last" or "old" or "too-large"
        || Kind.StartsWith("bad", StringComparison.Ordinal);
}

/// <summary>
/// Some requests that one client sends at once or in pieces, and the byte at which it breaks off:
/// all of it from a seed.
/// </summary>
internal sealed class RandomPipeline
{
    private static readonly string[] s_kinds =
    [
        "ok", "ok", "ok", "yield", "wait", "wait", "asks", "large", "stream", "throws", "breaks",
        "short", "head", "echo", "chunked", "ignore", "expect", "none", "last", "old",
        "bad-line", "bad-field", "bad-chunk", "too-large",
    ];

    public RandomPipeline(Random random, int number)
    {
        Number = number;
        int count = random.Next(1, 8);
        for (int i = 0; i < count; i++)
        {
            string kind = s_kinds[random.Next(s_kinds.Length)];
            Requests.Add(Make(kind, $"/{kind}/{number}/{i}"));
        }

        byte[] all = Encoding.Latin1.GetBytes(string.Concat(Requests.Select(one => one.Bytes)));
        Ending = (PipelineEnding)random.Next(5);
        bool isCut = random.Next(3) == 0;
        Bytes = isCut ? all[..random.Next(all.Length)] : all;
        ReceiveBytesMax = Ending is PipelineEnding.Reset or PipelineEnding.Silence
            && random.Next(2) == 0 ? random.Next(1200) : null;
        // One in four arrives at once.
        PiecesMax = random.Next(4) == 0 ? 1 : random.Next(1, 6);
    }

    /// <summary>The client's number, which stands in every path of it.</summary>
    public int Number { get; }

    public List<PipelineRequest> Requests { get; } = [];

    /// <summary>What the client sends: all of it, or up to the byte at which it is cut.</summary>
    public byte[] Bytes { get; }

    /// <summary>How it ends then.</summary>
    public PipelineEnding Ending { get; }

    /// <summary>Bytes of the answers that it lets come; null: all.</summary>
    public int? ReceiveBytesMax { get; }

    /// <summary>In how many pieces it is sent at most.</summary>
    public int PiecesMax { get; }

    /// <summary>True if the whole request was sent.</summary>
    public bool IsWhole(int request) =>
        Requests.Take(request + 1).Sum(one => one.Bytes.Length) <= Bytes.Length;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"[{string.Join(", ", Requests.Select(one => one.Path))}], {Bytes.Length} of "
            + $"{Requests.Sum(one => one.Bytes.Length)} bytes, {Ending}, "
            + $"takes {ReceiveBytesMax?.ToString(CultureInfo.InvariantCulture) ?? "all"}");

    private static PipelineRequest Make(string kind, string path)
    {
        const string Host = " HTTP/1.1\r\nHost: test\r\n";
        string get = $"GET {path}{Host}";
        string post = $"POST {path}{Host}";
        string bytes = kind switch
        {
            "head" => $"HEAD {path}{Host}\r\n",
            "echo" or "ignore" => $"{post}Content-Length: 9\r\n\r\nsome body",
            "chunked" => $"{post}Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n5\r\n body\r\n"
                + "0\r\n\r\n",
            "expect" => $"{post}Expect: 100-continue\r\nContent-Length: 9\r\n\r\nsome body",
            "last" => $"{get}Connection: close\r\n\r\n",
            "old" => $"GET {path} HTTP/1.0\r\n\r\n",
            "bad-line" => $"GET  {path}{Host}\r\n",
            "bad-field" => $"{get}no field\r\n\r\n",
            "bad-chunk" => $"{post}Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\nx\r\n",
            "too-large" => $"{post}Content-Length: 99999999\r\n\r\n",
            _ => $"{get}\r\n",
        };
        return new PipelineRequest(kind, bytes[..bytes.IndexOf(' ')], path, bytes);
    }
}
