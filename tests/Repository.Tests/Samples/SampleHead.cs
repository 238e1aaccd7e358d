// What a sample promises in its head: either the lines that it prints,
//
//     // Expected output:
//     //   first line
//     //   took … ms
//
// or that it serves, and what it answers:
//
//     // Server: http://127.0.0.1:8080
//     // GET /hello → Hello, world
//     // GET http://localhost:8080/none → 404 Not Found
//     // POST /todos {"title":"tea"} → 201 {"id":1}
//
// or both. A status is 200 where none is promised. Content that begins with { or [ is JSON, other
// content is a form. In a promised line `…` stands for any run of characters. A promise that cannot
// be read is a mistake of the sample and is reported as one, never skipped.

using System.Globalization;
using System.Text.RegularExpressions;

namespace Repository.Tests.Samples;

public sealed record SampleRequest(
    string Path, string Body, string Method = "GET", string Content = "", int Status = 200)
{
    public override string ToString() => $"{Method} {Path}";
}

public sealed partial record SampleHead(
    IReadOnlyList<string>? Output, Uri? Server, IReadOnlyList<SampleRequest> Requests)
{
    /// <exception cref="FormatException">The head promises nothing, or not readably.</exception>
    public static SampleHead Parse(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int start = Array.FindIndex(lines, line => line.Trim() == "// Expected output:");
        IReadOnlyList<string>? output = start < 0 ? null : ReadOutput(lines[(start + 1)..]);
        if (output is { Count: 0 })
        {
            throw new FormatException("'// Expected output:' is followed by no line");
        }
        Match[] servers = lines.Select(line => ServerLine().Match(line))
            .Where(match => match.Success).ToArray();
        SampleRequest[] requests = lines.Select(line => RequestLine().Match(line.TrimEnd()))
            .Where(match => match.Success)
            .Select(ReadRequest)
            .ToArray();
        if (servers.Length > 1)
        {
            throw new FormatException("two '// Server:' lines");
        }
        Uri? server = servers.Length == 1 ? new Uri(servers[0].Groups[1].Value) : null;
        return (servers.Length, requests.Length) switch
        {
            (0, 0) when output is null => throw new FormatException(
                "the head has neither '// Expected output:' nor '// Server: http://…'"),
            (1, 0) => throw new FormatException("'// Server:' without '// GET /path → body'"),
            (0, not 0) => throw new FormatException(
                $"'// {requests[0]} …' without '// Server: http://…'"),
            _ => new SampleHead(output, server, requests),
        };
    }

    /// <summary>True when <paramref name="actual"/> is what the promised line stands for.</summary>
    public static bool Matches(string expected, string actual) => Regex.IsMatch(
        actual.TrimEnd(),
        "^" + string.Join(".*", expected.TrimEnd().Split('…').Select(Regex.Escape)) + "$",
        RegexOptions.Singleline);

    /// <summary>The first line that differs, told to a reader; null when there is none.</summary>
    public static string? FirstDifference(IReadOnlyList<string> expected, string actual)
    {
        string[] lines = actual.ReplaceLineEndings("\n").TrimEnd('\n', ' ').Split('\n');
        for (int i = 0; i < Math.Max(expected.Count, lines.Length); i++)
        {
            string? promised = i < expected.Count ? expected[i] : null;
            string? printed = i < lines.Length ? lines[i] : null;
            if (promised is null || printed is null || !Matches(promised, printed))
            {
                return $"line {i + 1}: expected {Quote(promised)}, printed {Quote(printed)}";
            }
        }
        return null;
    }

    private static SampleRequest ReadRequest(Match line) => new(
        line.Groups["path"].Value,
        line.Groups["body"].Value,
        line.Groups["method"].Value,
        line.Groups["content"].Value,
        line.Groups["status"] is { Success: true } status
            ? int.Parse(status.Value, CultureInfo.InvariantCulture) : 200);

    private static string Quote(string? line) => line is null ? "no line" : $"'{line}'";

    private static List<string> ReadOutput(IEnumerable<string> lines)
    {
        List<string> block = lines
            .TakeWhile(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                && !ServerLine().IsMatch(line) && !RequestLine().IsMatch(line))
            .Select(line => line.TrimStart()[2..].TrimEnd()).ToList();
        while (block.Count > 0 && block[^1].Length == 0)
        {
            block.RemoveAt(block.Count - 1);
        }
        int indent = block.Where(line => line.Length > 0)
            .Select(line => line.Length - line.TrimStart(' ').Length).DefaultIfEmpty(0).Min();
        return block.ConvertAll(line => line.Length == 0 ? line : line[indent..]);
    }

    [GeneratedRegex(@"^// Server:\s*(http://\S+)\s*$")]
    private static partial Regex ServerLine();

    [GeneratedRegex(@"^// (?<method>[A-Z]+) (?<path>(/|http://)\S*)( (?<content>\S.*?))? → "
        + @"((?<status>\d{3})( |$))?(?<body>.*)$")]
    private static partial Regex RequestLine();
}
