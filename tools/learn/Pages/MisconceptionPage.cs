using System.Text;

namespace Reactor.Learn;

/// <summary>
/// The list of all misconceptions that the exercises know, from the heads of the wrong answers.
/// Pure but for reading the files; any thread.
/// </summary>
internal static class MisconceptionPage
{
    /// <exception cref="FormatException">
    /// The head of a wrong answer is not as it must be; the message has the path.
    /// </exception>
    public static string Write(Lessons lessons, Language language)
    {
        bool isChinese = language == Language.Chinese;
        var page = new StringBuilder();
        page.Append(isChinese ? "# 误解\n\n" : "# Misconceptions\n\n")
            .Append(isChinese
                ? "`learn check` 能够认出下列误解，并报告其编号。本页由 `learn docs --write` 根据各练习的错误答案生成。\n"
                : "`learn check` recognises these wrong ideas, and reports the number. "
                    + "`learn docs --write` makes this page from the\nwrong answers of the "
                    + "exercises.\n");
        foreach (Lesson lesson in lessons.All)
        {
            Misconception[] all = [.. lesson.WrongAnswers
                .Select(path => Misconception.Parse(
                    lesson.FromRoot(path), File.ReadAllText(path)))];
            if (all.Length == 0)
            {
                continue;
            }

            page.Append($"\n## [{lesson.Number} {Title(lesson)}]({lesson.PageName}.md)\n\n");
            foreach (Misconception one in all)
            {
                page.Append($"* **{one.Number}** {one.Sentence.In(language)}")
                    .Append(ReasonOf(one, isChinese)).Append('\n');
            }
        }

        return page.ToString();
    }

    // Few reasons are in Chinese; an English sentence would not help there.
    private static string ReasonOf(Misconception one, bool isChinese) =>
        !isChinese ? $" {one.Reason.English}"
        : one.Reason.Chinese == one.Reason.English ? "" : one.Reason.Chinese;

    private static string Title(Lesson lesson) => lesson.Name[3..].Replace('_', ' ');
}
