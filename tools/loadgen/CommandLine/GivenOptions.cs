using System.CommandLine;
using System.CommandLine.Parsing;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Tells what the user has typed from what is a default. Pure; one thread at a time.
/// </summary>
internal static class GivenOptions
{
    /// <summary>Whether the option was typed.</summary>
    public static bool Has(this ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false };

    /// <summary>The value, or a default if the option was not typed.</summary>
    public static T Or<T>(this ParseResult parsed, Option<T> option, T byDefault) =>
        parsed.Has(option) ? parsed.GetValue(option)! : byDefault;

    /// <summary>The value, or null if the option was not typed.</summary>
    public static T? OrNull<T>(this ParseResult parsed, Option<T> option)
        where T : struct => parsed.Has(option) ? parsed.GetValue(option) : null;

    /// <summary>The name as it was typed.</summary>
    public static string NameOf(this ParseResult parsed, Option option) =>
        parsed.GetResult(option)?.IdentifierToken?.Value ?? option.Name;

    /// <summary>The name and the last value as they were typed, such as <c>-p 16</c>.</summary>
    public static string Typed(this ParseResult parsed, Option option)
    {
        IReadOnlyList<Token> values = parsed.GetResult(option)?.Tokens ?? [];
        string name = parsed.NameOf(option);
        return values.Count == 0 ? name : $"{name} {values[^1].Value}";
    }
}
