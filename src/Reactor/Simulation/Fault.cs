using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>The kind of a <see cref="Fault"/>.</summary>
public enum FaultKind
{
    /// <summary>A segment, end of stream, reset or connect takes longer.</summary>
    Delay,

    /// <summary>A write arrives in two pieces.</summary>
    Split,

    /// <summary>A send takes only a part.</summary>
    Short,

    /// <summary>A direction of a connection is reset after a number of bytes.</summary>
    Reset,

    /// <summary>A client leaves some time after it has sent bytes.</summary>
    Disconnect,

    /// <summary>An accept fails.</summary>
    Accept,

    /// <summary>A wait for readability or an accept ends without a cause.</summary>
    Spurious,
}

/// <summary>
/// One fault of a run of the in-memory network. Its text, such as <c>delay@5=20ms</c> or
/// <c>reset@9=120</c>, is <see cref="ToString"/>, and <see cref="Parse"/> reads it.
/// </summary>
/// <remarks>
/// The opportunities of each kind are numbered from 1 in the order of the run: a delay has one for
/// each segment, end, reset and connect; a split for each place where a write could be cut; a reset
/// for each direction of a connection; a disconnect for each write of a client.
/// </remarks>
/// <param name="Kind">The kind.</param>
/// <param name="Opportunity">The number of the opportunity, at least 1.</param>
/// <param name="Amount">
/// Ticks of 100 ns for a delay, a disconnect and a spurious end; bytes for a split, a short send
/// and a reset; the <see cref="SocketError"/> for an accept.
/// </param>
public readonly record struct Fault(FaultKind Kind, int Opportunity, long Amount)
{
    private const string Milliseconds = "ms";

    /// <summary>True if the amount is a time.</summary>
    internal bool IsTime => Kind is FaultKind.Delay or FaultKind.Disconnect or FaultKind.Spurious;

    /// <summary>True if the amount is a number of bytes.</summary>
    internal bool IsSize => Kind is FaultKind.Split or FaultKind.Short or FaultKind.Reset;

    /// <summary>Reads the text of a fault.</summary>
    /// <exception cref="FormatException">The text is not that of a fault.</exception>
    public static Fault Parse(string text) => TryParse(text, out Fault fault)
        ? fault
        : throw new FormatException(
            $"'{text}' is not a fault: write KIND@NUMBER=AMOUNT, for example delay@5=20ms, "
            + "split@3=17 or reset@9=120. Kinds: "
            + string.Join(", ", Enum.GetNames<FaultKind>()).ToLowerInvariant() + ".");

    /// <summary>Reads the text of a fault; false if it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Fault fault)
    {
        fault = default;
        if (text?.Split('@', '=') is not [var kindText, var numberText, var amountText]
            || text.IndexOf('=') < text.IndexOf('@')
            || !TryParseKind(kindText, out FaultKind kind)
            || !int.TryParse(
                numberText, NumberStyles.None, CultureInfo.InvariantCulture, out int opportunity)
            || opportunity < 1
            || !new Fault(kind, opportunity, 0).TryParseAmount(amountText, out long amount))
        {
            return false;
        }

        fault = new Fault(kind, opportunity, amount);
        return true;
    }

    /// <summary>Returns the text, for example <c>delay@5=20ms</c>.</summary>
    public override string ToString()
    {
        string amount = this switch
        {
            { IsTime: true } => TimeText(Amount) + Milliseconds,
            { IsSize: true } => Amount.ToString(CultureInfo.InvariantCulture),
            _ => ((SocketError)Amount).ToString(),
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Kind.ToString().ToLowerInvariant()}@{Opportunity}={amount}");
    }

    /// <summary>Exact milliseconds: a tick is 0.0001 ms.</summary>
    internal static string TimeText(long ticks) =>
        ((decimal)ticks / TimeSpan.TicksPerMillisecond).ToString(
            "0.####", CultureInfo.InvariantCulture);

    private static bool TryParseKind(string text, out FaultKind kind)
    {
        foreach (FaultKind one in Enum.GetValues<FaultKind>())
        {
            if (text.Equals(one.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                kind = one;
                return true;
            }
        }

        kind = default;
        return false;
    }

    private bool TryParseAmount(string text, out long amount)
    {
        if (IsSize)
        {
            return long.TryParse(
                text, NumberStyles.None, CultureInfo.InvariantCulture, out amount);
        }

        if (IsTime)
        {
            return TryParseTime(text, out amount);
        }

        bool isError = Enum.TryParse(text, out SocketError error) && Enum.IsDefined(error);
        amount = (long)error;
        return isError;
    }

    private static bool TryParseTime(string text, out long ticks)
    {
        ticks = 0;
        if (!text.EndsWith(Milliseconds, StringComparison.Ordinal)
            || !decimal.TryParse(
                text.AsSpan(0, text.Length - Milliseconds.Length), NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out decimal milliseconds)
            || milliseconds > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond)
        {
            return false;
        }

        ticks = (long)(milliseconds * TimeSpan.TicksPerMillisecond);
        return true;
    }
}
