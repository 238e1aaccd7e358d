using System.Globalization;

namespace Reactor.Simulation;

/// <summary>What happened at one end of a connection.</summary>
public enum NetworkEventKind
{
    /// <summary>A request to connect reached the address.</summary>
    Connect,

    /// <summary>Bytes arrived.</summary>
    Data,

    /// <summary>The end of the stream arrived.</summary>
    End,

    /// <summary>A reset arrived.</summary>
    Reset,

    /// <summary>The peer has read, and there is room to send again.</summary>
    Window,

    /// <summary>A wait ended for nothing.</summary>
    Spurious,

    /// <summary>A listener was told to look for connections.</summary>
    Acceptable,
}

/// <summary>One event of the in-memory network, for logs and for comparing two runs.</summary>
/// <param name="Time">When it was delivered, on the virtual clock.</param>
/// <param name="Kind">What it was.</param>
/// <param name="End">
/// The end at which it happened: connections are numbered from 1 in the order they were asked for;
/// the end that asked is odd (2n − 1), the end that accepts even (2n). A listener's number is
/// negative.
/// </param>
/// <param name="Bytes">The bytes that arrived with it.</param>
public readonly record struct NetworkTrace(
    TimeSpan Time, NetworkEventKind Kind, int End, int Bytes)
{
    /// <summary>One line: the time in seconds, the end, what happened, how many bytes.</summary>
    public override string ToString()
    {
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{Time.TotalSeconds:F7} #{End} {Kind}");
        return Bytes == 0 ? line : string.Create(CultureInfo.InvariantCulture, $"{line} {Bytes}");
    }
}
