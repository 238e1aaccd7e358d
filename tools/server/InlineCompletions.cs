using System.Globalization;

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
