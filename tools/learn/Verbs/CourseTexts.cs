namespace Reactor.Learn;

/// <summary>The sentences of the verbs that guide through the course.</summary>
internal static partial class Texts
{
    public static readonly Text LessonColumn = new("lesson", "课程");

    public static readonly Text TitleColumn = new("title", "标题");

    public static readonly Text StateColumn = new("state", "状态");

    public static readonly Text ChecksColumn = new("checks", "检查");

    public static readonly Text HintsColumn = new("hints", "提示");

    public static readonly Text New = new("new", "未开始");

    public static readonly Text Predicted = new("predicted", "已预测");

    public static readonly Text Solved = new("solved", "已完成");

    public static readonly Text AllSolved = new(
        "All lessons are solved.", "全部课程都已完成。");

    public static readonly Text NextLesson = new("Lesson {0}: {1}", "第 {0} 课：{1}");

    public static readonly Text NextRead = new("  read     {0}", "  阅读    {0}");

    public static readonly Text NextPredict = new(
        "  predict  learn predict {0}", "  预测    learn predict {0}");

    public static readonly Text NextRun = new(
        "  run      dotnet run {0}", "  运行    dotnet run {0}");

    public static readonly Text NextEdit = new("  edit     {0}", "  编辑    {0}");

    public static readonly Text NextCheck = new(
        "  check    learn check {0}", "  检查    learn check {0}");

    public static readonly Text NextCommand = new(
        "learn stands for: dotnet run lessons/learn.cs --",
        "learn 代表：dotnet run lessons/learn.cs --");

    public static readonly Text Question = new("Question: {0}", "问题：{0}");

    public static readonly Text Ask = new("Which line does it print? 1–{0}: ", "它打印哪一行？1–{0}：");

    public static readonly Text NeedsChoice = new(
        "The choice is a number from 1 to {0}: --choice N, or a line of the input.",
        "选项是 1 到 {0} 的数字：用 --choice N，或作为一行输入。");

    public static readonly Text Running = new("It prints:", "它打印：");

    public static readonly Text PredictedRight = new(
        "You predicted: {0}. That is right.", "你的预测：{0}。预测正确。");

    public static readonly Text PredictedWrong = new(
        "You predicted: {0}. It prints: {1}.", "你的预测：{0}。实际打印：{1}。");

    public static readonly Text OutputDiffers = new(
        "The output is not the one that {0} expects. Has the program been changed?",
        "输出与 {0} 中预期的不同。程序是否被修改过？");

    public static readonly Text ProgramFailed = new(
        "The program failed: {0}", "程序运行失败：{0}");

    public static readonly Text HintOf = new("Hint {0} of {1}:", "提示 {0}/{1}：");

    public static readonly Text NoHints = new(
        "{0} has not the hints ## 1, ## 2 and ## 3.", "{0} 中没有提示 ## 1、## 2 和 ## 3。");

    public static readonly Text BeforeSolution = new(
        "Lesson {0} is not solved yet. Show the solution? (y/N) ",
        "第 {0} 课还没有完成。要显示参考答案吗？(y/N) ");

    public static readonly Text NeedsYes = new(
        "Lesson {0} is not solved yet. To see the solution: learn solution {0} --yes",
        "第 {0} 课还没有完成。要查看参考答案：learn solution {0} --yes");

    public static readonly Text NothingToReset = new(
        "{0} is as it was at the beginning.", "{0} 就是最初的样子。");

    public static readonly Text Reset = new(
        "{0} is as it was at the beginning. Your answer is kept in {1}.",
        "{0} 已恢复为最初的样子。你的答案保存在 {1}。");

    public static readonly Text CannotReset = new(
        "{0} cannot be replaced: {1}", "无法替换 {0}：{1}");

    public static readonly Text ResetNew = new(
        "{0} is as it was at the beginning.", "{0} 已恢复为最初的样子。");
}
