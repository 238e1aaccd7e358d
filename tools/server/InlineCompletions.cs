using System.Globalization;
using Reactor.Drivers;

namespace Reactor.Tools;

/// <summary>
/// Makes the runtime run socket completions on its epoll threads, one for each loop. Our callbacks
/// only enqueue, so the thread pool would be an extra hop. The runtime reads the switch once, with
/// the first socket, for the whole process: programs set it, a library never does. Each program
/// with a loop compiles this file.
/// </summary>
internal static class InlineCompletions
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Why --no-inline cannot be used with a driver; null if it can.</summary>
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
