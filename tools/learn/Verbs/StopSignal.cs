using System.Runtime.InteropServices;

namespace Reactor.Learn;

/// <summary>Waits for Ctrl+C or SIGTERM on a loop of its own.</summary>
internal static class StopSignal
{
    public static void Wait() => EventLoop.Run(WaitAsync);

    private static async Coroutine WaitAsync() =>
        await EventLoop.Current.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
}
