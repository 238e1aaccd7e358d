using System.Globalization;
using System.Net.Sockets;

namespace Reactor.Simulation;

/// <summary>
/// A fault that had an effect: what happened to which connection at which virtual time. Passed to
/// <see cref="InMemoryOptions.FaultTrace"/>.
/// </summary>
/// <param name="Time">The virtual time of the effect.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Event">The network event that it changed or made.</param>
/// <param name="End">
/// The number of the end, as in <see cref="NetworkTrace"/>: the receiving one of a delay or split.
/// </param>
/// <param name="Bytes">The number of bytes concerned.</param>
public readonly record struct NetworkFault(
    TimeSpan Time, Fault Fault, NetworkEventKind Event, int End, int Bytes)
{
    /// <summary>Returns one sentence, for example
    /// <c>0.01 s: connection 2: 96 bytes to the server arrive 20 ms later</c>.</summary>
    public override string ToString()
    {
        string end = End < 0 ? $"listener {-End}" : $"connection {(End + 1) / 2}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Time.TotalSeconds:0.#######} s: {end}: {Effect}");
    }

    // The side that connected has the odd number.
    private string Side => int.IsOddInteger(End) ? "client" : "server";

    private string OtherSide => int.IsOddInteger(End) ? "server" : "client";

    private string Effect => Fault.Kind switch
    {
        FaultKind.Delay => $"{Subject} {Fault.TimeText(Fault.Amount)} ms later",
        FaultKind.Split => $"{Bytes} bytes to the {Side} arrive in pieces, first {Fault.Amount}",
        FaultKind.Short => $"a send of {Bytes} bytes by the {Side} takes {Fault.Amount}",
        FaultKind.Reset => $"reset after {Fault.Amount} bytes from the {Side}",
        FaultKind.Disconnect => $"the client leaves, {Fault.TimeText(Fault.Amount)} ms after it "
            + $"sent {Bytes} bytes",
        FaultKind.Accept => $"an accept fails with {(SocketError)Fault.Amount}",
        _ => $"a wait ends without a cause after {Fault.TimeText(Fault.Amount)} ms",
    };

    private string Subject => Event switch
    {
        NetworkEventKind.Connect => "the connect arrives",
        NetworkEventKind.Data => $"{Bytes} bytes to the {Side} arrive",
        NetworkEventKind.End => $"the end of the {OtherSide}'s stream arrives",
        _ => $"a reset by the {OtherSide} arrives",
    };
}
