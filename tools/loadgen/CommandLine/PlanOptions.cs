using System.CommandLine;
using System.CommandLine.Parsing;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The URL and options of a <see cref="LoadPlan"/>; each parses its own text. Letters have their
/// meaning in wrk.
/// </summary>
internal sealed class PlanOptions
{
    private readonly Argument<TargetUrl?> _url = new("URL")
    {
        Description = "URL to request: http://HOST:PORT/PATH.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = ReadUrl,
    };

    private readonly Option<int?> _connections = Count(
        "--connections", "Connections", LoadPlan.ConnectionsMax, "64", "-c");

    private readonly Option<TimeSpan?> _duration = Time(
        "--duration",
        "Duration of the measurement, such as 10s, 2m or 500ms (15 is 15 seconds)",
        false,
        "10s",
        "-d",
        "-z");

    private readonly Option<TimeSpan?> _warmUp = Time(
        "--warmup", "Load before the measurement, excluded from the results", true, "500ms", "-w");

    private readonly Option<TimeSpan?> _drain = Time(
        "--drain", "Maximum wait for responses after the measurement", true, "1s");

    private readonly Option<TimeSpan?> _timeout = Time(
        "--timeout", "Maximum wait for a connection or a response", false, "2s", "-T");

    private readonly Option<int?> _pipeline = Count(
        "--pipeline", "Requests in flight on each connection", LoadPlan.PipelineMax, "1", "-p");

    private readonly Option<int> _threads = new("--threads", "-t")
    {
        Description =
            "For compatibility with wrk; only 1 is valid. Start more processes for more load.",
        HelpName = "N",
        CustomParser = OptionValues.Parser<int>(
            "1 (start more processes for more load)",
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
        Description = "Header field to add to the request. Repeatable.",
        HelpName = "'NAME: VALUE'",
        CustomParser = RequestField.ReadAll,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _distribution = new("--latency", "-L")
    {
        Description = "Print the percentiles of the service time.",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Print no progress on standard error.",
    };

    /// <summary>Adds the options to a command, in the order of <c>--help</c>.</summary>
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

    /// <summary>Returns the plan of a valid command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="error">A sentence about two exclusive options, or null.</param>
    /// <returns>The plan, with defaults for missing options.</returns>
    public LoadPlan Read(ParseResult parsed, out string? error)
    {
        TargetUrl url = parsed.GetValue(_url)!;
        var plan = new LoadPlan
        {
            Url = url,
            Request = PreparedRequest.Make(
                url, parsed.GetValue(_method) ?? "GET", parsed.GetValue(_fields)!),
            Description = new RunDescription { Url = url.Text },
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
        plan = plan with
        {
            Description = new RunDescription
            {
                Url = url.Text,
                Connections = plan.Connections,
                PipelineDepth = plan.PipelineDepth,
                Duration = plan.Duration,
                WarmUp = plan.WarmUp,
                Drain = plan.Drain,
                Timeout = plan.Timeout,
            },
        };
        // Not a validator of the command: those run before the options are parsed.
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
