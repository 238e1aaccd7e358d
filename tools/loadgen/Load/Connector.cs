using System.Net;
using System.Net.Sockets;
using Reactor.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Connects with a time limit. A failure or time-out is a <see cref="SocketException"/>. Loop
/// thread only.
/// </summary>
internal static class Connector
{
    /// <summary>Connects within the limit.</summary>
    /// <exception cref="SocketException">The connect failed or timed out.</exception>
    public static async Coroutine<Connection> Open(EndPoint endPoint, TimeSpan limit)
    {
        ILoopTask task = LoopTask.Current!;
        bool isLate = false;
        TimerHandle timer = EventLoop.Current.CallLater(
            limit,
            () =>
            {
                isLate = true;
                task.Cancel();
            });
        try
        {
            return await Connection.OpenAsync(endPoint);
        }
        catch (LoopCanceledException)
        {
            // A cancellation of the caller takes precedence over the limit's.
            if (isLate && task.Uncancel() == 0)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            throw;
        }
        finally
        {
            timer.Cancel();
        }
    }
}
