using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Opens connections: to one address, or to whichever of several answers first (RFC 8305). Whatever
/// happens, an attempt that does not become the result leaves no socket open.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class ConnectRace
{
    public static async Coroutine<Connection> Open(EndPoint endPoint, ConnectOptions options)
    {
        EventLoop loop = EventLoop.Current;
        DriverConnect connect = loop.Driver.Connect(endPoint, options.LocalEndPoint);
        try
        {
            SocketError error = await new OperationAwaitable(connect);
            if (error != SocketError.Success)
            {
                throw new SocketException(
                    (int)error, $"{endPoint}: {new SocketException((int)error).Message}");
            }
        }
        catch (LoopCanceledException)
        {
            connect.Abandon();
            throw;
        }

        return new Connection(loop, connect.Socket, options.Stream);
    }

    public static async Coroutine<Connection> OpenFirst(
        IReadOnlyList<EndPoint> endPoints, ConnectOptions options)
    {
        // A winner that is not handed on, because the whole race was cancelled meanwhile, would be
        // open for ever.
        var made = new List<Connection>();
        try
        {
            IEnumerable<EndPoint> order =
                options.InterleaveFamilies ? Interleave(endPoints) : endPoints;
            RaceResult<Connection> race = await EventLoop.StaggeredRace(
                order.Select(endPoint => (Func<Coroutine<Connection>>)(async () =>
                {
                    Connection connection = await Open(endPoint, options);
                    made.Add(connection);
                    return connection;
                })),
                options.HappyEyeballsDelay);
            if (race.Winner is not { } winner)
            {
                throw new ConnectException([.. race.Exceptions.OfType<Exception>()]);
            }

            made.Remove(winner);
            return winner;
        }
        finally
        {
            made.ForEach(static connection => connection.Abort());
        }
    }

    /// <summary>
    /// The families in turn, each in its own order, the family of the first address first.
    /// </summary>
    public static IEnumerable<EndPoint> Interleave(IReadOnlyList<EndPoint> endPoints)
    {
        Queue<EndPoint>[] families =
        [
            .. endPoints.GroupBy(static endPoint => endPoint.AddressFamily)
                .Select(static family => new Queue<EndPoint>(family)),
        ];
        for (int left = endPoints.Count; left > 0;)
        {
            foreach (Queue<EndPoint> family in families)
            {
                if (family.TryDequeue(out EndPoint? next))
                {
                    left--;
                    yield return next;
                }
            }
        }
    }
}
