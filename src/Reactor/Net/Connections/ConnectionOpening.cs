using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// Opens connections: to an address, or to the first of several that answers (RFC 8305). An attempt
/// that does not become the result leaves no socket open.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class ConnectionOpening
{
    public static async Coroutine<Connection> OpenAsync(
        string host, int port, ConnectOptions? options)
    {
        IReadOnlyList<IPAddress> addresses = await HostNames.ResolveAsync(EventLoop.Current, host);
        return await Connection.OpenAsync(
            [.. addresses.Select(one => new IPEndPoint(one, port))], options);
    }

    public static async Coroutine<Connection> OpenOneAsync(
        EndPoint endPoint, ConnectOptions options)
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

    public static async Coroutine<Connection> OpenFirstAsync(
        IReadOnlyList<EndPoint> endPoints, ConnectOptions options)
    {
        // If the race is cancelled, a winner that was not handed on must be closed too.
        var made = new List<Connection>();
        try
        {
            IEnumerable<EndPoint> order =
                options.InterleaveFamilies ? Interleave(endPoints) : endPoints;
            RaceResult<Connection> race = await EventLoop.StaggeredRace(
                order.Select(endPoint => (Func<Coroutine<Connection>>)(async () =>
                {
                    Connection connection = await OpenOneAsync(endPoint, options);
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

    /// <summary>The families in turn, each in its own order, that of the first first.</summary>
    private static IEnumerable<EndPoint> Interleave(IReadOnlyList<EndPoint> endPoints) =>
        endPoints.GroupBy(static endPoint => endPoint.AddressFamily)
            .SelectMany(static family => family.Index())
            .OrderBy(static one => one.Index)
            .Select(static one => one.Item);
}
