// A request head by the grammar of RFC 9112 3 and 5, then what its fields mean (3.2, 6 and 9).
//
// Syntax has one first fault. Meaning is judged over the whole head, and of several faults there
// any may be named: all of them are collected.
using System.Numerics;
using System.Text;
using Reactor.Testing;

namespace Reactor.Http.Tests.Oracle;

/// <summary>Reads one head. Reusable; one thread.</summary>
public sealed class OracleHead(OracleInput input)
{
    private readonly OracleFields _fields = new(input);
    private string _method = "";
    private string _target = "";
    private string _path = "";
    private string _query = "";
    private string _form = "";
    private string _host = "";
    private int _minor;

    public bool IsChunked { get; private set; }

    public long Length { get; private set; }

    public bool Persists { get; private set; }

    public bool Read(WireTrace trace)
    {
        int start = input.At;
        IsChunked = false;
        Length = -1;
        return EmptyLines() && RequestLine() && Target()
            && _fields.Read(100, "HDR") && Meaning()
            && Tell(trace, start);
    }

    // RFC 9112 2.2
    private bool EmptyLines()
    {
        for (int count = 0; input.HasMore && input.Next == '\r'; count++)
        {
            if (count == 2)
            {
                return input.Fault("START");
            }

            if (!input.CrLf())
            {
                return false;
            }
        }

        return input.HasMore || input.End();
    }

    // method SP request-target SP HTTP-version CRLF
    private bool RequestLine()
    {
        int start = input.At;
        while (input.HasMore && OracleInput.IsTchar(input.Next))
        {
            input.At++;
            if (input.At - start > 32)
            {
                return input.Fault("START", 501);
            }
        }

        if (!input.HasMore || input.Next != ' ' || input.At == start)
        {
            return input.WrongOctet("START");
        }

        _method = Text(start);
        start = ++input.At;
        string never = "\"<>#\\`{}";
        while (input.HasMore && input.Next is > 0x20 and < 0x7F
            && !never.Contains((char)input.Next))
        {
            // What the WHATWG query percent-encode set leaves raw may stand in the query.
            never = input.Next == '?' ? "\"<>#" : never;
            input.At++;
        }

        if (!input.HasMore || input.Next != ' ' || input.At == start)
        {
            return input.WrongOctet(
                input.HasMore && input.Next is (byte)' ' or (byte)'\t' or (byte)'\r'
                    ? "START" : "TARGET");
        }

        _target = Text(start);
        input.At++;
        return Version();
    }

    // RFC 9112 2.3
    private bool Version()
    {
        int major = 0;
        foreach (char wanted in "HTTP/M.m\r")
        {
            if (!input.HasMore)
            {
                return input.End();
            }

            byte b = input.Next;
            if (!(wanted is 'M' or 'm' ? OracleInput.IsDigit(b) : b == wanted))
            {
                return input.Fault(
                    b == '\n' ? "LINE" : b is (byte)' ' or (byte)'\t' ? "START" : "VERSION");
            }

            major = wanted == 'M' ? b - '0' : major;
            _minor = wanted == 'm' ? b - '0' : _minor;
            input.At += wanted == '\r' ? 0 : 1;
        }

        return input.CrLf() && (major == 1 || input.Fault("VERSION", 505));
    }

    // RFC 9112 3.2
    private bool Target()
    {
        _form = "";
        _host = "";
        _query = "";
        if (_method == "CONNECT")
        {
            return input.Fault("TARGET", OracleAuthority.IsValid(_target, true) ? 501 : 400);
        }

        if (_target == "*")
        {
            (_form, _path) = ("asterisk", "*");
            return _method == "OPTIONS" || input.Fault("TARGET");
        }

        string rest = _target;
        if (!rest.StartsWith('/'))
        {
            int scheme = rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
                : rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
            int end = rest.AsSpan(scheme).IndexOfAny('/', '?');
            _host = end < 0 ? rest[scheme..] : rest.Substring(scheme, end);
            if (scheme == 0 || !OracleAuthority.IsValid(_host, false))
            {
                return input.Fault("TARGET");
            }

            rest = rest[(scheme + _host.Length)..];
            _form = _method == "OPTIONS" && rest.Length == 0 ? "asterisk" : "absolute";
        }

        int mark = rest.IndexOf('?');
        _path = mark < 0 ? rest : rest[..mark];
        _query = mark < 0 ? "" : rest[(mark + 1)..];
        _path = _path.Length > 0 ? _path : _form == "asterisk" ? "*" : "/";
        return true;
    }

    private bool Meaning()
    {
        Hosts();
        Framing();
        Persists = _fields.Connection() && !_fields.Options.Contains("close")
            && (_minor > 0 || _fields.Options.Contains("keep-alive"));
        string[] expects = Expectations();
        if (expects.Count(one => one.Length == 0) > 8)
        {
            input.Fault("LIST");
        }

        if (expects.Any(one => one is not ("" or "100-continue")))
        {
            input.Fault("EXPECT", 417);
        }

        foreach (string single in
            new[] { "content-type", "authorization", "expect", "sec-websocket-key" })
        {
            if (_fields.All(single).Length > 1)
            {
                input.Fault("HDR");
            }
        }

        return input.Faults.Count == 0;
    }

    // RFC 9110 7.8: in 1.1, and with the connection option. A server may ignore any offer; this
    // one ignores those of requests that have content.
    private bool OffersUpgrade => _minor > 0 && _fields.Options.Contains("upgrade")
        && _fields.All("upgrade").Length > 0 && !IsChunked && Length <= 0;

    // RFC 9110 10.1.1 and 5.6.1.2: Expect = #expectation.
    private string[] Expectations() =>
    [
        .. _fields.All("expect").SelectMany(value => value.Split(','))
            .Select(one => one.Trim(' ', '\t').ToLowerInvariant()),
    ];

    private void Hosts()
    {
        string[] hosts = _fields.All("host");
        if (hosts.Length > 1 || (hosts.Length == 0 && _minor > 0)
            || hosts.Any(host => !OracleAuthority.IsValid(host, false)))
        {
            input.Fault("HOST");
        }

        foreach (string host in hosts)
        {
            bool isHttps = _target.StartsWith("https", StringComparison.OrdinalIgnoreCase);
            if (_host.Length > 0 && OracleAuthority.IsValid(host, false)
                && OracleAuthority.Normal(host, isHttps) != OracleAuthority.Normal(_host, isHttps))
            {
                input.Fault("TARGET");
            }
        }

        _host = hosts.Length == 1 ? hosts[0] : _host;
    }

    // RFC 9112 6
    private void Framing()
    {
        string[] lengths = _fields.All("content-length");
        string[] codings = _fields.All("transfer-encoding");
        if (lengths.Length > 1)
        {
            input.Fault("LENGTH");
        }

        foreach (string length in lengths)
        {
            bool digits = length.Length > 0 && length.All(char.IsAsciiDigit);
            if (!digits || (length[0] == '0' && length.Length > 1)
                || BigInteger.Parse(length, null) > long.MaxValue)
            {
                input.Fault("LENGTH");
            }
            else
            {
                Length = long.Parse(length, null);
            }
        }

        if (codings.Length > 1)
        {
            input.Fault("CODING");
        }

        if (codings.Length > 0 && lengths.Length > 0)
        {
            input.Fault("FRAMING");
        }
        else if (codings.Length > 0)
        {
            IsChunked = _minor > 0 && Coding(codings[0]);
            _ = IsChunked || _minor > 0 || input.Fault("CODING");
        }
    }

    // RFC 9112 6.1: 501 where chunked stands last behind other codings. With parameters it is a
    // matter of taste what is at fault first.
    private bool Coding(string value)
    {
        if (value.Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        string[] all = [.. value.Split(',').Select(one => one.Trim(' ', '\t').ToLowerInvariant())];
        bool known = all[^1] == "chunked" && all.Count(one => one == "chunked") == 1;
        bool tokens = all.All(OracleInput.IsToken);
        return input.Fault("CODING", value.Contains(';') ? 0 : known && tokens ? 501 : 400);
    }

    private bool Tell(WireTrace trace, int start)
    {
        trace.Request(Octets(_method), Octets(_target), _minor, start, input.At);
        LineIf(trace, _form.Length > 0, "form", _form);
        LineIf(trace, _path != _target, "path", _path);
        LineIf(trace, _query.Length > 0, "query", _query);
        LineIf(trace, _host.Length > 0, "host", _host);
        _fields.Tell(trace);
        bool body = IsChunked || Length > 0;
        LineIf(trace, IsChunked, "body", "chunked");
        LineIf(trace, Length >= 0, "body", $"{Length}");
        LineIf(trace, body && _minor > 0 && Expectations().Any(one => one.Length > 0),
            "expects", "100-continue");
        if (OffersUpgrade)
        {
            trace.Line("upgrade"u8);
        }

        return true;
    }

    private static void LineIf(WireTrace trace, bool condition, string word, string text)
    {
        if (condition)
        {
            trace.Line(Octets(word), Octets(text));
        }
    }

    private string Text(int start) => Encoding.Latin1.GetString(input.From(start));

    private static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);
}
