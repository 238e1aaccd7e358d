using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Reactor.Tools;

/// <summary>
/// Reads the values of options. A wrong value gives a sentence that names the option and says what
/// is valid, instead of a .NET type. Each program here with a command line compiles this file.
/// </summary>
internal static class OptionValues
{
    /// <summary>Gives a value or the sentence on what is valid, for any parser of text.</summary>
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>A parser for an option with one value.</summary>
    /// <param name="valid">What is valid, as in "a number from 1 to 9".</param>
    /// <param name="read">Reads the text; false if it is not valid.</param>
    public static Func<ArgumentResult, T?> Parser<T>(string valid, Reader<T> read) => result =>
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        if (read(text, out T value))
        {
            return value;
        }

        string name = NameOf(result) ?? result.Argument.Name;
        result.AddError($"{name} must be {valid}, not '{text}'.");
        return default;
    };

    /// <summary>A parser for a whole number from a range.</summary>
    public static Func<ArgumentResult, T> Whole<T>(T least, T most)
        where T : struct, IBinaryInteger<T> => Parser<T>(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        (string text, out T value) => T.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most);

    /// <summary>The same for an option that may be missing, which is null then.</summary>
    public static Func<ArgumentResult, T?> WholeOrNone<T>(T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        Func<ArgumentResult, T> parser = Whole(least, most);
        return result => parser(result);
    }

    /// <summary>A parser for a number that is greater than zero, with decimals.</summary>
    public static Func<ArgumentResult, double> Positive(double most) => Parser<double>(
        string.Create(
            CultureInfo.InvariantCulture, $"a number greater than 0 and at most {most}"),
        (string text, out double value) => double.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value > 0 && value <= most);

    /// <summary>The first error of a command line, one line with its option.</summary>
    public static string FirstError(ParseResult parsed)
    {
        ParseError error = parsed.Errors[0];
        // The library lists the words that it accepts on lines of their own, without commas.
        string[] words = error.Message.Split(
            (char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string sentence = string.Join(' ', words).Replace("' '", "', '", StringComparison.Ordinal);
        sentence = sentence.TrimEnd('.') + ".";
        return NameOf(error.SymbolResult) is { } name
            && !sentence.Contains(name, StringComparison.Ordinal)
                ? $"{name}: {sentence}"
                : sentence;
    }

    /// <summary>The option that a result belongs to, as the user wrote it.</summary>
    private static string? NameOf(SymbolResult? result)
    {
        while (result is not null and not OptionResult)
        {
            result = result.Parent;
        }

        return result is OptionResult option
            ? option.IdentifierToken?.Value ?? option.Option.Name
            : null;
    }
}
