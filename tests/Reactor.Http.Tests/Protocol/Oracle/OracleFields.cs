// A field section by the grammar of RFC 9112 5: *( field-line CRLF ) CRLF.
using System.Text;
using Reactor.Testing;

namespace Reactor.Http.Tests.Oracle;

/// <summary>Reads one section. Reusable; one thread.</summary>
public sealed class OracleFields(OracleInput input)
{
    // RFC 9110 6.5.1: framing, routing, control, authentication, content.
    private static readonly string[] s_noTrailers =
    [
        "content-length", "transfer-encoding", "host", "trailer", "te", "max-forwards",
        "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via",
        "connection", "keep-alive", "upgrade", "proxy-connection", "sec-websocket-key",
        "sec-websocket-accept", "sec-websocket-version", "sec-websocket-protocol",
        "sec-websocket-extensions", "expect", "cache-control", "pragma", "if-match",
        "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range", "age",
        "date", "expires", "vary", "location", "retry-after", "authorization",
        "proxy-authorization", "www-authenticate", "proxy-authenticate", "cookie", "set-cookie",
        "origin", "content-type", "content-encoding", "content-range", "content-disposition",
    ];

    private readonly List<(string Name, string Value)> _lines = [];

    /// <summary>The connection options, in lower case.</summary>
    public HashSet<string> Options { get; } = [];

    public bool Read(int most, string tooMany)
    {
        _lines.Clear();
        while (input.HasMore && input.Next != '\r')
        {
            // A fold, or space before the first line: not told apart here.
            if (input.Next is (byte)' ' or (byte)'\t')
            {
                return input.Fault("HDR");
            }

            if (_lines.Count == most)
            {
                return input.Fault(tooMany, 431);
            }

            if (!Line())
            {
                return false;
            }
        }

        return input.HasMore ? input.CrLf() : input.End();
    }

    /// <summary>The values of a name in lower case.</summary>
    public string[] All(string name)
    {
        List<string>? values = null;
        foreach ((string each, string value) in _lines)
        {
            if (each.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                (values ??= []).Add(value);
            }
        }

        return values is null ? [] : [.. values];
    }

    /// <summary>RFC 9110 7.6.1: #connection-option, with at most 8 empty elements.</summary>
    public bool Connection()
    {
        Options.Clear();
        int empty = 0;
        foreach (string line in All("connection"))
        {
            foreach (string element in line.Split(',').Select(one => one.Trim(' ', '\t')))
            {
                empty += element.Length == 0 ? 1 : 0;
                if (empty > 8 || (element.Length > 0 && !OracleInput.IsToken(element)))
                {
                    return input.Fault("LIST");
                }

                Options.Add(element.ToLowerInvariant());
            }
        }

        return true;
    }

    public void Tell(WireTrace trace)
    {
        foreach ((string name, string value) in _lines)
        {
            trace.Field("field"u8, Octets(name), Octets(value));
        }
    }

    public void TellTrailers(WireTrace trace)
    {
        int dropped = 0;
        foreach ((string name, string value) in _lines)
        {
            if (s_noTrailers.Contains(name.ToLowerInvariant()))
            {
                dropped++;
            }
            else
            {
                trace.Field("trailer"u8, Octets(name), Octets(value));
            }
        }

        if (dropped > 0)
        {
            trace.Line("dropped"u8, dropped);
        }
    }

    // field-name ":" OWS field-value OWS CRLF
    private bool Line()
    {
        int start = input.At;
        while (input.HasMore && OracleInput.IsTchar(input.Next))
        {
            input.At++;
        }

        if (!input.HasMore || input.Next != ':' || input.At == start)
        {
            return input.WrongOctet("HDR");
        }

        string name = Encoding.Latin1.GetString(input.From(start));
        start = ++input.At;
        while (input.HasMore && (input.Next is >= 0x20 and not 0x7F || input.Next == '\t'))
        {
            input.At++;
        }

        string value = Encoding.Latin1.GetString(input.From(start)).Trim(' ', '\t');
        if (!input.HasMore || input.Next != '\r')
        {
            return input.WrongOctet("HDR");
        }

        _lines.Add((name, value));
        return input.CrLf();
    }

    private static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);
}
