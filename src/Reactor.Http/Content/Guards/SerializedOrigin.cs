// serialized-origin of the Fetch standard and RFC 6454 6.2: scheme "://" host [":" port], all in
// lower case and without the default port of http and https, as browsers send it. Origins are then
// equal if their bytes are. Anything else comes from no browser and is treated as no origin.
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>Reads and checks the origin of a request. Pure; any thread.</summary>
internal static class SerializedOrigin
{
    /// <summary>
    /// What every opaque origin is serialized as: a sandboxed frame, a local file, a redirect
    /// across origins. Equal texts are not equal origins here.
    /// </summary>
    public const string Opaque = "null";

    /// <summary>
    /// The origin of a request: null if the field is missing, repeated or malformed, else a valid
    /// origin or <see cref="Opaque"/>.
    /// </summary>
    public static string? Of(RequestHead head)
    {
        if (!head.HasOnly(KnownHeader.Origin, 1UL << (int)KnownHeader.Origin))
        {
            return null;
        }

        head.TryGet(KnownHeader.Origin, out ReadOnlySpan<byte> value);
        return value.SequenceEqual("null"u8) ? Opaque
            : IsValid(value) ? Encoding.ASCII.GetString(value)
            : null;
    }

    /// <summary>The bytes of host and port of a valid origin.</summary>
    public static ReadOnlySpan<byte> AuthorityOf(ReadOnlySpan<byte> origin) =>
        origin[(origin.IndexOf("://"u8) + 3)..];

    /// <summary>The default port of a valid origin's scheme, or -1.</summary>
    public static int DefaultPort(ReadOnlySpan<byte> origin) =>
        origin.StartsWith("http://"u8) ? 80 : origin.StartsWith("https://"u8) ? 443 : -1;

    /// <summary>True for an origin as a browser serializes it, except an opaque one.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        int schemeEnd = text.IndexOf("://"u8);
        return schemeEnd > 0 && IsScheme(text[..schemeEnd])
            && !text.ContainsAnyInRange((byte)'A', (byte)'Z') && !text.Contains((byte)'%')
            && Authority.IsValid(text, schemeEnd + 3)
            && HasNormalPort(AuthorityOf(text), DefaultPort(text));
    }

    /// <summary>Checks an origin of the configuration.</summary>
    /// <exception cref="ArgumentException">It is no origin as browsers send it.</exception>
    public static string Require(string origin, string option)
    {
        ArgumentNullException.ThrowIfNull(origin, option);
        if (origin == Opaque)
        {
            throw new ArgumentException(
                $"{option} cannot have the origin 'null': every sandboxed frame and every local "
                + "file has it.", option);
        }

        return IsValid(Encoding.Latin1.GetBytes(origin)) ? origin : throw new ArgumentException(
            $"'{origin}' in {option} is not what a browser sends as its origin: scheme and host in "
            + "lower case, the port unless it is the default one, no path and no slash at the "
            + "end, such as https://example.com or http://localhost:3000.", option);
    }

    private static bool IsScheme(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && !"+-."u8.Contains(b))
            {
                return false;
            }
        }

        return char.IsAsciiLetter((char)text[0]);
    }

    private static bool HasNormalPort(ReadOnlySpan<byte> authority, int defaultPort)
    {
        int colon = authority.LastIndexOf((byte)':');
        if (colon < 0 || authority[^1] == (byte)']')
        {
            return true;
        }

        ReadOnlySpan<byte> digits = authority[(colon + 1)..];
        return digits is [not (byte)'0', ..]
            && int.Parse(digits, provider: null) != defaultPort;
    }
}
