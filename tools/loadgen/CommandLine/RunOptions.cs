using System.CommandLine;
using System.CommandLine.Parsing;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The URL and the options of a run, in groups: reads a valid command line into settings, or says
/// what contradicts. No option is ignored: one without an effect is an error.
/// </summary>
internal sealed class RunOptions
{
    private readonly Argument<TargetUrl?> _url = new("URL")
    {
        Description = "URL to request: http://HOST:PORT/PATH.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = ReadUrl,
    };

    private readonly LoadOptions _load = new();
    private readonly RequestOptions _request = new();
    private readonly ConnectionOptions _connection;
    private readonly MeasureOptions _measure;
    private readonly GateOptions _gate = new();
    private readonly OutputOptions _output;

    /// <summary>Makes the options.</summary>
    /// <param name="clock">The wall clock, for --start-at.</param>
    public RunOptions(TimeProvider clock)
    {
        _connection = new ConnectionOptions(_load, _request);
        _measure = new MeasureOptions(_load, clock);
        _output = new OutputOptions(_load);
        Groups = [_load, _request, _connection, _measure, _gate, _output];
    }

    /// <summary>The groups, in the order of help.</summary>
    public IReadOnlyList<OptionGroup> Groups { get; }

    /// <summary>Adds the URL and the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_url);
        foreach (Option option in Groups.SelectMany(group => group.Options))
        {
            command.Add(option);
        }
    }

    /// <summary>Returns the settings of a command line without errors of the parser.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="words">The same, word by word, for the report.</param>
    /// <param name="error">A sentence about options that contradict each other, or null.</param>
    /// <returns>The settings; null if there is an error.</returns>
    public RunSettings? Read(ParseResult parsed, IReadOnlyList<string> words, out string? error)
    {
        error = Groups.Select(group => group.Contradiction(parsed))
            .FirstOrDefault(sentence => sentence is not null);
        if (error is not null)
        {
            return null;
        }

        var settings = new RunSettings
        {
            Plan = PlanOf(parsed, words),
            Judge = _gate.Read(parsed),
            Output = _output.Read(parsed),
            IsNotInline = parsed.GetValue(_measure.NoInline),
        };
        error = GateOptions.Unmeasured(settings);
        return error is null ? settings : null;
    }

    private LoadPlan PlanOf(ParseResult parsed, IReadOnlyList<string> words)
    {
        TargetUrl url = parsed.GetValue(_url)!;
        var plan = new LoadPlan
        {
            Url = url,
            Request = _request.RequestOf(parsed, url, _connection.IsKept(parsed)),
            Expectation = _request.ExpectationOf(parsed),
            Description = new RunDescription { Url = url.Text },
        };
        plan = _load.Apply(parsed, plan);
        plan = _connection.Apply(parsed, plan);
        plan = _measure.Apply(parsed, plan);
        // 53 bits: readers of JSON keep numbers as doubles.
        ulong seed = parsed.OrNull(_measure.Seed) ?? (ulong)Random.Shared.NextInt64(1L << 53);
        RatePlan? rate = _load.RateOf(parsed, plan);
        Schedule? schedule = rate?.ToSchedule(plan.WarmUp, seed);
        return plan with
        {
            Schedule = schedule,
            IsQuiet = parsed.GetValue(_output.Quiet),
            Description = new RunDescription
            {
                Url = url.Text,
                Method = _request.MethodOf(parsed),
                Connections = plan.ConnectionsPeak,
                Threads = plan.Threads,
                PipelineDepth = plan.PipelineDepth,
                Load = rate?.Text,
                AskedRequests = schedule is null ? null : Math.Min(
                    plan.Count ?? double.MaxValue,
                    schedule.Total - schedule.CountUntil(plan.WarmUp)),
                HasConnectionStages = plan.ConnectionStages.Count > 0,
                Seed = seed,
                Duration = plan.Duration,
                WarmUp = plan.WarmUp,
                Drain = plan.Drain,
                Timeout = plan.Timeout,
                Interval = plan.Interval,
                Count = plan.Count,
                Driver = parsed.Or(_measure.Driver, LoadLoop.DefaultDriver),
                Idle = NameOf(plan.Idle),
                Command = ["loadgen", .. words],
                Tags = _output.TagsOf(parsed),
            },
        };
    }

    private static string NameOf(IdleMode idle) => idle switch
    {
        IdleMode.Spin => "spin",
        IdleMode.Sleep => "sleep",
        _ => "hybrid",
    };

    private static TargetUrl? ReadUrl(ArgumentResult result)
    {
        if (!TargetUrl.TryParse(result.Tokens[^1].Value, out TargetUrl? url, out string? error))
        {
            string word = result.Tokens[^1].Value;
            result.AddError(word.Length > 0 && word.All(char.IsAsciiLetter)
                ? $"{error} The commands are {string.Join(", ", LoadgenCommand.Names)}." : error);
        }

        return url;
    }
}
