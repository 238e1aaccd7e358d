using Microsoft.Extensions.Options;
using Reactor.Drivers;
using Reactor.Http;

namespace Reactor.Hosting;

/// <summary>
/// Checks the options at the start of the host, so that a mistake is a sentence that names the
/// option, with all other mistakes beside it.
/// </summary>
internal sealed class ReactorServerValidation : IValidateOptions<ReactorServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ReactorServerOptions options)
    {
        List<string> mistakes = [.. MistakesOf(options)];
        return mistakes.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> MistakesOf(ReactorServerOptions options)
    {
        foreach (string url in options.Urls)
        {
            if (!ListenAddress.TryParse(url ?? "", out _, out string? error))
            {
                yield return $"Urls: each {error}";
            }
        }

        if (options.Loops is < 1 or > LoopGroup.CountMax)
        {
            yield return
                $"Loops must be a number from 1 to {LoopGroup.CountMax}, not {options.Loops}.";
        }

        if (options.Driver is { } driver
            && !LoopDrivers.Names.Contains(driver, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"Driver must be one of {string.Join(", ", LoopDrivers.Names)}, not "
                + $"'{driver}'.";
        }

        if (options.Server is null || options.Listening is null || options.Loop is null)
        {
            yield return "Server, Listening and Loop must not be null: leave out what is default.";
        }
        else if (options.Loop.Driver is not null)
        {
            yield return "Loop.Driver must be null, because each loop needs its own: set Driver "
                + "to a name.";
        }
    }
}
