using System.Net;
using System.Net.Sockets;
using Reactor.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Resolves a host name and connects with a time limit. A failure or time-out is a
/// <see cref="SocketException"/>. Loop thread only.
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

    /// <summary>
    /// Returns the first address of a host that accepts a connection, and closes that connection.
    /// So a run starts only if a server listens, and all connections use the same address.
    /// </summary>
    /// <exception cref="SocketException">No address accepts, or the name is unknown.</exception>
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
