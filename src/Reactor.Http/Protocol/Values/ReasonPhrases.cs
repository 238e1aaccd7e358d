// Status code -> registered reason phrase (RFC 9110 15, IANA) and encoded status line.
//
// A code without a phrase keeps the space behind it (RFC 9112 4).
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>The registered reason phrases. Immutable; any thread.</summary>
internal static class ReasonPhrases
{
    private const int Least = 100;
    private const int Most = 999;

    private static readonly string?[] s_phrases = new string?[Most + 1 - Least];
    private static readonly byte[][] s_lines = new byte[Most + 1 - Least][];

    static ReasonPhrases()
    {
        foreach ((int status, string phrase) in Registered())
        {
            s_phrases[status - Least] = phrase;
        }

        for (int i = 0; i < s_lines.Length; i++)
        {
            s_lines[i] = Encoding.ASCII.GetBytes($"HTTP/1.1 {i + Least} {s_phrases[i]}\r\n");
        }
    }

    /// <summary>The phrase of a status code.</summary>
    public static string Get(int status) =>
        status is >= Least and <= Most ? s_phrases[status - Least] ?? "" : "";

    // "HTTP/1.1 200 OK\r\n"
    internal static ReadOnlySpan<byte> StatusLine(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, Least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, Most);
        return s_lines[status - Least];
    }

    private static (int Status, string Phrase)[] Registered() =>
    [
        (100, "Continue"), (101, "Switching Protocols"), (102, "Processing"), (103, "Early Hints"),
        (200, "OK"), (201, "Created"), (202, "Accepted"), (203, "Non-Authoritative Information"),
        (204, "No Content"), (205, "Reset Content"), (206, "Partial Content"),
        (207, "Multi-Status"), (208, "Already Reported"), (226, "IM Used"),
        (300, "Multiple Choices"), (301, "Moved Permanently"), (302, "Found"), (303, "See Other"),
        (304, "Not Modified"), (305, "Use Proxy"), (307, "Temporary Redirect"),
        (308, "Permanent Redirect"),
        (400, "Bad Request"), (401, "Unauthorized"), (402, "Payment Required"), (403, "Forbidden"),
        (404, "Not Found"), (405, "Method Not Allowed"), (406, "Not Acceptable"),
        (407, "Proxy Authentication Required"), (408, "Request Timeout"), (409, "Conflict"),
        (410, "Gone"), (411, "Length Required"), (412, "Precondition Failed"),
        (413, "Content Too Large"), (414, "URI Too Long"), (415, "Unsupported Media Type"),
        (416, "Range Not Satisfiable"), (417, "Expectation Failed"), (421, "Misdirected Request"),
        (422, "Unprocessable Content"), (423, "Locked"), (424, "Failed Dependency"),
        (425, "Too Early"), (426, "Upgrade Required"), (428, "Precondition Required"),
        (429, "Too Many Requests"), (431, "Request Header Fields Too Large"),
        (451, "Unavailable For Legal Reasons"),
        (500, "Internal Server Error"), (501, "Not Implemented"), (502, "Bad Gateway"),
        (503, "Service Unavailable"), (504, "Gateway Timeout"), (505, "HTTP Version Not Supported"),
        (506, "Variant Also Negotiates"), (507, "Insufficient Storage"), (508, "Loop Detected"),
        (511, "Network Authentication Required"),
    ];
}
