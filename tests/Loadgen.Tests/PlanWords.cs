using System.CommandLine;
using Reactor.Tools;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>What a user types, as the settings or the sentence that it gives.</summary>
internal static class PlanWords
{
    /// <summary>The plan of a valid command line.</summary>
    public static LoadPlan Read(params string[] words) => ReadAll(words).Plan;

    /// <summary>All settings of a valid command line.</summary>
    public static RunSettings ReadAll(params string[] words)
    {
        (RunSettings? settings, string? error) = Parse(words, TimeProvider.System);
        Assert.That(error, Is.Null);
        return settings!;
    }

    /// <summary>The sentence for an invalid command line.</summary>
    public static string? Refuse(params string[] words)
    {
        string? error = Parse(words, TimeProvider.System).Error;
        Assert.That(error, Is.Not.Null);
        return error;
    }

    /// <summary>The settings, or the sentence.</summary>
    public static (RunSettings? Settings, string? Error) Parse(string[] words, TimeProvider clock)
    {
        var options = new RunOptions(clock);
        var command = new Command("loadgen");
        options.AddTo(command);
        ParseResult parsed = command.Parse(
            words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return (null, OptionValues.FirstError(parsed));
        }

        RunSettings? settings = options.Read(parsed, words, out string? error);
        return (settings, error);
    }
}
