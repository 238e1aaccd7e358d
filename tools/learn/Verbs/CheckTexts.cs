namespace Reactor.Learn;

/// <summary>
/// The sentences of <c>check</c> in both languages; numbers stand for what is filled in.
/// </summary>
internal static partial class Texts
{
    public static readonly Text NoExercise = new(
        "Lesson {0} has no exercise.", "第 {0} 课没有练习。");

    public static readonly Text CompileErrors = new(
        "The answer does not compile: {0} errors.", "答案无法编译：{0} 个错误。");

    public static readonly Text CompileError = new(
        "The answer does not compile: one error.", "答案无法编译：1 个错误。");

    public static readonly Text MissingParts = new(
        "{0} no longer declares {1}, which the scenarios call.",
        "{0} 不再声明场景要用的 {1}。");

    public static readonly Text ChangedParts = new(
        "The scenarios use {0} as Stub.cs declares it, and this no longer compiles:",
        "场景按照 Stub.cs 中的声明来使用 {0}，现在无法编译：");

    public static readonly Text ResetAnswer = new(
        "Compare it with Stub.cs, or put the stub back: learn reset {0} (your answer is kept).",
        "请与 Stub.cs 对比，或恢复最初的样子：learn reset {0}（你的答案会保留）。");

    public static readonly Text MoreErrors = new("… and {0} more.", "……还有 {0} 个。");

    public static readonly Text BrokenScenarios = new(
        "The scenarios of lesson {0} cannot be run; this is a mistake of the exercise, unless your "
        + "answer ends the process before they begin: {1}",
        "无法运行第 {0} 课的场景；除非答案在场景开始之前就结束了进程，否则是练习本身的错误：{1}");

    public static readonly Text AllRight = new(
        "Lesson {0}: right. All {1} scenarios have the right outcome{2}.",
        "第 {0} 课：正确。{1} 个场景的结果全部正确{2}。");

    public static readonly Text WithSchedules = new(
        ", those with schedules in {0} of them each", "（含调度的场景各试了 {0} 种调度顺序）");

    public static readonly Text SomeRight = new(
        "Lesson {0}: {1} of {2} scenarios are right.", "第 {0} 课：{2} 个场景中 {1} 个正确。");

    public static readonly Text NotRun = new(
        "not run: the time for all scenarios was over", "未运行：全部场景的时间已用完");

    public static readonly Text RightColumn = new("right", "正确结果");

    public static readonly Text YourColumn = new("yours", "你的结果");

    public static readonly Text NoLines = new("(no line)", "（没有行）");

    public static readonly Text Repeat = new(
        "In {0} of {1} schedules. The same run again: learn check {2} --schedules 1 --seed {3}",
        "{1} 种调度顺序中有 {0} 种如此。重现这一次：learn check {2} --schedules 1 --seed {3}");

    public static readonly Text Misconception = new(
        "Misconception {0}: {1}", "误解 {0}：{1}");

    public static readonly Text ReadPage = new(
        "Read: {0} (in the browser: learn docs {1})", "请读：{0}（在浏览器中：learn docs {1}）");

    public static readonly Text ReadHint = new("Hint: learn hint {0}", "提示：learn hint {0}");

    public static readonly Text NoMisconception = new(
        "No known misconception explains this. Compare the lines. If several mistakes mix, correct "
        + "the first difference and check again.",
        "没有已知的误解能解释这个结果。请对比各行。如果有多个错误，先改正第一处不同，再检查一次。");

    public static readonly Text Printed = new("Your answer printed:", "你的答案打印了：");

    public static readonly Text ThreadLeft = new(
        "A thread of your answer was still running after all scenarios. It was stopped.",
        "所有场景结束后，答案的一个线程仍在运行，已被终止。");

    public static readonly Text MoreScenarios = new(
        "Also different:", "结果不同的还有：");
}
