using System.Text.RegularExpressions;

namespace Reactor.Learn;

/// <summary>
/// Reads the head of a lesson's program. The first line that is not as it must be ends the reading
/// with a <see cref="FormatException"/> that names path, line and what is expected there.
/// </summary>
internal sealed partial class LessonHeadParser(string path, string[] lines)
{
    private const string Indent = "//   ";

    private int _at;

    public LessonFile Read()
    {
        while (_at < lines.Length && lines[_at].StartsWith('#'))
        {
            _at++;
        }

        Match lesson = FirstLine().Match(_at < lines.Length ? lines[_at] : "");
        if (!lesson.Success)
        {
            throw Wrong("'// Lesson 07: a title, which ends with ? or .'");
        }

        _at++;
        string? growsFrom = lesson.Groups["from"] is { Success: true, Value: var from }
            ? from : null;
        string question = ReadQuestion();
        int predictLine = _at;
        List<string> choices = ReadBlock("// Predict:");
        string picture = ReadPicture();
        List<string> output = ReadBlock("// Expected output:");
        CheckChoices(choices, output, predictLine);
        while (_at < lines.Length && lines[_at].Length == 0)
        {
            _at++;
        }

        return new LessonFile
        {
            Path = path,
            Number = lesson.Groups["number"].Value,
            Title = lesson.Groups["title"].Value.TrimEnd('.'),
            GrowsFrom = growsFrom,
            Question = question,
            Choices = choices,
            Picture = picture,
            ExpectedOutput = output,
            Lines = lines,
            HeadLines = _at,
        };
    }

    private string ReadQuestion()
    {
        const string start = "// Question: ";
        if (_at >= lines.Length || !lines[_at].StartsWith(start, StringComparison.Ordinal))
        {
            throw Wrong($"'{start}…'");
        }

        var parts = new List<string> { lines[_at++][start.Length..].Trim() };
        while (_at < lines.Length && lines[_at].StartsWith("// ", StringComparison.Ordinal)
            && !lines[_at].EndsWith(':'))
        {
            parts.Add(lines[_at++][3..].Trim());
        }

        return string.Join(' ', parts);
    }

    private string ReadPicture()
    {
        const string start = "// Picture: ";
        string kinds = string.Join(", ", LessonFile.PictureKinds);
        if (_at >= lines.Length || !lines[_at].StartsWith(start, StringComparison.Ordinal)
            || !LessonFile.PictureKinds.Contains(lines[_at][start.Length..]))
        {
            throw Wrong($"'{start}' and one of {kinds}");
        }

        return lines[_at++][start.Length..];
    }

    // The lines below a heading, without their indent; an empty comment line is an empty line.
    private List<string> ReadBlock(string heading)
    {
        if (_at >= lines.Length || lines[_at] != heading)
        {
            throw Wrong($"'{heading}'");
        }

        _at++;
        var block = new List<string>();
        while (_at < lines.Length
            && (lines[_at] == "//" || lines[_at].StartsWith(Indent, StringComparison.Ordinal)))
        {
            block.Add(lines[_at] == "//" ? "" : lines[_at][Indent.Length..]);
            _at++;
        }

        while (block is [.., ""])
        {
            block.RemoveAt(block.Count - 1);
        }

        return block.Count > 0 ? block : throw Wrong($"a line '{Indent}…' below '{heading}'");
    }

    private void CheckChoices(
        List<string> choices, List<string> output, int predictLine)
    {
        int right = choices.Count(output.Contains);
        if (choices.Count is < 2 or > 4 || right != 1 || choices.Distinct().Count() < choices.Count)
        {
            _at = predictLine;
            throw Wrong("2 to 4 different choices, exactly one of which is a line of the expected "
                + $"output; there are {choices.Count}, of which {right} are");
        }
    }

    private FormatException Wrong(string expected) =>
        new($"{path}:{_at + 1}: the head of a lesson has here {expected}.");

    [GeneratedRegex(@"^// Lesson (?<number>[0-9]{2}): (?<title>[^?.]+[?.])"
        + @"( Grows from (?<from>[0-9]{2}_\w+)\.)?\s*$")]
    private static partial Regex FirstLine();
}
