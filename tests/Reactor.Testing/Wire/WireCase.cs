// Cases of the parser as documents: prose, octets, what must come of them.
//
// A document has a title, an introduction, and a section for each case: `## ` and its name, a
// paragraph that says why (the clause of an RFC, the number of an advisory), a block `bytes` in the
// notation of `CaseNotation`, and a block `trace` with lines of `WireTrace`. The trace may leave
// out the lines `path`, `query`, `host` and `field`; whatever else the parser says must stand
// there. `rejected` stands there without its offset: that is where the block of octets has `\!`.
namespace Reactor.Testing;

/// <summary>One case of one document.</summary>
public sealed record WireCase(string Name, string Place, byte[] Octets, string[] Trace)
{
    private const string Folder = "Cases";
    private static readonly string[] s_optional = ["path ", "query ", "host ", "field "];

    /// <summary>All cases of the documents beside the running program.</summary>
    public static IReadOnlyList<WireCase> All { get; } = [.. Load()];

    /// <summary>The cases of one document.</summary>
    /// <exception cref="FormatException">
    /// It is not written as described above; the message begins with file and line.
    /// </exception>
    public static IEnumerable<WireCase> Parse(string file, string text) =>
        new WireCaseReader(file, text).Read();

    /// <summary>Says how a trace differs from the expected one, or null.</summary>
    public string? Difference(WireTrace trace)
    {
        string[] lines = trace.ToString().Split('\n')[..^1];
        int wanted = 0;
        foreach (string line in lines)
        {
            if (wanted < Trace.Length && line == Trace[wanted])
            {
                wanted++;
            }
            else if (!s_optional.Any(word => line.StartsWith(word, StringComparison.Ordinal)))
            {
                return Explain(lines, $"says `{Shown(line)}`");
            }
        }

        return wanted == Trace.Length ? null : Explain(lines, "ends");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private string Explain(string[] lines, string what) =>
        $"{Place}: {Name}: the parser {what} where the case does not.\nexpected:\n  "
        + $"{string.Join("\n  ", Trace.Select(Shown))}\nactual:\n  "
        + string.Join("\n  ", lines.Select(Shown));

    private static string Shown(string line) =>
        line.Length <= 120 ? line : $"{line[..120]}… ({line.Length} characters)";

    private static IEnumerable<WireCase> Load()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, Folder);
        return Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal)
            .SelectMany(file => Parse(Path.GetFileName(file), File.ReadAllText(file)));
    }
}
