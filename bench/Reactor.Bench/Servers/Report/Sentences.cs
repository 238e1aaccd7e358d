using System.Globalization;

namespace Reactor.Bench.Servers.Report;

/// <summary>What both reports say in the same words.</summary>
internal static class Sentences
{
    public const string HowToRead =
        "Each figure is the median of the rounds, with the lowest and the highest in brackets, and "
        + "how many times the floor's it is. The peers took turns in one run; only the ratios may "
        + "be compared with another run. A figure with an error in any of its rounds is refused.";

    public static string Machine(MachineRecord machine) => string.Create(
        CultureInfo.InvariantCulture,
        $"{machine.Cpu}, {machine.Cores} cores, {machine.MemoryGib:F1} GiB, {machine.Kernel}, "
            + $"{machine.Runtime}; load average before the run {machine.LoadAverage:F2}.");
}
