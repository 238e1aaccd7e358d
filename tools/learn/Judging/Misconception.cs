using System.Text.RegularExpressions;

namespace Reactor.Learn;

/// <summary>
/// A misconception as the head of a wrong answer states it:
/// <code>
/// // 07.1 What the answer gets wrong, in one sentence. It may go on in the next line.
/// // zh-CN: the same
/// // why this is wrong, and what happens in a real server
/// // zh-CN: the same (optional)
/// </code>
/// Immutable.
/// </summary>
/// <param name="Number">Such as 07.1.</param>
/// <param name="Sentence">What the answer gets wrong.</param>
/// <param name="Reason">Why this is wrong.</param>
internal sealed partial record Misconception(string Number, Text Sentence, Text Reason)
{
    private const string ChineseMark = "zh-CN:";

    /// <summary>Reads the head of a wrong answer.</summary>
    /// <exception cref="FormatException">
    /// The head is not as it must be; the message has the path.
    /// </exception>
    public static Misconception Parse(string path, string text)
    {
        string[] lines =
        [
            .. text.ReplaceLineEndings("\n").Split('\n')
                .TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))
                .Select(line => line.TrimStart('/').Trim()),
        ];
        int at = 0;
        string english = Take(lines, ref at, line => !HasMark(line));
        Match first = Start().Match(english);
        string chinese = Take(lines, ref at, IsChinese);
        string reason = Take(lines, ref at, line => !HasMark(line));
        string reasonInChinese = Take(lines, ref at, IsChinese);
        if (!first.Success || chinese.Length == 0 || reason.Length == 0 || at < lines.Length)
        {
            throw new FormatException(
                $"{path}:{Math.Min(at + 1, Math.Max(lines.Length, 1))}: the head of a wrong answer "
                + "has here '// 07.1 a sentence', '// zh-CN: the same' and '// the reason'.");
        }

        return new Misconception(
            first.Groups[1].Value,
            new Text(first.Groups[2].Value, chinese),
            new Text(reason, reasonInChinese.Length == 0 ? reason : reasonInChinese));
    }

    private static string Take(string[] lines, ref int at, Func<string, bool> belongs)
    {
        var parts = new List<string>();
        while (at < lines.Length && belongs(lines[at]))
        {
            parts.Add(lines[at++]);
        }

        bool isChinese = parts is [var first, ..] && IsChinese(first);
        return string.Join(isChinese ? "" : " ", parts)
            .Replace(ChineseMark, "", StringComparison.Ordinal).Trim();
    }

    private static bool HasMark(string line) =>
        line.StartsWith(ChineseMark, StringComparison.Ordinal);

    // After the mark, a line without it goes on in Chinese if it has a Chinese character. English
    // ends only at the mark: it may quote such a character.
    private static bool IsChinese(string line) => HasMark(line) || HanCharacter().IsMatch(line);

    [GeneratedRegex(@"^([0-9]{2}\.[0-9]) (.+)$")]
    private static partial Regex Start();

    [GeneratedRegex(@"[\u4e00-\u9fff]")]
    private static partial Regex HanCharacter();
}
