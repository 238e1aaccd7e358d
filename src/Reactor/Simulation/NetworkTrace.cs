using System.Globalization;

namespace Reactor.Simulation;

/// <summary>The kind of a network event.</summary>
public enum NetworkEventKind
{
    /// <summary>A connection request arrived at an address.</summary>
    Connect,

    /// <summary>Bytes arrived.</summary>
    Data,

    /// <summary>The end of the stream arrived.</summary>
    End,

    /// <summary>A reset arrived.</summary>
    Reset,

    /// <summary>The window opened: there is room to send.</summary>
    Window,

    /// <summary>A planned fault ended a wait.</summary>
    Spurious,

    /// <summary>A listener was notified to check for connections.</summary>
    Acceptable,
}

/// <summary>One event of the in-memory network, for logs and for comparing two runs.</summary>
/// <param name="Time">The virtual time of delivery.</param>
/// <param name="Kind">The kind of event.</param>
/// <param name="End">
/// The number of the end. Connection n has the ends 2n − 1 (connecting) and 2n (accepting), in the
/// order of connects; listeners are negative.
/// </param>
/// <param name="Bytes">The number of bytes.</param>
public readonly record struct NetworkTrace(TimeSpan Time, NetworkEventKind Kind, int End, int Bytes)
{
    /// <summary>Returns one line: time in seconds, end, kind, bytes.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time.TotalSeconds:F7} #{End} {Kind}{(Bytes == 0 ? "" : $" {Bytes}")}");
}
