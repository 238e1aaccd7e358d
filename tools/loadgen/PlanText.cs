using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A plan as its user wrote it, option by option; null where the default holds. Reading it gives a
/// <see cref="LoadPlan"/>, or the one sentence that says what is wrong. Pure; any thread.
/// </summary>
internal sealed record PlanText(string Url)
{
    public string? Connections { get; init; }

    public string? Threads { get; init; }

    public string? Duration { get; init; }

    public string? WarmUp { get; init; }

    public string? Drain { get; init; }

    public string? Timeout { get; init; }

    public string? Pipeline { get; init; }

    public string? Method { get; init; }

    public IReadOnlyList<string> Fields { get; init; } = [];

    public bool ShowsDistribution { get; init; }

    public bool IsQuiet { get; init; }

    /// <summary>Reads it; exactly one of the two is null.</summary>
    public (LoadPlan? Plan, string? Error) Read()
    {
        if (!TargetUrl.TryParse(Url, out TargetUrl? url, out string? error)
            || !PreparedRequest.TryMake(url, Method ?? "GET", Fields, out var request, out error))
        {
            return (null, error);
        }

        var plan = new LoadPlan
        {
            Url = url,
            Request = request,
            ShowsDistribution = ShowsDistribution,
            IsQuiet = IsQuiet,
        };
        int width = plan.Connections;
        int depth = plan.PipelineDepth;
        TimeSpan duration = plan.Duration;
        TimeSpan warmUp = plan.WarmUp;
        TimeSpan drain = plan.Drain;
        TimeSpan timeout = plan.Timeout;
        error = ReadCount("-c", Connections, LoadPlan.ConnectionsMax, ref width)
            ?? ReadCount("-p", Pipeline, LoadPlan.PipelineMax, ref depth)
            ?? ReadDuration("-d", Duration, mayBeZero: false, ref duration)
            ?? ReadDuration("-w", WarmUp, mayBeZero: true, ref warmUp)
            ?? ReadDuration("--drain", Drain, mayBeZero: true, ref drain)
            ?? ReadDuration("--timeout", Timeout, mayBeZero: false, ref timeout);
        error ??= this switch
        {
            { Threads: not (null or "1") } =>
                $"-t must be 1, not '{Threads}': one thread makes the load. For more load, start " +
                "more processes.",
            _ when depth > 1 && request.AsksToClose =>
                $"-p {Pipeline} and 'Connection: close' exclude each other.",
            _ => null,
        };
        return error is not null ? (null, error) : (plan with
        {
            Connections = width,
            PipelineDepth = depth,
            Duration = duration,
            WarmUp = warmUp,
            Drain = drain,
            Timeout = timeout,
        }, null);
    }

    private static string? ReadCount(string name, string? text, int most, ref int count)
    {
        if (text is null)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count)
            && count >= 1 && count <= most
            ? null
            : FormattableString.Invariant(
                $"{name} must be a whole number from 1 to {most}, not '{text}'.");
    }

    private static string? ReadDuration(
        string name, string? text, bool mayBeZero, ref TimeSpan duration)
    {
        if (text is null)
        {
            return null;
        }

        if (!DurationText.TryParse(text, out duration))
        {
            string hint = name == "-d" && text.AsSpan().ContainsAny("{[\"=@")
                ? " (-d is the duration, as in wrk; a request cannot have a body yet.)"
                : "";
            return $"{name} must be a duration of at most 24h, such as 10s, 2m, 500ms or 15 " +
                $"(seconds), not '{text}'.{hint}";
        }

        return duration == TimeSpan.Zero && !mayBeZero
            ? $"{name} must be greater than zero, not '{text}'."
            : null;
    }
}
