using System.Globalization;
using Reactor.Drivers;

namespace Reactor.Tools;

/// <summary>
/// Has the runtime call socket completions straight from its epoll threads, of which it then makes
/// one for each loop: our callbacks only queue, so the hop over the thread pool would be wasted.
/// The switch is read once, when the first socket is made, and is the whole process's, so a program
/// sets it and a library never does; each program here that has a loop compiles this file.
/// </summary>
internal static class InlineCompletions
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>
    /// Why the option that turns it off makes no sense beside a driver; null if it does.
    /// </summary>
    public static string? Contradiction(bool isOff, string driver) =>
        isOff && !driver.Equals(LoopDrivers.Names[0], StringComparison.OrdinalIgnoreCase)
            ? $"--no-inline is only for --driver {LoopDrivers.Names[0]}: {driver} completes "
                + "all operations on the thread of its loop. Leave out one of the two options."
            : null;

    public static void EnableUnless(bool isOff, int loops = 1)
    {
        if (!isOff)
        {
            Environment.SetEnvironmentVariable(Inline, "1");
            Environment.SetEnvironmentVariable(
                ThreadCount, loops.ToString(CultureInfo.InvariantCulture));
        }
    }
}
