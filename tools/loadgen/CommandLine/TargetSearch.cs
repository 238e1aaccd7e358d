using System.Net;
using System.Net.Sockets;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// Finds the address of a run: the first of the host that accepts a connection, which is closed
/// again. So a run starts only if a server listens, and all connections use the same address. Each
/// step has the time limit of a connect. Loop thread only.
/// </summary>
internal sealed class TargetSearch(LoadPlan plan)
{
    private readonly EventLoop _loop = EventLoop.Current;

    /// <summary>Returns the address.</summary>
    /// <exception cref="SocketException">No address accepts, or the name is unknown.</exception>
    public async Coroutine<EndPoint> Find()
    {
        SocketException? failure = null;
        foreach (EndPoint endPoint in await Candidates())
        {
            try
            {
                (await Connector.Open(endPoint, plan.ConnectTimeout)).Close();
                return endPoint;
            }
            catch (SocketException error)
            {
                failure ??= error;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>The failure as a sentence.</summary>
    public string Explain(SocketException error)
    {
        string limit = DurationText.Format(plan.ConnectTimeout);
        string host = plan.UnixSocket ?? plan.Url.Host;
        return error.SocketErrorCode switch
        {
            // The kernel says "no such file" for the path of a Unix socket.
            _ when plan.UnixSocket is not null && error.SocketErrorCode != SocketError.TimedOut =>
                $"no server listens on the socket {host}.",
            SocketError.ConnectionRefused => FormattableString.Invariant(
                $"no server listens on port {plan.Url.Port} of {host}."),
            SocketError.HostNotFound or SocketError.NoData =>
                $"the host name '{host}' is not known.",
            SocketError.TryAgain =>
                $"the address of '{host}' was not found: no name server answered within {limit}.",
            SocketError.TimedOut => $"{host} did not respond within {limit}.",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
                $"{host} is unreachable: no route.",
            _ => error.Message,
        };
    }

    private async Coroutine<EndPoint[]> Candidates()
    {
        if (plan.UnixSocket is { } path)
        {
            return [new UnixDomainSocketEndPoint(path)];
        }

        if (IPAddress.TryParse(plan.Url.Host, out IPAddress? literal))
        {
            return [new IPEndPoint(literal, plan.Url.Port)];
        }

        Future<IPAddress[]> answer = Resolve();
        await EventLoop.Wait([answer], timeout: plan.ConnectTimeout);
        return answer.IsDone
            ? [.. (await answer).Select(address => new IPEndPoint(address, plan.Url.Port))]
            : throw new SocketException((int)SocketError.TryAgain);
    }

    // Not the executor: the loop waits for its threads at the end, and the system's resolver cannot
    // be stopped. The end of the process does not wait for a background thread.
    private Promise<IPAddress[]> Resolve()
    {
        var answer = new Promise<IPAddress[]>();
        var thread = new Thread(() =>
        {
            try
            {
                IPAddress[] addresses = Dns.GetHostAddresses(plan.Url.Host);
                Post(() => answer.TrySetResult(addresses));
            }
            catch (SocketException error)
            {
                Post(() => answer.TrySetException(error));
            }
        });
        (thread.IsBackground, thread.Name) = (true, "resolver");
        thread.Start();
        return answer;
    }

    private void Post(Action action)
    {
        try
        {
            _loop.CallSoonThreadSafe(action);
        }
        catch (ObjectDisposedException)
        {
            // The run has ended without the answer.
        }
    }
}
