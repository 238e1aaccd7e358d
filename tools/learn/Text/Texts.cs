namespace Reactor.Learn;

/// <summary>
/// The sentences of the program, each in both languages. A verb's own sentences are in a part of
/// this class beside the verb.
/// </summary>
internal static partial class Texts
{
    public static readonly Text NoLesson = new(
        "There is no lesson {0}. `learn list` shows all lessons.",
        "没有第 {0} 课。用 `learn list` 查看全部课程。");

    public static readonly Text NoFile = new("{0} does not exist.", "{0} 不存在。");

    public static readonly Text CannotWrite = new(
        "{0} cannot be written, so this step is not kept: {1}", "无法写入 {0}，这一步没有记录：{1}");

    public static readonly Text CannotSave = new("{0} cannot be written: {1}", "无法写入 {0}：{1}");

    public static readonly Text BrokenProgress = new(
        "lessons/progress.txt:{0} cannot be read. The line is kept and has no effect.",
        "lessons/progress.txt:{0} 无法识别。该行保留，但不起作用。");

    public static readonly Text CannotRead = new(
        "{0} cannot be read: {1}", "无法读取 {0}：{1}");
}
