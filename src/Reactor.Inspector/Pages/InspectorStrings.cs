using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Reactor.Inspector;

/// <summary>
/// The texts of the inspector in one language, from the table that the page uses too. A text has
/// placeholders such as <c>{name}</c>. Immutable; any thread.
/// </summary>
internal sealed class InspectorStrings
{
    private static readonly Dictionary<string, InspectorStrings> s_all = ReadAll();

    private readonly Dictionary<string, string> _texts;

    private InspectorStrings(Dictionary<string, string> texts) => _texts = texts;

    public static InspectorStrings English => s_all["en"];

    /// <summary>The languages of the table.</summary>
    public static IReadOnlyCollection<string> Languages => s_all.Keys;

    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>
    /// The texts for the value of <c>?lang=</c>, or of Accept-Language; English for any other.
    /// </summary>
    public static InspectorStrings For(string? language) =>
        language?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true
            ? s_all["zh"] : English;

    /// <summary>The text with its values; a placeholder without a value stays.</summary>
    public string Get(string key, params ReadOnlySpan<(string Name, object Value)> values)
    {
        if (!_texts.TryGetValue(key, out string? text))
        {
            return key;
        }

        var result = new StringBuilder();
        int from = 0;
        while (text.IndexOf('{', from) is >= 0 and int begin
            && text.IndexOf('}', begin) is >= 0 and int end)
        {
            result.Append(text, from, begin - from);
            result.Append(ValueOf(text[(begin + 1)..end], values) ?? text[begin..(end + 1)]);
            from = end + 1;
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>
    /// A word of the library, such as the state of a connection; the given one if the table does
    /// not have it.
    /// </summary>
    /// <param name="what">What it names, such as <c>state</c>.</param>
    /// <param name="word">The word in a trace.</param>
    public string Word(string what, string word) =>
        _texts.GetValueOrDefault($"value.{what}.{word}", word);

    private static string? ValueOf(string wanted, ReadOnlySpan<(string Name, object Value)> values)
    {
        foreach ((string name, object value) in values)
        {
            if (name == wanted)
            {
                return Convert.ToString(value, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private static Dictionary<string, InspectorStrings> ReadAll()
    {
        using JsonDocument table = JsonDocument.Parse(PageFiles.Get("strings.json").Bytes);
        return table.RootElement.EnumerateObject().ToDictionary(
            language => language.Name,
            language => new InspectorStrings(language.Value.EnumerateObject().ToDictionary(
                text => text.Name, text => text.Value.GetString()!)));
    }
}
