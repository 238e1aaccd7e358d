// Makes a path from a pattern and values: the inverse of a match. A match of the path captures
// exactly these values; values that no match can capture are a mistake of the caller, so they
// throw.
//
// A decoded value is escaped as pchar (RFC 3986 3.3). A raw value stands as it is, with its
// escapes; only what cannot stand in a segment is escaped, so a key with "/" becomes one segment.
using System.Buffers;
using System.Text;

namespace Reactor.Http.Routing;

internal static class RouteFormat
{
    private const string Unreserved =
        "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    private static readonly SearchValues<byte> s_unreserved = Octets(Unreserved);
    private static readonly SearchValues<byte> s_pchar = Octets(Unreserved + "!$&'()*+,;=:@");
    private static readonly SearchValues<byte> s_rawSegment =
        Octets(Unreserved + "!$&'()*+,;=:@%|^[]");

    private static readonly SearchValues<byte> s_rawTail =
        Octets(Unreserved + "!$&'()*+,;=:@%|^[]/");

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>A path, and a query if there are pairs for one.</summary>
    /// <exception cref="ArgumentException">
    /// A name is missing, unknown or given twice, or the parameter cannot capture its value.
    /// </exception>
    public static string Format(
        RoutePattern pattern, ReadOnlySpan<KeyValuePair<string, string>> values,
        ReadOnlySpan<KeyValuePair<string, string>> query = default)
    {
        RequireNames(pattern, values);
        var path = new StringBuilder();
        foreach (PatternSegment segment in pattern.Segments)
        {
            path.Append('/');
            if (segment.Kind == SegmentKind.Literal)
            {
                path.Append(segment.Text);
                continue;
            }

            string value = Find(values, segment.Text)!;
            if (WhyNot(segment, value) is { } why)
            {
                throw new ArgumentException(
                    $"The value of '{segment.Text}' does not fit the route '{pattern.Text}': "
                    + $"{why}.",
                    nameof(values));
            }

            Append(path, value, segment);
        }

        RequirePath(pattern, path);
        for (int i = 0; i < query.Length; i++)
        {
            Append(path.Append(i == 0 ? '?' : '&'), query[i].Key, s_unreserved);
            Append(path.Append('='), query[i].Value, s_unreserved);
        }

        return path.ToString();
    }

    private static void RequireNames(
        RoutePattern pattern, ReadOnlySpan<KeyValuePair<string, string>> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            string name = values[i].Key;
            if (!pattern.Names.Contains(name))
            {
                throw new ArgumentException(
                    $"The route '{pattern.Text}' has no parameter '{name}'; it has "
                    + $"{ListOf(pattern.Names)}. Give other values as the query.",
                    nameof(values));
            }

            if (Find(values[..i], name) is not null)
            {
                throw new ArgumentException(
                    $"The value of '{name}' is given twice for the route '{pattern.Text}'.",
                    nameof(values));
            }
        }

        foreach (string name in pattern.Names)
        {
            if (Find(values, name) is null)
            {
                throw new ArgumentException(
                    $"The route '{pattern.Text}' needs a value for '{name}'.", nameof(values));
            }
        }
    }

    private static string ListOf(string[] names) =>
        names.Length == 0 ? "none" : string.Join(", ", names.Select(name => $"'{name}'"));

    private static string? Find(
        ReadOnlySpan<KeyValuePair<string, string>> values, string name)
    {
        foreach ((string key, string value) in values)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    // The reason why a match cannot capture a value; null if it can.
    private static string? WhyNot(PatternSegment segment, string value)
    {
        if (!segment.IsTail)
        {
            return value.Length == 0 ? "it is empty"
                : segment.IsRaw ? WhyNotRaw(segment, value)
                : WhyNotSafe(segment, value);
        }

        string[] parts = value.Split('/');
        for (int i = 0; i < parts.Length; i++)
        {
            string? why = segment.IsRaw ? WhyNotRaw(segment, parts[i])
                : parts[i].Length == 0 && i < parts.Length - 1 ? "a segment of it is empty"
                : WhyNotSafe(segment, parts[i]);
            if (why is not null)
            {
                return why;
            }
        }

        return null;
    }

    private static string? WhyNotSafe(PatternSegment segment, string value) =>
        value is "." or ".." ? "it has a dot segment"
        : value.Contains('/') ? "it contains '/'; only a tail or ':raw' can"
        : value.Contains('\\') ? "it contains '\\'; only ':raw' can"
        : value.Contains('\0') ? "it contains NUL; only ':raw' can"
        : !IsText(value) ? "it has half of a surrogate pair"
        : segment.Values?.Contains(value) == false ? "it does not satisfy the constraints"
        : null;

    // Browsers resolve dot segments before they send a path, escaped ones too.
    private static string? WhyNotRaw(PatternSegment segment, string value)
    {
        if (!IsText(value))
        {
            return "it has half of a surrogate pair";
        }

        var escaped = new StringBuilder(value.Length);
        Append(escaped, value, s_rawSegment);
        string text = escaped.ToString();
        return PathSegment.ContentOf(text) == SegmentContent.Malformed
                ? "'%' begins no escape in it; write '%25'"
            : text.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or ".."
                ? "it has a dot segment"
            : segment.Values is { } values && !PathSegment.IsIn(values, text)
                ? "it does not satisfy the constraints"
            : null;
    }

    private static bool IsText(string value)
    {
        for (ReadOnlySpan<char> rest = value; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    // What a value can only break as a whole: "//host" names another host (RFC 3986 4.2).
    private static void RequirePath(RoutePattern pattern, StringBuilder path)
    {
        string text = path.ToString();
        string? why = text.StartsWith("//", StringComparison.Ordinal)
            ? "the path would begin with '//' and so name another host"
            : text.Count(c => c == '/') > RoutePattern.SegmentsMax
                ? $"the path would have more than {RoutePattern.SegmentsMax} segments"
                : null;
        if (why is not null)
        {
            throw new ArgumentException(
                $"The values do not fit the route '{pattern.Text}': {why}.", nameof(pattern));
        }
    }

    private static void Append(StringBuilder target, string value, PatternSegment segment)
    {
        if (segment.IsRaw)
        {
            Append(target, value, segment.IsTail ? s_rawTail : s_rawSegment);
            return;
        }

        string[] parts = value.Split('/');
        for (int i = 0; i < parts.Length; i++)
        {
            Append(i == 0 ? target : target.Append('/'), parts[i], s_pchar);
        }
    }

    private static void Append(StringBuilder target, string value, SearchValues<byte> plain)
    {
        foreach (byte octet in s_strict.GetBytes(value))
        {
            if (plain.Contains(octet))
            {
                target.Append((char)octet);
            }
            else
            {
                target.Append('%').Append(octet.ToString("X2", null));
            }
        }
    }

    private static SearchValues<byte> Octets(string characters) =>
        SearchValues.Create(Encoding.ASCII.GetBytes(characters));
}
