using System.Net;
using System.Net.Sockets;
using Reactor.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Finds the address behind a name and makes connections with a time limit. A failure is a
/// <see cref="SocketException"/>, also when the limit is over. Loop thread only.
/// </summary>
internal static class Connector
{
    /// <summary>Connects, but not for longer than the limit.</summary>
    /// <exception cref="SocketException">There is no connection.</exception>
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
            return await Connection.Open(endPoint);
        }
        catch (LoopCanceledException)
        {
            // Ours, or also somebody else's: then theirs wins.
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

    /// <summary>
    /// The first address of a host that takes a connection; it is closed again. So a run begins
    /// only if there is somebody to load, and every connection goes to the same address.
    /// </summary>
    /// <exception cref="SocketException">None does, or there is no such name.</exception>
    public static async Coroutine<EndPoint> FindTarget(TargetUrl url, TimeSpan limit)
    {
        IPAddress[] addresses = IPAddress.TryParse(url.Host, out IPAddress? literal)
            ? [literal]
            : await EventLoop.Current.RunInExecutor(() => Dns.GetHostAddresses(url.Host));
        SocketException? failure = null;
        foreach (IPAddress address in addresses)
        {
            var endPoint = new IPEndPoint(address, url.Port);
            try
            {
                Connection probe = await Open(endPoint, limit);
                probe.Close();
                return endPoint;
            }
            catch (SocketException error)
            {
                failure ??= error;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}
