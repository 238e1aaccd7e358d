using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Reactor.Tools;

/// <summary>
/// Reads the values of options. A wrong command line gives one sentence with the option as typed
/// and the valid values, not a .NET type. Each program with a command line compiles this file.
/// </summary>
internal static class OptionValues
{
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>A parser for an option with one value.</summary>
    /// <param name="valid">What is valid, as in "a number from 1 to 9".</param>
    /// <param name="read">Reads the text; false if it is not valid.</param>
    /// <param name="hint">A further sentence for a text that is not valid, or null.</param>
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

    /// <summary>A parser for a whole number from a range.</summary>
    public static Func<ArgumentResult, T> Whole<T>(T least, T most)
        where T : struct, IBinaryInteger<T> => Parser<T>(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        (string text, out T value) => T.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most);

    /// <summary>The same for an option without a default: null if it is missing.</summary>
    public static Func<ArgumentResult, T?> WholeOrNone<T>(T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        Func<ArgumentResult, T> parser = Whole(least, most);
        return result => parser(result);
    }

    /// <summary>A parser for a number that is zero or greater, with decimals.</summary>
    public static Func<ArgumentResult, double> NotNegative(double most) => Parser<double>(
        string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {most:0}"),
        (string text, out double value) => double.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value <= most);

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
        // An invalid value says more than the words left over after it.
        ParseError error = parsed.Errors.FirstOrDefault(one => one.SymbolResult is ArgumentResult)
            ?? parsed.Errors[0];
        string sentence = UnknownOption(parsed) is { } option ? $"There is no option '{option}'."
            : error.SymbolResult is CommandResult && parsed.UnmatchedTokens is [var word, ..]
                ? $"There is no argument '{word}'."
                : Explain(error);
        return string.Join(
            ' ', sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The option that a result belongs to, as it was typed, or the argument.</summary>
    public static string NameOf(ArgumentResult result) => OptionOf(result) is { } option
        ? NameOf(option)
        : result.Argument.HelpName ?? result.Argument.Name;

    private static string NameOf(OptionResult result) =>
        result.IdentifierToken?.Value ?? result.Option.Name;

    // The library takes an unknown option for the argument of a command, and rejects that.
    private static string? UnknownOption(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.Select(token => token.Value))
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(word => word.StartsWith('-'));

    // Replaces the library's own sentences; those of custom parsers stay.
    private static string Explain(ParseError error)
    {
        OptionResult? option = OptionOf(error.SymbolResult);
        string? name = option is not null ? NameOf(option)
            : error.SymbolResult is ArgumentResult argument ? NameOf(argument)
            : null;
        IReadOnlyList<Token> values = (option ?? error.SymbolResult)?.Tokens ?? [];
        // The message of AcceptOnlyFromAmong has each accepted word on a line.
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
