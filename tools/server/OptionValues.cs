using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Reactor.Tools;

/// <summary>
/// Parses option values. A usage error is one sentence with the option as typed and the valid
/// values, instead of a .NET type. Each program with a command line compiles this file.
/// </summary>
internal static class OptionValues
{
    /// <summary>Makes a parser that returns a value or a sentence about valid values.</summary>
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>Makes a parser for an option with one value.</summary>
    /// <param name="valid">The valid values, such as "a number from 1 to 9".</param>
    /// <param name="read">Parses the text; returns false if it is invalid.</param>
    /// <param name="hint">An additional sentence for an invalid text, or null.</param>
    public static Func<ArgumentResult, T?> Parser<T>(
        string valid, Reader<T> read, Func<string, string?>? hint = null) => result =>
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        if (read(text, out T value))
        {
            return value;
        }

        string sentence = MustBe(NameOf(result), valid, text);
        result.AddError(hint?.Invoke(text) is { } more ? $"{sentence} {more}" : sentence);
        return default;
    };

    /// <summary>Makes a parser for an integer in a range.</summary>
    public static Func<ArgumentResult, T> Whole<T>(T least, T most)
        where T : struct, IBinaryInteger<T> => Parser<T>(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        (string text, out T value) => T.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most);

    /// <summary>The same for an optional option; null if missing.</summary>
    public static Func<ArgumentResult, T?> WholeOrNone<T>(T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        Func<ArgumentResult, T> parser = Whole(least, most);
        return result => parser(result);
    }

    /// <summary>Makes a parser for a decimal number greater than zero.</summary>
    public static Func<ArgumentResult, double> Positive(double most) => Parser<double>(
        string.Create(
            CultureInfo.InvariantCulture, $"a number greater than 0 and at most {most}"),
        (string text, out double value) => double.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value > 0 && value <= most);

    /// <summary>Returns the first error of a command line as one line.</summary>
    public static string FirstError(ParseResult parsed)
    {
        // An invalid value is more informative than the unparsed words after it.
        ParseError error = parsed.Errors.FirstOrDefault(one => one.SymbolResult is ArgumentResult)
            ?? parsed.Errors[0];
        string sentence = UnknownOption(parsed) is { } option ? $"There is no option '{option}'."
            : error.SymbolResult is CommandResult && parsed.UnmatchedTokens is [var word, ..]
                ? $"There is no argument '{word}'."
                : Explain(error);
        return string.Join(
            ' ', sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Returns the option of a result as typed, or the argument.</summary>
    public static string NameOf(ArgumentResult result) => OptionOf(result) is { } option
        ? NameOf(option)
        : result.Argument.HelpName ?? result.Argument.Name;

    private static string NameOf(OptionResult result) =>
        result.IdentifierToken?.Value ?? result.Option.Name;

    // The library takes an unknown option for the command's argument and reports that.
    private static string? UnknownOption(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.Select(token => token.Value))
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(word => word.StartsWith('-'));

    // Replace the library's own sentences; keep those of custom parsers.
    private static string Explain(ParseError error)
    {
        OptionResult? option = OptionOf(error.SymbolResult);
        string? name = option is not null ? NameOf(option)
            : error.SymbolResult is ArgumentResult argument ? NameOf(argument)
            : null;
        IReadOnlyList<Token> values = (option ?? error.SymbolResult)?.Tokens ?? [];
        // The message lists the values of AcceptOnlyFromAmong, one per line.
        string words = string.Join(
            ", ",
            error.Message.Split('\n').Skip(1).Select(line => line.Trim())
                .Where(line => line.StartsWith('\'')));
        return name is null ? error.Message
            : values.Count == 0
                ? option is null ? $"{name} is missing."
                    : $"{name} needs a value: {option.Option.HelpName ?? "see --help"}."
            : values.Count > option?.Option.Arity.MaximumNumberOfValues
                ? $"{name} may be given only once."
            : words.Length > 0 ? MustBe(name, $"one of {words}", values[^1].Value)
            : error.Message;
    }

    private static string MustBe(string name, string valid, string text) =>
        $"{name} must be {valid}, not '{text}'.";

    private static OptionResult? OptionOf(SymbolResult? result)
    {
        while (result is not null and not OptionResult)
        {
            result = result.Parent;
        }

        return result as OptionResult;
    }
}
