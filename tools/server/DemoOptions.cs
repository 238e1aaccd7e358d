using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reactor.Drivers;
using Reactor.Http;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace Reactor.Tools.Server;

/// <summary>The options of <c>reactor demo</c>, and which of them contradict each other.</summary>
internal sealed class DemoOptions
{
    private const int SecondsMax = 1_000_000;
    private const int MibMax = 1024 * 1024 * 1024;

    /// <summary>A loop needs 64 KiB for bodies (HttpServerLimits.BodyBufferBytesMax).</summary>
    private const int LoopsOfMib = 16;

    public Option<ListenAddress[]> Listen { get; } = new("--listen")
    {
        Description = "Address to listen on: http://HOST:PORT, with a port from 0 to 65535. Port " +
            "0 picks a free port. Repeat the option for more addresses.",
        HelpName = "URL",
        DefaultValueFactory = _ => [ListenAddress.Default],
        CustomParser = ReadAddresses,
    };

    public Option<string> Driver { get; } = new Option<string>("--driver")
    {
        Description = "I/O driver: sockets (any system) or epoll (Linux, less CPU time).",
        DefaultValueFactory = _ => LoopDrivers.Names[0],
    }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. LoopDrivers.Names]);

    public Option<string> LogLevel { get; } = new Option<string>("--log-level")
    {
        Description = "Least severe messages to log: Trace, Debug, Information, Warning, Error, " +
            "Critical or None.",
        HelpName = "LEVEL",
        DefaultValueFactory = _ => nameof(Level.Information),
    }.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Enum.GetNames<Level>());

    public Option<double> KeepAlive { get; } = new("--keep-alive")
    {
        Description = "Time in seconds after which a connection without a request is closed: " +
            $"greater than 0 and at most {SecondsMax}. Behind a proxy it must be longer than the " +
            "proxy's own.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => new HttpServerOptions().Times.KeepAliveTimeout.TotalSeconds,
        CustomParser = OptionValues.Positive(SecondsMax),
    };

    public Option<int?> ConnectionsMax { get; } = new("--max-connections")
    {
        Description = "Maximum number of open connections of an address: from 1, or the number " +
            $"of loops, to {int.MaxValue}. At the limit the connection that has been idle " +
            "longest is closed for a new client; if none is idle, accepting pauses. Divided " +
            "among the loops. [default: the limit of open files less 512, or half of a small one]",
        HelpName = "NUMBER",
        CustomParser = OptionValues.WholeOrNone(1, int.MaxValue),
    };

    public Option<int?> BodyMemory { get; } = new("--body-memory")
    {
        Description = "Maximum memory in MiB for the bodies of all requests together: from 1 " +
            $"for each {LoopsOfMib} loops to {MibMax}. At the limit reading pauses. Divided " +
            "among the loops. [default: a quarter of the memory available to the process]",
        HelpName = "MIB",
        CustomParser = OptionValues.WholeOrNone(1, MibMax),
    };

    public Option<int> Loops { get; } = new("--loops")
    {
        Description = "Number of event loops, each with its own thread, listeners and routes: " +
            $"from 1 to {LoopGroup.CountMax}, or auto: one for each processor. More than one " +
            "needs Linux, whose kernel distributes the connections.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 1,
        CustomParser = OptionValues.Parser<int>(
            string.Create(
                CultureInfo.InvariantCulture, $"a number from 1 to {LoopGroup.CountMax}, or auto"),
            TryReadLoops),
    };

    public Option<bool> NoInline { get; } = new("--no-inline")
    {
        Description = "Complete socket operations on the thread pool, for comparison. By default " +
            "they complete on the I/O threads. Only for the sockets driver.",
    };

    public Option<int?> Inspect { get; } = new("--inspect")
    {
        Description = "Port of a page that shows what the first loop does, on the loopback " +
            "address: from 0 to 65535. Port 0 picks a free port. The program prints the address " +
            "with its token.",
        HelpName = "PORT",
        CustomParser = OptionValues.WholeOrNone(0, 65535),
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[
            Listen, Driver, LogLevel, KeepAlive, ConnectionsMax, BodyMemory, Loops, NoInline,
            Inspect])
        {
            command.Add(option);
        }
    }

    /// <summary>Returns why a combination of valid options is invalid, or null.</summary>
    public string? Contradiction(ParseResult parsed)
    {
        int loops = parsed.GetValue(Loops);
        if (InlineCompletions.Contradiction(
            parsed.GetValue(NoInline), parsed.GetValue(Driver)!) is { } sentence)
        {
            return sentence;
        }

        if (parsed.GetValue(ConnectionsMax) is { } connections && connections < loops)
        {
            return $"--max-connections must be at least {loops}, not '{connections}': each of " +
                $"the {loops} loops needs a connection.";
        }

        int mibMin = (loops + LoopsOfMib - 1) / LoopsOfMib;
        return parsed.GetValue(BodyMemory) is { } mib && mib < mibMin
            ? $"--body-memory must be at least {mibMin}, not '{mib}': each of the {loops} loops " +
                "needs 64 KiB."
            : null;
    }

    private static ListenAddress[] ReadAddresses(ArgumentResult result)
    {
        var addresses = new List<ListenAddress>();
        foreach (Token token in result.Tokens)
        {
            if (ListenAddress.TryParse(
                token.Value, out ListenAddress? address, out string? error))
            {
                addresses.Add(address);
            }
            else
            {
                result.AddError($"--listen {error}");
            }
        }

        return [.. addresses];
    }

    private static bool TryReadLoops(string text, out int loops)
    {
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            loops = OperatingSystem.IsLinux()
                ? Math.Min(Environment.ProcessorCount, LoopGroup.CountMax)
                : 1;
            return true;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out loops)
            && loops is >= 1 and <= LoopGroup.CountMax;
    }
}
