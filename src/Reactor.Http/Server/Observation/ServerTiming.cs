using System.Globalization;

namespace Reactor.Http;

/// <summary>
/// The value of the Server-Timing field of a response in development (W3C Server Timing): what the
/// request has cost until its head, in milliseconds. Any thread.
/// </summary>
internal static class ServerTiming
{
    public const string Name = "Server-Timing";

    public static string Format(in RequestTimes times) => string.Create(
        CultureInfo.InvariantCulture,
        $"loop;dur={times.Loop.TotalMilliseconds:0.###}, "
        + $"wait;dur={times.Wait.TotalMilliseconds:0.###}, "
        + $"longest;dur={times.Longest.TotalMilliseconds:0.###}");
}
