using Reactor.Drivers;

namespace Reactor.Recording;

/// <summary>Makes the header of a recording of a loop, without its secrets if masked.</summary>
internal static class RecordedHeader
{
    /// <param name="driver">The recorded driver.</param>
    /// <param name="options">The options of the recording.</param>
    /// <param name="loop">The options of the loop; null: another scheduler.</param>
    public static RecordingHeader Of(
        LoopDriver driver, LoopRecordingOptions options, EventLoopOptions? loop)
    {
        return new RecordingHeader
        {
            Driver = driver.Name,
            Resolution = driver.Resolution,
            IsPollCostly = driver.IsPollCostly,
            PollSkipsMax = loop?.PollSkipsMax ?? 0,
            PollSkipTimeMax = loop?.PollSkipTimeMax ?? TimeSpan.Zero,
            PollMax = loop?.PollMax ?? TimeSpan.Zero,
            Loop = loop?.Name ?? "",
            Program = options.Program,
            ProgramVersion = options.ProgramVersion,
            Arguments = options.Mask ? [] : options.Arguments,
            BeganAt = driver.UtcNow,
            IsMasked = options.Mask,
            HasEntries = true,
            HasEvents = options.Events,
        };
    }
}
