namespace Reactor.Learn;

/// <summary>The sentences of the verbs about pictures and pages.</summary>
internal static partial class Texts
{
    public static readonly Text Written = new("{0} is written.", "已写入 {0}。");

    public static readonly Text StalePicture = new(
        "{0} is stale; `learn pictures {1}` writes it.",
        "{0} 已过时；`learn pictures {1}` 重新生成它。");

    public static readonly Text NotRecorded = new(
        "The inspector shows runs of the library's loop: lessons from {0} on. For others: "
            + "`learn picture NN`.",
        "检查器只显示库的事件循环的运行：从第 {0} 课起。其他课程请用 `learn picture NN`。");

    public static readonly Text InspectorAt = new(
        "Inspector at {0}\nPress Ctrl+C to stop.", "检查器地址：{0}\n按 Ctrl+C 结束。");

    public static readonly Text DocsAt = new(
        "Pages at {0}\nPress Ctrl+C to stop.", "课程页面：{0}\n按 Ctrl+C 结束。");

    public static readonly Text Index = new("Lessons", "课程");

    public static readonly Text Glossary = new("Glossary", "术语表");

    public static readonly Text NoPage = new("There is no such page.", "没有这个页面。");

    public static readonly Text NoPort = new(
        "Port {0} cannot be bound; without --port a free one is used.",
        "无法使用端口 {0}；不带 --port 时会使用空闲端口。");
}
