using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Makes the options of the kinds that this program has. Of a repeated option the last value is
/// used, because users append to a command line; those of <see cref="Each{T}"/> accumulate.
/// </summary>
internal static class OptionKinds
{
    // The library needs a bound; a command line has none but that of the system.
    private static readonly ArgumentArity s_repeatable = new(1, 100_000);

    /// <summary>An option with one value.</summary>
    /// <param name="names">The names: the long one first.</param>
    /// <param name="helpName">The value in help, such as TIME.</param>
    /// <param name="description">What it does.</param>
    /// <param name="valid">What is valid, as in "a number from 1 to 9".</param>
    /// <param name="read">Reads the text; false if it is not valid.</param>
    /// <param name="hint">A further sentence for a text that is not valid, or null.</param>
    public static Option<T> One<T>(
        string[] names,
        string helpName,
        string description,
        string valid,
        OptionValues.Reader<T> read,
        Func<string, string?>? hint = null) => new(names[0], names[1..])
        {
            Description = description,
            HelpName = helpName,
            Arity = s_repeatable,
            CustomParser = OptionValues.Parser(valid, read, hint),
        };

    /// <summary>An option of which every value counts.</summary>
    /// <param name="names">The names: the long one first.</param>
    /// <param name="helpName">The value in help.</param>
    /// <param name="description">What it does.</param>
    /// <param name="read">
    /// Reads one value. Returns null, or what is wrong with it: the part of a sentence that follows
    /// the name of the option.
    /// </param>
    public static Option<IReadOnlyList<T>> Each<T>(
        string[] names, string helpName, string description, ValueReader<T> read) =>
        new(names[0], names[1..])
        {
            Description = $"{description} Repeatable.",
            HelpName = helpName,
            Arity = s_repeatable,
            CustomParser = result => ReadEach(result, read),
            DefaultValueFactory = _ => [],
        };

    /// <summary>Reads one of several values; see <see cref="Each{T}"/>.</summary>
    public delegate string? ValueReader<T>(string text, IReadOnlyList<T> before, out T value);

    /// <summary>A whole number, which may have a factor: <c>10k</c>.</summary>
    public static Option<long> Number(
        string[] names, string description, long least, long most, Func<string, string?>? hint) =>
        One<long>(
            names,
            "N",
            description,
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
            (string text, out long number) => NumberText.TryParseWhole(text, out number)
                && number >= least && number <= most,
            hint);

    /// <summary>A time.</summary>
    public static Option<TimeSpan> Time(
        string[] names,
        string description,
        TimeSpan least,
        Func<string, string?>? hint = null)
    {
        string range = least == TimeSpan.Zero ? "from 0 to 24h"
            : least == TimeSpan.FromTicks(1) ? "greater than 0 and at most 24h"
            : $"from {DurationText.Format(least)} to 24h";
        return One<TimeSpan>(
            names,
            "TIME",
            description,
            $"a time {range}, such as 10s, 2m, 500ms or 15 (seconds)",
            (string text, out TimeSpan time) =>
                DurationText.TryParse(text, out time) && time >= least,
            hint);
    }

    /// <summary>One of some words, in any case.</summary>
    public static Option<T> Word<T>(
        string[] names, string description, params (string Word, T Value)[] words) => One<T>(
        names,
        string.Join('|', words.Select(one => one.Word)),
        description,
        $"one of {string.Join(", ", words.Select(one => $"'{one.Word}'"))}",
        (string text, out T value) => TryFind(words, text, out value));

    /// <summary>Text that is not empty.</summary>
    public static Option<string> Text(string[] names, string helpName, string description) =>
        One<string>(
            names,
            helpName,
            description,
            $"a {helpName.ToLowerInvariant()}",
            (string text, out string value) => (value = text).Length > 0);

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string[] names, string description) =>
        new(names[0], names[1..]) { Description = description };

    /// <summary>Finds a word, in any case.</summary>
    public static bool TryFind<T>((string Word, T Value)[] words, string text, out T value)
    {
        int at = Array.FindIndex(
            words, one => one.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = at < 0 ? default! : words[at].Value;
        return at >= 0;
    }

    private static List<T>? ReadEach<T>(ArgumentResult result, ValueReader<T> read)
    {
        var values = new List<T>();
        foreach (Token token in result.Tokens)
        {
            if (read(token.Value, values, out T value) is { } complaint)
            {
                result.AddError($"{OptionValues.NameOf(result)} {complaint}");
                return null;
            }

            values.Add(value);
        }

        return values;
    }
}
