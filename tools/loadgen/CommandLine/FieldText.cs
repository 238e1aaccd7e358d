using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A header field as the user writes it: <c>NAME: VALUE</c>. Fields that frame the body are
/// rejected: the length is that of the body.
/// </summary>
internal static class FieldText
{
    /// <summary>Reads a field; returns what is wrong with it, or null.</summary>
    public static string? Read(
        string text, IReadOnlyList<RequestField> before, out RequestField field)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        field = colon < 0
            ? new RequestField(text, "")
            : new RequestField(text[..colon], text[(colon + 1)..].Trim(' ', '\t'));
        return colon < 0 ? $"must be 'NAME: VALUE' with a colon, not '{text}'."
            : !FieldRules.IsName(field.Name)
                ? $"must be 'NAME: VALUE' with a valid field name, not '{field.Name}'."
            : !FieldRules.IsValue(field.Value)
                ? $"must be 'NAME: VALUE': the value of '{field.Name}' has characters that are "
                    + "not allowed in a field."
            : field.Is("Content-Length") || field.Is("Transfer-Encoding")
                ? $"must not be '{field.Name}': the length is that of the body, -b."
            : field.Is("Upgrade") ? $"must not be '{field.Name}': only HTTP/1.1 is supported."
            : field.Is("Host") && before.Any(other => other.Is("Host"))
                ? "must not be 'Host' twice: a request has one Host."
            : null;
    }
}
