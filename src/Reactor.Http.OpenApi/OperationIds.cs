namespace Reactor.Http.OpenApi;

/// <summary>
/// Ids of operations, unique in a document: the name of the route, else one made of the method and
/// the path. Names of routes are given first, so that no made one takes them.
/// </summary>
internal sealed class OperationIds
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Take(string wanted)
    {
        string free = SchemaNames.Free(wanted, _taken.Contains);
        _taken.Add(free);
        return free;
    }

    /// <summary>The id by the name of a route; null if it has none.</summary>
    /// <param name="route">The route.</param>
    /// <param name="method">The method, in lower case.</param>
    public static string? ByName(Route route, string method)
    {
        if (route.Name is not { } name)
        {
            return null;
        }

        // An id becomes part of URLs and the name of a method: only unreserved characters.
        string plain = string.Concat(name.Select(c =>
            char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' ? c : '_'));
        bool isOneOfSeveral = route.Methods.Count > 1 || route.Methods[0] == "*";
        return isOneOfSeveral ? $"{plain}_{method}" : plain;
    }

    /// <summary><c>getTodosById</c> for GET /todos/{id}.</summary>
    public static string ByPath(string template, string method)
    {
        string words = string.Concat(template.Split('/').Select(segment =>
            segment is ['{', .., '}'] ? $"By{Word(segment[1..^1])}" : Word(segment)));
        return method + (words.Length == 0 ? "Root" : words);
    }

    // Letters and digits, each run with a capital.
    private static string Word(string text)
    {
        bool begins = true;
        var word = new System.Text.StringBuilder();
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                begins = true;
                continue;
            }

            word.Append(begins ? char.ToUpperInvariant(c) : c);
            begins = false;
        }

        return word.ToString();
    }
}
