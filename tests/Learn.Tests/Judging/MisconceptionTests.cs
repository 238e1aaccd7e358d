// The head of a wrong answer is read as the page for authors describes it.

using Reactor.Learn;

namespace Learn.Tests.Judging;

[TestFixture]
public sealed class MisconceptionTests
{
    [Test]
    public void Number_sentence_and_reason_are_read_in_both_languages()
    {
        Misconception read = Misconception.Parse("a.cs", """
            // 07.1 Timers fire in any order:
            // the heap has no tie-break.
            // zh-CN: 定时器没有固定的
            // 触发顺序。
            // A client is answered
            // out of order.
            // zh-CN: 客户端收到的应答顺序错乱。

            class A { }
            """);
        Assert.That(read, Is.EqualTo(new Misconception(
            "07.1",
            new Text(
                "Timers fire in any order: the heap has no tie-break.", "定时器没有固定的触发顺序。"),
            new Text("A client is answered out of order.", "客户端收到的应答顺序错乱。"))));
    }

    [Test]
    public void English_may_quote_a_chinese_character() => Assert.That(
        Misconception.Parse("a.cs", "// 07.1 a\n// zh-CN: 甲\n// half\n// of 中 is lost\n").Reason,
        Is.EqualTo(new Text("half of 中 is lost", "half of 中 is lost")));

    [Test]
    public void A_reason_without_a_translation_is_english() => Assert.That(
        Misconception.Parse("a.cs", "// 07.1 a\n// zh-CN: 甲\n// why\n").Reason,
        Is.EqualTo(new Text("why", "why")));

    [TestCase("class A { }")]
    [TestCase("// 07 a\n// zh-CN: 甲\n// why")]
    [TestCase("// 07.1 a\n// why")]
    [TestCase("// 07.1 a\n// zh-CN: 甲")]
    public void A_head_without_one_of_its_parts_is_reported_with_its_path(string text) =>
        Assert.That(
            () => Misconception.Parse("a.cs", text),
            Throws.TypeOf<FormatException>().With.Message.StartsWith("a.cs:"));
}
