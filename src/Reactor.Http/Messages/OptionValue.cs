using System.Numerics;
using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <summary>
/// Checks the value of an option where it is set; the exception has the option's name. An infinite
/// duration becomes <see cref="TimeSpan.MaxValue"/>.
/// </summary>
internal static class OptionValue
{
    public static TimeSpan Positive(TimeSpan value, [CallerMemberName] string name = "") =>
        value != TimeSpan.Zero
            ? NotNegative(value, name)
            : throw Wrong(name, value, "must be greater than zero");

    public static TimeSpan? Positive(TimeSpan? value, [CallerMemberName] string name = "") =>
        value is { } time ? Positive(time, name) : null;

    public static TimeSpan NotNegative(TimeSpan value, [CallerMemberName] string name = "") =>
        value == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue
            : value >= TimeSpan.Zero ? value
            : throw Wrong(name, value, "must not be negative");

    public static TimeSpan Finite(TimeSpan value, [CallerMemberName] string name = "") =>
        value != Timeout.InfiniteTimeSpan && value != TimeSpan.MaxValue ? value
            : throw Wrong(name, value, "must be finite");

    public static T AtLeast<T>(T least, T value, [CallerMemberName] string name = "")
        where T : INumber<T> =>
        value >= least ? value : throw Wrong(name, value, $"must be at least {least}");

    public static T? AtLeast<T>(T least, T? value, [CallerMemberName] string name = "")
        where T : struct, INumber<T> => value is { } number ? AtLeast(least, number, name) : null;

    public static T Between<T>(T least, T most, T value, [CallerMemberName] string name = "")
        where T : INumber<T> => value >= least && value <= most
            ? value : throw Wrong(name, value, $"must be from {least} to {most}");

    public static T NotNull<T>(T value, [CallerMemberName] string name = "")
        where T : class => value ?? throw new ArgumentNullException(name, $"{name} is null.");

    private static ArgumentOutOfRangeException Wrong(string name, object value, string rule) =>
        new(name, value, $"{name} {rule}.");
}
