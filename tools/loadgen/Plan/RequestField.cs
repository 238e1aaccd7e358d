using System.CommandLine.Parsing;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A header field that the user adds to the request. Fields that announce a body are rejected,
/// because bodies are not supported. Immutable; any thread.
/// </summary>
internal readonly record struct RequestField(string Name, string Value)
{
    /// <summary>The parser of the option; the values are <c>NAME: VALUE</c>.</summary>
    public static RequestField[] ReadAll(ArgumentResult result)
    {
        var fields = new List<RequestField>();
        foreach (Token token in result.Tokens)
        {
            var field = Split(token.Value);
            string? complaint = field.Complaint(token.Value)
                ?? (field.Is("Host") && fields.Exists(other => other.Is("Host"))
                    ? "must not be 'Host' twice: a request has one Host."
                    : null);
            if (complaint is not null)
            {
                result.AddError($"{OptionValues.NameOf(result)} {complaint}");
                return [];
            }

            fields.Add(field);
        }

        return [.. fields];
    }

    /// <summary>Whether the field has this name, ignoring case.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static RequestField Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new RequestField(text, "")
            : new RequestField(text[..colon], text[(colon + 1)..].Trim(' ', '\t'));
    }

    private string? Complaint(string text)
    {
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            return $"must be 'NAME: VALUE' with a colon, not '{text}'.";
        }

        if (!FieldRules.IsName(Name))
        {
            return $"must be 'NAME: VALUE' with a valid field name, not '{Name}'.";
        }

        if (!FieldRules.IsValue(Value))
        {
            return $"must be 'NAME: VALUE': the value of '{Name}' has characters that are not "
                + "allowed in a field.";
        }

        return Is("Content-Length") || Is("Transfer-Encoding")
            ? $"must not be '{Name}': requests with a body are not supported yet."
            : Is("Upgrade") ? $"must not be '{Name}': only HTTP/1.1 is supported." : null;
    }
}
