// Reads one document of cases; see `WireCase` for what it looks like.
//
// Strict, with the file and line of whatever is wrong: a case that is silently skipped, or a block
// that is silently ignored, would be a proof of nothing.
namespace Reactor.Testing;

internal sealed class WireCaseReader(string file, string text)
{
    private const string Fence = "```";
    private readonly string[] _lines = text.ReplaceLineEndings("\n").Split('\n');
    private readonly HashSet<string> _names = [];
    private int _at;

    public List<WireCase> Read()
    {
        if (!_lines[0].StartsWith("# ", StringComparison.Ordinal))
        {
            throw Wrong(0, "a document of cases begins with `# ` and its title");
        }

        List<WireCase> cases = [];
        for (_at = 1; _at < _lines.Length;)
        {
            if (IsHeading(_at))
            {
                cases.Add(ReadCase());
            }
            else if (_lines[_at++].StartsWith(Fence, StringComparison.Ordinal))
            {
                throw Wrong(_at - 1, "a block stands outside of a case: a case begins with `## `");
            }
        }

        return cases.Count > 0 ? cases : throw Wrong(0, "there is no case here");
    }

    private WireCase ReadCase()
    {
        int heading = _at++;
        string name = _lines[heading][3..].Trim();
        if (!_names.Add(name))
        {
            throw Wrong(heading, $"there are two cases `{name}`");
        }

        bool why = false;
        Dictionary<string, (int Line, string Text)> blocks = [];
        while (_at < _lines.Length && !IsHeading(_at))
        {
            string line = _lines[_at];
            if (!line.StartsWith(Fence, StringComparison.Ordinal))
            {
                why |= blocks.Count == 0 && line.Trim().Length > 0;
                _at++;
                continue;
            }

            string kind = line[Fence.Length..].Trim();
            if (kind is not ("bytes" or "trace") || blocks.ContainsKey(kind))
            {
                throw Wrong(_at, "a case has one block `bytes` and one block `trace`");
            }

            blocks.Add(kind, ReadBlock());
        }

        if (!why)
        {
            throw Wrong(heading, $"`{name}` does not say why");
        }

        return blocks.Count == 2
            ? Make(name, heading, blocks["bytes"], blocks["trace"])
            : throw Wrong(heading, $"`{name}` lacks its block `bytes` or its block `trace`");
    }

    private (int Line, string Text) ReadBlock()
    {
        int first = ++_at;
        while (_at < _lines.Length && _lines[_at] != Fence)
        {
            _at++;
        }

        return _at < _lines.Length
            ? (first, string.Join('\n', _lines[first.._at++]))
            : throw Wrong(first - 1, "the block has no end");
    }

    private WireCase Make(
        string name, int heading, (int Line, string Text) bytes, (int Line, string Text) trace)
    {
        CaseOctets octets = At(bytes.Line, () => CaseNotation.Read(bytes.Text));
        string[] lines = [.. trace.Text.Split('\n')
            .Select((line, i) => At(trace.Line + i, () => CaseNotation.Canonical(line)))];
        if (lines.Any(line => line.Length == 0))
        {
            throw Wrong(trace.Line, "a trace has no empty line");
        }

        bool refused = lines[^1].StartsWith("rejected ", StringComparison.Ordinal);
        if (refused != octets.Mark >= 0)
        {
            throw Wrong(
                bytes.Line, refused ? "\\! is missing from the octets" : "\\! and no `rejected`");
        }

        if (refused)
        {
            lines[^1] += $" at {octets.Mark}";
        }

        return new WireCase(name, $"{file}:{heading + 1}", octets.Bytes, lines);
    }

    private T At<T>(int line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException error)
        {
            throw Wrong(line, error.Message);
        }
    }

    private bool IsHeading(int line) => _lines[line].StartsWith("## ", StringComparison.Ordinal);

    private FormatException Wrong(int line, string what) => new($"{file}:{line + 1}: {what}");
}
