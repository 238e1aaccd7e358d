using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Fields that the status of a response requires, checked before a byte of it is written.
/// </summary>
internal static class ResponseRules
{
    /// <exception cref="InvalidOperationException">A field is missing.</exception>
    public static void Require(Response response, DefaultFields defaults)
    {
        string? missing = response.Status switch
        {
            401 => "WWW-Authenticate", // RFC 9110 15.5.2
            405 => "Allow", // 15.5.6
            407 => "Proxy-Authenticate", // 15.5.8
            426 => "Upgrade", // 15.5.22
            _ => null,
        };
        if (missing is not null && response.HeadersOrNull?.Contains(missing) != true
            && !defaults.Contains(missing))
        {
            throw new InvalidOperationException(
                $"A response with status {response.Status} must have the field {missing}: "
                + "add it to Headers.");
        }
    }

    /// <summary>True for <c>TE: trailers</c> (RFC 9110 6.5.1, 10.1.4).</summary>
    public static bool TakesTrailers(RequestHead head)
    {
        foreach (ReadOnlySpan<byte> value in head.Values(KnownHeader.TE))
        {
            foreach (ReadOnlySpan<byte> element in new FieldList(value))
            {
                if (System.Text.Ascii.EqualsIgnoreCase(element, "trailers"u8))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
