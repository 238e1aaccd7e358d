using System.CommandLine;
using Reactor.Tools;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>What a user types, as the plan or the sentence that it gives.</summary>
internal static class PlanWords
{
    public static LoadPlan Read(params string[] words)
    {
        (LoadPlan? plan, string? error) = Parse(words);
        Assert.That(error, Is.Null);
        return plan!;
    }

    public static string? Refuse(params string[] words)
    {
        string? error = Parse(words).Error;
        Assert.That(error, Is.Not.Null);
        return error;
    }

    private static (LoadPlan? Plan, string? Error) Parse(string[] words)
    {
        var options = new PlanOptions();
        var command = new Command("loadgen");
        options.AddTo(command);
        ParseResult parsed = command.Parse(words);
        if (parsed.Errors.Count > 0)
        {
            return (null, OptionValues.FirstError(parsed));
        }

        LoadPlan plan = options.Read(parsed, out string? error);
        return (plan, error);
    }
}
