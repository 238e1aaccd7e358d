using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Reactor.Http;

/// <summary>A host and port that connections of the pool are made to, never another's.</summary>
/// <param name="Host">A name in lower case, or an address without brackets.</param>
/// <param name="Port">The port.</param>
/// <remarks>
/// Two spellings of an address are one origin. A name of numbers only that is no IPv4 address in
/// four decimal parts is refused: resolvers read <c>127.1</c> and <c>0x7f.1</c> as addresses, and
/// what checked the URL may not have.
/// </remarks>
internal readonly record struct ClientOrigin(string Host, int Port)
{
    private const int DefaultPort = 80;
    private const int LabelMax = 63;
    private const int NameMax = 253;

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");
    private static readonly IdnMapping s_names = new() { AllowUnassigned = false };

    /// <summary>
    /// The value of Host: with brackets around an IPv6 address, without the port of
    /// <c>http:</c> (RFC 9110 7.2).
    /// </summary>
    public string Authority
    {
        get
        {
            string host = Host.Contains(':') ? $"[{Host}]" : Host;
            return Port == DefaultPort ? host : string.Create(
                CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <summary>Reads the authority of an <c>http:</c> URL.</summary>
    /// <exception cref="ClientUrlException">It has no valid host and port.</exception>
    public static ClientOrigin Parse(ReadOnlySpan<char> authority)
    {
        // A user's name before it makes a host look like another (RFC 9110 4.2.4).
        if (authority.Contains('@'))
        {
            throw new ClientUrlException(
                "The URL has user information before its host: set a field Authorization "
                + "instead.");
        }

        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > authority.LastIndexOf(']');
        ReadOnlySpan<char> host = hasPort ? authority[..colon] : authority;
        int port = hasPort && colon + 1 < authority.Length
            ? ParsePort(authority[(colon + 1)..])
            : DefaultPort;
        return new ClientOrigin(
            host is [] ? throw new ClientUrlException("The URL has no host.")
            : host[0] == '[' ? ParseAddress(host)
            : ParseName(host),
            port);
    }

    private static int ParsePort(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= ushort.MaxValue
                ? port
                : throw new ClientUrlException("The port of the URL must be 1 to 65535.");

    private static string ParseAddress(ReadOnlySpan<char> literal)
    {
        // The rule for Host: no zone, and no IPv4 part with leading zeros. A port is off already.
        byte[] octets = Encoding.UTF8.GetBytes(literal.ToString());
        return literal[^1] == ']' && Protocol.Authority.IsValid(octets, 0)
            ? IPAddress.Parse(literal[1..^1]).ToString()
            : throw new ClientUrlException(
                "The brackets in the URL must hold an IPv6 address, without a zone.");
    }

    private static string ParseName(ReadOnlySpan<char> text)
    {
        string name = text.ToString().ToLowerInvariant();
        if (!Ascii.IsValid(name))
        {
            name = ToAscii(name);
        }

        ReadOnlySpan<char> labels = name.EndsWith('.') ? name.AsSpan(..^1) : name;
        bool isName = labels.Length <= NameMax;
        bool isOdd = false;
        ReadOnlySpan<char> last = default;
        foreach (Range range in labels.Split('.'))
        {
            last = labels[range];
            isName = isName && IsLabel(last);
            isOdd |= last is ['-' or '_', ..];
        }

        if (!isName)
        {
            throw NoName();
        }

        // Response, redirects and cookies have it as a Uri, which takes _http._tcp.a but not 9._.
        if (isOdd && !Uri.TryCreate($"http://{name}/", UriKind.Absolute, out _))
        {
            throw new ClientUrlException(
                "The host of the URL has a label that begins with '-' or '_' where System.Uri "
                + "takes none: use another name of the host, or its address.");
        }

        return !IsNumber(last) ? name
            : IsFourNumbers(labels) ? labels.ToString()
            : throw new ClientUrlException(
                "The host of the URL is a number but no IPv4 address of four decimal parts.");
    }

    private static string ToAscii(string name)
    {
        try
        {
            return s_names.GetAscii(name.Normalize(NormalizationForm.FormKC));
        }
        catch (ArgumentException)
        {
            throw NoName();
        }
    }

    // The underscore is in names of services, and in those that container networks make.
    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        foreach (char character in label)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return label.Length is > 0 and <= LabelMax;
    }

    private static bool IsNumber(ReadOnlySpan<char> label) =>
        !label.ContainsAnyExceptInRange('0', '9')
        || (label is ['0', 'x', ..] && label[2..].IndexOfAnyExcept(s_hex) < 0);

    private static bool IsFourNumbers(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> part = text[range];
            count++;
            if (part.Length > 3 || part is ['0', _, ..]
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return false;
            }
        }

        return count == 4;
    }

    private static ClientUrlException NoName() => new(
        "The host of the URL must be a name of letters, digits, '-' and '_' in labels of at most "
        + "63 characters, or an address.");
}
