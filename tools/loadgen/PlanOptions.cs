using System.CommandLine;
using System.CommandLine.Parsing;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The URL and the options that make a <see cref="LoadPlan"/>. Each reads its own text. wrk's
/// letters mean what they mean to wrk.
/// </summary>
internal sealed class PlanOptions
{
    private readonly Argument<TargetUrl?> _url = new("URL")
    {
        Description = "What to load: http://HOST:PORT/PATH.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = ReadUrl,
    };

    private readonly Option<int?> _connections = Count(
        "--connections", "Number of connections", LoadPlan.ConnectionsMax, "64", "-c");

    private readonly Option<TimeSpan?> _duration = Time(
        "--duration",
        "Length of the measurement, such as 10s, 2m or 500ms (15 is 15 seconds)",
        false,
        "10s",
        "-d",
        "-z");

    private readonly Option<TimeSpan?> _warmUp = Time(
        "--warmup", "Load before the measurement, not counted", true, "500ms", "-w");

    private readonly Option<TimeSpan?> _drain = Time(
        "--drain", "Longest wait for responses after the measurement", true, "1s");

    private readonly Option<TimeSpan?> _timeout = Time(
        "--timeout", "Longest wait for a connection or a response", false, "2s", "-T");

    private readonly Option<int?> _pipeline = Count(
        "--pipeline", "Requests in flight on each connection", LoadPlan.PipelineMax, "1", "-p");

    private readonly Option<int> _threads = new("--threads", "-t")
    {
        Description =
            "Accepted for wrk's sake; only 1 is valid. For more load start more processes.",
        HelpName = "N",
        CustomParser = OptionValues.Parser<int>(
            "1, as one thread makes the load (for more, start more processes)",
            (string text, out int count) =>
            {
                count = 1;
                return text == "1";
            }),
    };

    private readonly Option<string?> _method = new("--method", "-m", "-X")
    {
        Description = "Method of the request: any but CONNECT. [default: GET]",
        HelpName = "NAME",
        CustomParser = OptionValues.Parser<string>(
            "a method such as GET, HEAD or POST",
            (string text, out string method) =>
                FieldRules.IsName(method = text) && text != "CONNECT"),
    };

    private readonly Option<RequestField[]> _fields = new("--header", "-H")
    {
        Description = "Header field to add to the request. Repeat the option for more fields.",
        HelpName = "'NAME: VALUE'",
        CustomParser = RequestField.ReadAll,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _distribution = new("--latency", "-L")
    {
        Description = "Print percentiles of the service time.",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Print no progress on standard error.",
    };

    /// <summary>Adds them to a command, in the order of <c>--help</c>.</summary>
    public void AddTo(Command command)
    {
        command.Add(_url);
        foreach (Option option in (Option[])
            [_connections, _duration, _warmUp, _drain, _timeout, _pipeline, _threads, _method,
                _fields, _distribution, _quiet])
        {
            command.Add(option);
        }
    }

    /// <summary>Gives the plan of a command line without errors.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="error">Two options that exclude each other, in a sentence, or null.</param>
    /// <returns>The plan; its defaults hold for options that were not given.</returns>
    public LoadPlan Read(ParseResult parsed, out string? error)
    {
        TargetUrl url = parsed.GetValue(_url)!;
        var plan = new LoadPlan
        {
            Url = url,
            Request = PreparedRequest.Make(
                url, parsed.GetValue(_method) ?? "GET", parsed.GetValue(_fields)!),
            ShowsDistribution = parsed.GetValue(_distribution),
            IsQuiet = parsed.GetValue(_quiet),
        };
        plan = plan with
        {
            Connections = parsed.GetValue(_connections) ?? plan.Connections,
            PipelineDepth = parsed.GetValue(_pipeline) ?? plan.PipelineDepth,
            Duration = parsed.GetValue(_duration) ?? plan.Duration,
            WarmUp = parsed.GetValue(_warmUp) ?? plan.WarmUp,
            Drain = parsed.GetValue(_drain) ?? plan.Drain,
            Timeout = parsed.GetValue(_timeout) ?? plan.Timeout,
        };
        // Not a validator of the command: those run before its options are read.
        error = plan.PipelineDepth > 1 && plan.Request.AsksToClose
            ? $"{parsed.GetResult(_pipeline)!.IdentifierToken} {plan.PipelineDepth} and "
                + $"{parsed.GetResult(_fields)!.IdentifierToken} 'Connection: close' exclude "
                + "each other."
            : null;
        return plan;
    }

    private static TargetUrl? ReadUrl(ArgumentResult result)
    {
        if (!TargetUrl.TryParse(result.Tokens[^1].Value, out TargetUrl? url, out string? error))
        {
            result.AddError(error);
        }

        return url;
    }

    private static Option<int?> Count(
        string name, string description, int most, string byDefault, string alias) =>
        new(name, alias)
        {
            Description = $"{description}, 1 to {most}. [default: {byDefault}]",
            HelpName = "N",
            CustomParser = OptionValues.WholeOrNone(1, most),
        };

    private static Option<TimeSpan?> Time(
        string name,
        string description,
        bool mayBeZero,
        string byDefault,
        params string[] aliases)
    {
        string range = mayBeZero ? "from 0 to 24h" : "greater than 0 and at most 24h";
        Func<ArgumentResult, TimeSpan> parser =
            OptionValues.Parser<TimeSpan>(
                $"a time {range}, such as 10s, 2m, 500ms or 15 (seconds)",
                (string text, out TimeSpan time) => DurationText.TryParse(text, out time)
                    && (mayBeZero || time > TimeSpan.Zero),
                text => aliases.Contains("-d") && text.AsSpan().ContainsAny("{[\"=@")
                    ? "-d is the duration, as in wrk; a request cannot have a body yet."
                    : null);
        return new(name, aliases)
        {
            Description = $"{description}, {range}. [default: {byDefault}]",
            HelpName = "TIME",
            CustomParser = result => parser(result),
        };
    }
}
