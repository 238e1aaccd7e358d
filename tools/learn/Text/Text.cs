using System.Globalization;

namespace Reactor.Learn;

/// <summary>The languages of the course.</summary>
internal enum Language
{
    English,
    Chinese,
}

/// <summary>A sentence in each language, with places such as {0}. Immutable.</summary>
internal sealed record Text(string English, string Chinese)
{
    /// <summary>The sentence in a language, with its values.</summary>
    public string In(Language language, params object[] values)
    {
        string text = language == Language.Chinese ? Chinese : English;
        return values.Length == 0
            ? text : string.Format(CultureInfo.InvariantCulture, text, values);
    }
}

/// <summary>The languages' names on the command line, in folders and in variables.</summary>
internal static class LanguageNames
{
    /// <summary>The values of <c>--language</c>, which are also the folders of the pages.</summary>
    public static IReadOnlyList<string> All { get; } = ["en", "zh-CN"];

    /// <summary>The folder of the pages, and the ending of the hints' names.</summary>
    public static string Folder(this Language language) => All[(int)language];

    /// <summary>From a value of <c>--language</c>; null for an unknown one.</summary>
    public static Language? Parse(string name) => All.ToList().IndexOf(name) switch
    {
        -1 => null,
        int index => (Language)index,
    };

    /// <summary>From the variables of the environment, as gettext reads them.</summary>
    public static Language FromEnvironment(Func<string, string?> variable)
    {
        string? name = ((string[])["LC_ALL", "LC_MESSAGES", "LANG"]).Select(variable)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return name?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true
            ? Language.Chinese : Language.English;
    }
}
