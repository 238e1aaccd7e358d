using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// <c>loadgen serve</c>: a server with known delays or a known capacity, to test load generators.
/// Prints its URL, serves until SIGINT or SIGTERM, and prints what it has served.
/// </summary>
internal sealed class ServeCommand
{
    /// <summary>A gap cannot be longer than the time between two requests a day.</summary>
    private const double ExpectRateMin = 1.0 / 86_400;

    private readonly Option<IPEndPoint?> _listen = new("--listen")
    {
        Description = "Address and port to listen on; port 0 picks one. [default: 127.0.0.1:9000]",
        HelpName = "ADDRESS:PORT",
        CustomParser = OptionValues.Parser<IPEndPoint>(
            "an address and a port such as 127.0.0.1:9000 or [::1]:9000", TryReadEndPoint),
    };

    private readonly Option<ServiceDelay?> _delay = new("--delay")
    {
        Description = "Time before each response: TIME, or bimodal:TIME,TIME,PERCENT, of which "
            + "exactly PERCENT of each 100 requests take the first. [default: 0]",
        HelpName = "TIME",
        CustomParser = OptionValues.Parser<ServiceDelay>(
            "a time such as 5ms, or two times and a percentage such as bimodal:1ms,100ms,99",
            ServiceDelay.TryParse),
    };

    private readonly Option<double?> _limit = Rate(
        "--limit", "Maximum requests per second: later ones wait for a token, in order.");

    private readonly Option<string?> _stamp = new("--stamp")
    {
        Description = "Record the instant of each arrival; at the end print the gaps and write "
            + "the instants of the last 4,194,304 requests to a file, in nanoseconds.",
        HelpName = "FILE",
    };

    private readonly Option<double?> _expectRate = Rate(
        "--expect-rate", "With --stamp: print how far the gaps are from 1/RATE.");

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of the order of bimodal delays. [default: 0]",
        HelpName = "N",
        CustomParser = OptionValues.Whole(0UL, ulong.MaxValue),
    };

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    public ServeCommand(TextWriter output, TextWriter errors) =>
        (_output, _errors) = (output, errors);

    /// <summary>Makes the command with its options and its action.</summary>
    public Command Make()
    {
        var command = new Command(
            "serve", "Serves requests with a known delay or capacity, to test load generators.");
        foreach (Option option in (Option[])
            [_listen, _delay, _limit, _stamp, _expectRate, _seed])
        {
            command.Add(option);
        }

        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? stampFile = parsed.GetValue(_stamp);
        double? expected = parsed.GetValue(_expectRate);
        if (expected is not null && stampFile is null)
        {
            return Say.Usage(_errors, "--expect-rate needs --stamp FILE.");
        }

        var plan = new ServePlan
        {
            Delay = parsed.GetValue(_delay) ?? ServiceDelay.None,
            Limit = parsed.GetValue(_limit),
            Seed = parsed.GetValue(_seed),
            Stamps = stampFile is not null,
        };
        IPEndPoint address = parsed.GetValue(_listen) ?? new IPEndPoint(IPAddress.Loopback, 9000);
        return EventLoop.Run(
            () => Serve(plan, address, stampFile, expected),
            new EventLoopOptions
            {
                Driver = LoopDrivers.Best(),
                Name = "serve",
                BlockedAfter = null, // tests of load generators stop this process on purpose
            });
    }

    private async Coroutine<int> Serve(
        ServePlan plan, IPEndPoint address, string? stampFile, double? expected)
    {
        EventLoop loop = EventLoop.Current;
        Future<PosixSignal> end = loop.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        var target = new TargetServer(loop, plan);
        LoopServer server;
        // Before the first request: a run must not be lost because its file cannot be written.
        using StreamWriter? stamps = stampFile is null ? null : File.CreateText(stampFile);
        try
        {
            server = loop.CreateServer(target, [address]);
        }
        catch (SocketException error)
        {
            Say.Line(_errors, error.Message);
            return ExitCode.Unreachable;
        }

        TimeSpan begun = loop.Time;
        await _output.WriteLineAsync($"Listening on http://{server.EndPoints[0]}");
        await _output.FlushAsync();
        await end;
        server.Close();
        await target.StopAsync(server);
        await _output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Served {target.Requests} requests on {target.Connections} connections in "
                + $"{(loop.Time - begun).TotalSeconds:0.00}s, {target.Rejected} rejected"));
        if (target.Stamps is { } arrivals)
        {
            await _output.WriteAsync(Describe(arrivals, expected));
            arrivals.Write(stamps!);
        }

        await _output.FlushAsync();
        return ExitCode.Ok;
    }

    private static string Describe(ArrivalStamps arrivals, double? expected)
    {
        TimeSpan[] instants = arrivals.ToArray();
        string lines = string.Create(
            CultureInfo.InvariantCulture,
            $"Gaps of {instants.Length} arrivals: "
                + $"{ArrivalGaps.Of(instants, TimeSpan.Zero).Text()}\n");
        return expected is not { } rate
            ? lines
            : lines + string.Create(
                CultureInfo.InvariantCulture,
                $"Distances from 1/{rate}s: "
                    + $"{ArrivalGaps.Of(instants, TimeSpan.FromSeconds(1 / rate)).Text()}\n");
    }

    private static bool TryReadEndPoint(string text, out IPEndPoint address)
    {
        const string localHost = "localhost:";
        if (text.StartsWith(localHost, StringComparison.OrdinalIgnoreCase))
        {
            text = $"{IPAddress.Loopback}:{text[localHost.Length..]}";
        }

        // Without a port, the framework reads port 0, and an IPv6 address without brackets.
        bool isValid = IPEndPoint.TryParse(text, out IPEndPoint? parsed)
            && (parsed.AddressFamily == AddressFamily.InterNetwork
                ? text.Contains(':', StringComparison.Ordinal)
                : text.Contains("]:", StringComparison.Ordinal));
        address = parsed!;
        return isValid;
    }

    private static Option<double?> Rate(string name, string description)
    {
        Func<System.CommandLine.Parsing.ArgumentResult, double> parser =
            OptionValues.Parser<double>(
                "a rate such as 5000/s, 5k or 300/m",
                (string text, out double rate) =>
                    RateText.TryParse(text, out rate) && rate >= ExpectRateMin);
        return new Option<double?>(name)
        {
            Description = description,
            HelpName = "RATE",
            CustomParser = result => parser(result),
        };
    }
}
