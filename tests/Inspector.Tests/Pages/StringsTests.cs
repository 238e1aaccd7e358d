using System.Text.RegularExpressions;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Pages;

/// <summary>The table of texts: complete in both languages, with every text in use.</summary>
[TestFixture]
public sealed partial class StringsTests
{
    private static readonly InspectorStrings s_english = InspectorStrings.For("en");
    private static readonly InspectorStrings s_chinese = InspectorStrings.For("zh");

    [Test]
    public void Both_languages_have_the_same_keys_in_the_same_order() =>
        Assert.That(s_chinese.Texts.Keys, Is.EqualTo(s_english.Texts.Keys));

    [Test]
    public void A_text_has_the_same_placeholders_in_both_languages() => Assert.Multiple(() =>
    {
        foreach ((string key, string text) in s_english.Texts)
        {
            Assert.That(
                PlaceholdersOf(s_chinese.Texts[key]), Is.EquivalentTo(PlaceholdersOf(text)), key);
        }
    });

    [Test]
    public void A_text_is_translated() => Assert.That(
        s_english.Texts.Where(pair => s_chinese.Texts[pair.Key] == pair.Value), Is.Empty);

    [Test]
    public void Every_kind_of_event_has_a_sentence()
    {
        var reader = new EventReader(new TraceNames(), _ => null, _ => null);
        foreach (TraceEventKind kind in Enum.GetValues<TraceEventKind>().Except([default]))
        {
            foreach ((long value, int place) in new[] { (0L, 0), (1L, 0), (1L, 1), (-1L, 0) })
            {
                var happened = new TraceEvent(kind, 1, 2, value, 0, place);
                EventView view = reader.Read([happened], 1).Single();
                string sentence = TextPage.Sentence(view, s_english);
                Assert.That(sentence, Does.Not.StartWith("event."), $"{kind} has no sentence");
                Assert.That(
                    PlaceholdersOf(sentence), Is.Empty, $"{kind} has no value for its sentence");
            }
        }
    }

    [Test]
    public void Every_text_that_the_page_uses_exists()
    {
        string[] used = [.. PageFiles.Names
            .Where(name => Path.GetExtension(name) is ".js" or ".html")
            .Select(name => System.Text.Encoding.UTF8.GetString(PageFiles.Get(name).Bytes))
            .SelectMany(text => UsedKey().Matches(text))
            .Select(match => match.Groups[1].Value)
            .Distinct()];
        Assert.That(used, Has.Length.GreaterThan(40));
        Assert.That(used.Where(key => !s_english.Texts.ContainsKey(key)), Is.Empty);
    }

    [Test]
    public void The_texts_exist_for_each_beginning_of_a_key_that_a_script_completes()
    {
        string[] beginnings = [.. PageFiles.Names
            .Where(name => Path.GetExtension(name) is ".js")
            .Select(name => System.Text.Encoding.UTF8.GetString(PageFiles.Get(name).Bytes))
            .SelectMany(text => BegunKey().Matches(text))
            .Select(match => match.Groups[1].Value)
            .Distinct()];
        Assert.That(beginnings, Does.Contain("phase.").And.Contain("tree.note."));
        Assert.That(
            beginnings.Where(one => !s_english.Texts.Keys.Any(
                key => key.StartsWith(one, StringComparison.Ordinal))),
            Is.Empty);
    }

    [TestCase("done", "t #1 has ended with its result.")]
    [TestCase("cancelled", "t #1 has ended: it was cancelled.")]
    [TestCase("failed: IOException", "t #1 has failed: IOException.")]
    [TestCase("lost", "t #1 has ended: lost.")]
    public void The_end_of_a_task_is_a_sentence_of_the_table(string outcome, string sentence)
    {
        var names = new TraceNames();
        var reader = new EventReader(names, _ => "t", _ => null);
        var ended = new TraceEvent(TraceEventKind.TaskEnded, 1, 1, 0, names.Add(outcome));
        Assert.That(
            TextPage.Sentence(reader.Read([ended], 1).Single(), s_english),
            Is.EqualTo(sentence));
    }

    [Test]
    public void An_unknown_language_is_English_and_a_missing_value_stays()
    {
        Assert.That(InspectorStrings.For("fr"), Is.SameAs(s_english));
        Assert.That(InspectorStrings.For(null), Is.SameAs(s_english));
        Assert.That(InspectorStrings.For("zh-CN,zh;q=0.9"), Is.SameAs(s_chinese));
        Assert.That(s_english.Get("more"), Is.EqualTo("and {count} more"));
        Assert.That(s_english.Get("more", ("count", 3)), Is.EqualTo("and 3 more"));
        Assert.That(
            s_english.Get("blocked.at", ("what", "{place}"), ("for", "1 s"), ("place", "a.cs:1")),
            Does.Contain("{place} has run for 1 s, from a.cs:1 on"), "a value has no placeholder");
        Assert.That(s_english.Get("no.such.key"), Is.EqualTo("no.such.key"));
    }

    private static string[] PlaceholdersOf(string text) =>
        [.. Placeholder().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\bt\(`([\w.]+\.)\$\{")]
    private static partial Regex BegunKey();

    [GeneratedRegex("""(?:\bt\(|head\(|empty\(|data-t=|data-t-label=)['"]([\w.]+)['"]""")]
    private static partial Regex UsedKey();
}
