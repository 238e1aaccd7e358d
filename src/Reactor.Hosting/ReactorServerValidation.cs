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
        var taken = new HashSet<(string Host, int Port)>();
        foreach (string url in options.Urls)
        {
            if (!ListenAddress.TryParse(url ?? "", out ListenAddress? address, out string? error))
            {
                yield return $"Urls: each {error}";
            }
            else if (address.Port != 0 && !taken.Add((address.Host, address.Port)))
            {
                yield return $"Urls: {address} must be there only once.";
            }
        }

        if (options.Loops is < 1 or > LoopGroup.CountMax)
        {
            yield return
                $"Loops must be a number from 1 to {LoopGroup.CountMax}, not {options.Loops}.";
        }
        else if (options.Loops > 1 && !OperatingSystem.IsLinux())
        {
            yield return "Loops must be 1 here: several loops need Linux.";
        }

        if (options.Driver is { } driver
            && !LoopDrivers.Names.Contains(driver, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"Driver must be one of {string.Join(", ", LoopDrivers.Names)}, not "
                + $"'{driver}'.";
        }

        if (options.Loop.Driver is not null)
        {
            yield return "The driver of the loop's options must be null, because each loop needs "
                + "its own: set Driver to a name.";
        }

        foreach ((_, string shortage) in ServerGroup.ShortagesOf(
            options.Loops, options.Server, options.Listening))
        {
            yield return shortage;
        }
    }
}
