using System.Text;

namespace Reactor.Learn;

/// <summary>A row of the table of lessons, from the page of a lesson.</summary>
/// <param name="File">The name of the page.</param>
/// <param name="Title">Its title.</param>
/// <param name="Question">The last sentence of its question.</param>
/// <param name="Exercise">The first sentence of its exercise.</param>
internal sealed record IndexRow(string File, string Title, string Question, string Exercise)
{
    /// <summary>The row of a page.</summary>
    public static IndexRow Of(LessonPage page)
    {
        IReadOnlyList<string> lines = page.Text.Lines;
        string[] head = [.. lines.Take(page.Text.HeadLines)];
        string[] exercise = page.Text.Find(page.Headings.Exercise) is { } section
            ? [.. page.Text.LinesOf(section).Skip(1)] : [];
        string question = Paragraph(head, line => line.StartsWith("**", StringComparison.Ordinal));
        int label = question.IndexOf("**", Math.Min(2, question.Length), StringComparison.Ordinal);
        string task = Paragraph(exercise, line => line.Length > 0);
        return new IndexRow(
            page.PageName + ".md", lines[0].TrimStart('#', ' '),
            LastSentence(label < 0 ? question : question[(label + 2)..].Trim()),
            FirstSentence(task));
    }

    /// <summary>The row in Markdown.</summary>
    public override string ToString() =>
        $"| [{Cell(Title)}]({File}) | {Cell(Question)} | {Cell(Exercise)} |";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    // Chinese lines are joined without a space.
    private static string Paragraph(string[] lines, Func<string, bool> begins)
    {
        var text = new StringBuilder();
        foreach (string line in lines.SkipWhile(line => !begins(line))
            .TakeWhile(line => line.Trim().Length > 0))
        {
            bool isLetters = text.Length > 0 && text[^1] < 0x2E80 && line[0] < 0x2E80;
            text.Append(isLetters ? " " : "").Append(line.Trim());
        }

        return text.ToString();
    }

    private static string LastSentence(string text)
    {
        string body = text.TrimEnd('。', '.', ' ');
        int end = Math.Max(
            body.LastIndexOf('。'), body.LastIndexOf(". ", StringComparison.Ordinal));
        return text[(end + 1)..].Trim();
    }

    private static string FirstSentence(string text)
    {
        int end = text.IndexOf('。', StringComparison.Ordinal);
        int dot = text.IndexOf(". ", StringComparison.Ordinal);
        return end >= 0 && (dot < 0 || end < dot) ? text[..(end + 1)]
            : dot >= 0 ? text[..(dot + 1)] : text;
    }
}

/// <summary>
/// The table of lessons in the index of a language: it stands between two marks, and comes from the
/// pages. Pure; any thread.
/// </summary>
internal static class IndexPage
{
    public const string Begin = "<!-- lessons -->";
    public const string End = "<!-- end of lessons -->";

    /// <summary>The index with the present table; null if it lacks the marks.</summary>
    public static string? Write(string index, Language language, IEnumerable<IndexRow> rows)
    {
        string text = index.ReplaceLineEndings("\n");
        int begin = text.IndexOf(Begin + "\n", StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            return null;
        }

        string head = language == Language.Chinese
            ? "| 课程 | 问题 | 练习 |" : "| Lesson | Question | Exercise |";
        var table = new StringBuilder(head).Append("\n|---|---|---|\n");
        foreach (IndexRow row in rows)
        {
            table.Append(row).Append('\n');
        }

        return text[..(begin + Begin.Length + 1)] + table + text[end..];
    }
}
