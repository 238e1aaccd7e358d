using System.Globalization;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Measured times for people: whole microseconds below a millisecond, else two decimals. Invariant
/// culture. Pure; any thread.
/// </summary>
internal static class TimeText
{
    /// <summary>Printed instead of a value that is not known.</summary>
    public const string Unknown = "–";

    /// <summary>Formats nanoseconds: <c>398us</c>, <c>2.10ms</c>, <c>12.50s</c>.</summary>
    public static string Format(double nanoseconds) => nanoseconds switch
    {
        < 999_500 => Write($"{nanoseconds / 1e3:F0}us"),
        < 999_995_000 => Write($"{nanoseconds / 1e6:F2}ms"),
        _ => Write($"{nanoseconds / 1e9:F2}s"),
    };

    /// <summary>Formats a time or its lower bound: <c>&gt;2.00s</c>.</summary>
    public static string Format(TimeBound time) =>
        (time.IsLowerBound ? ">" : "") + Format(time.Nanoseconds);

    /// <summary>Formats seconds with one decimal: <c>3.0 s</c>.</summary>
    public static string Seconds(TimeSpan time) => Write($"{time.TotalSeconds:F1} s");

    private static string Write(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
