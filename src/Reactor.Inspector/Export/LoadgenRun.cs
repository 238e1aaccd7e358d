using System.Text.Json;

namespace Reactor.Inspector;

/// <summary>
/// The parts of a run saved by <c>loadgen -o json=FILE</c> that have a place in time. The page
/// docs/loadgen.md explains their meaning. Immutable; any thread.
/// </summary>
public sealed class LoadgenRun
{
    private const int VersionRead = 1;

    private LoadgenRun(JsonElement root)
    {
        StartedAt = root.GetProperty("startedAt").GetDateTimeOffset();
        Elapsed = Seconds(root.GetProperty("elapsedSeconds"));
        JsonElement run = root.GetProperty("run");
        Url = run.GetProperty("url").GetString() ?? "";
        WarmUp = Seconds(run.GetProperty("warmUpSeconds"));
        Rates = [.. root.GetProperty("rates").EnumerateArray().Select(rate => rate.GetDouble())];
        Intervals = [.. root.GetProperty("intervals").EnumerateArray().Select(ReadInterval)];
        Failures = [.. root.GetProperty("examples").EnumerateArray().Select(example => (
            Seconds(example.GetProperty("atSeconds")),
            $"{example.GetProperty("name").GetString()}: {example.GetProperty("text").GetString()}"
        ))];
        JsonElement silence = root.GetProperty("longestSilence");
        SilenceBegin = Seconds(silence.GetProperty("beginSeconds"));
        SilenceLength = Seconds(silence.GetProperty("lengthSeconds"));
    }

    /// <summary>The address under load.</summary>
    public string Url { get; }

    /// <summary>Wall time at which the window opened.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The length of the window.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The length of the warm-up before the window.</summary>
    public TimeSpan WarmUp { get; }

    internal IReadOnlyList<double> Rates { get; }

    internal IReadOnlyList<LoadgenInterval> Intervals { get; }

    /// <summary>The first failure of each cause, with its time since the warm-up began.</summary>
    internal IReadOnlyList<(TimeSpan At, string Text)> Failures { get; }

    internal TimeSpan SilenceBegin { get; }

    internal TimeSpan SilenceLength { get; }

    /// <summary>Reads a saved run.</summary>
    /// <param name="json">The content of the file, in UTF-8.</param>
    /// <exception cref="InvalidDataException">
    /// It is no saved run that this version reads; the message is a clause.
    /// </exception>
    public static LoadgenRun Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("version", out JsonElement version))
            {
                throw new InvalidDataException("it is no run saved by loadgen");
            }

            return version.TryGetInt32(out int number) && number == VersionRead
                ? new LoadgenRun(root)
                : throw new InvalidDataException($"it has version {version}, not {VersionRead}");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException("it is no run saved by loadgen, or damaged", error);
        }
    }

    private static LoadgenInterval ReadInterval(JsonElement interval) => new(
        Seconds(interval.GetProperty("startSeconds")),
        Seconds(interval.GetProperty("lengthSeconds")),
        interval.GetProperty("scheduled").GetInt64(),
        interval.GetProperty("failed").GetInt64(),
        interval.GetProperty("arrived").GetInt64(),
        interval.GetProperty("response").GetProperty("max").GetInt64());

    private static TimeSpan Seconds(JsonElement element) =>
        TimeSpan.FromTicks((long)(element.GetDecimal() * TimeSpan.TicksPerSecond));
}

/// <summary>An interval of the window, with its requests and its slowest response in ns.</summary>
internal readonly record struct LoadgenInterval(
    TimeSpan Start, TimeSpan Length, long Scheduled, long Failed, long Arrived, long ResponseMax);
