using System.Globalization;
using System.Net;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Opens connections for a pool: resolves the name of the host, or of the proxy, and tries its
/// addresses of both families (RFC 8305), all within
/// <see cref="ClientOptions.ConnectTimeout"/>.
/// </summary>
/// <remarks>
/// Loop thread only. The system's resolver runs on an executor. An attempt that fails, is late or
/// is cancelled leaves no socket open.
/// </remarks>
internal sealed class ClientConnector(EventLoop loop, ClientOptions options)
{
    /// <summary>
    /// Addresses of a family that are tried: an attempt has a socket, and a name may have hundreds.
    /// </summary>
    private const int FamilyAddressesMax = 8;

    private readonly TimeSpan? _timeout =
        options.ConnectTimeout == TimeSpan.MaxValue ? null : options.ConnectTimeout;

    /// <summary>Connects to an origin, or to the proxy.</summary>
    /// <exception cref="ClientConnectException">
    /// The name has no address, or none of its addresses takes the connection.
    /// </exception>
    /// <exception cref="ClientTimeoutException">It took too long.</exception>
    public async Coroutine<Connection> ConnectAsync(ClientOrigin origin)
    {
        ClientProxy? proxy = options.ProxyFor(origin);
        ClientOrigin target = proxy?.Origin ?? origin;
        string name =
            (proxy is null ? "" : "The proxy ") + NameOf(target.Host, target.Port);
        IReadOnlyList<IPAddress>? addresses = null;
        Connection? opened = null;
        try
        {
            await TimeoutScope.Run(_timeout, async _ =>
            {
                addresses = await ResolveAsync(target, name);
                opened = await OpenAsync(target, name, addresses);
            });
            Connection result = opened!;
            opened = null;
            return result;
        }
        catch (TimeoutException)
        {
            throw new ClientTimeoutException(ClientPhase.Connect, LateMessage(name, addresses));
        }
        finally
        {
            opened?.Abort(); // late or cancelled in the turn in which the connection was made
        }
    }

    /// <summary>A host and a port, as in a URL.</summary>
    public static string NameOf(string host, int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    private async Coroutine<IReadOnlyList<IPAddress>> ResolveAsync(
        ClientOrigin target, string name)
    {
        IReadOnlyList<IPAddress> addresses;
        try
        {
            addresses = options.ResolveAsync is { } resolve
                && !IPAddress.TryParse(target.Host, out IPAddress? _)
                ? await resolve(target.Host)
                : await HostNames.ResolveAsync(loop, target.Host);
        }
        catch (Exception error) when (
            error is not LoopAbortException && !IsCancellation(error))
        {
            throw new ClientConnectException(
                $"{name} cannot be reached, because its name was not resolved "
                + $"({Clause(error)}): check the name and the resolver.",
                error);
        }

        return addresses is { Count: > 0 }
            ? [.. addresses.GroupBy(static address => address.AddressFamily)
                .SelectMany(static family => family.Take(FamilyAddressesMax))]
            : throw new ClientConnectException(
                $"{name} cannot be reached, because its name has no address: check the "
                + "name and the resolver.");
    }

    // Only that of this task: a resolver may give up by itself, as HttpClient does after its time.
    private static bool IsCancellation(Exception error) =>
        error is OperationCanceledException && LoopTask.Current is { Cancelling: > 0 };

    private static async Coroutine<Connection> OpenAsync(
        ClientOrigin target, string name, IReadOnlyList<IPAddress> addresses)
    {
        try
        {
            return await Connection.OpenAsync(
                [.. addresses.Select(address => (EndPoint)new IPEndPoint(address, target.Port))]);
        }
        catch (ConnectException error)
        {
            throw new ClientConnectException(
                $"{name} cannot be reached "
                + $"({string.Join("; ", error.Causes.Select(Clause))}): check that it runs, and "
                + "its address.",
                error);
        }
    }

    private string LateMessage(string name, IReadOnlyList<IPAddress>? addresses)
    {
        string time = string.Create(
            CultureInfo.InvariantCulture, $"{options.ConnectTimeout.TotalSeconds:0.###} s");
        string what = addresses is null
            ? $"The name of {name} was not resolved in {time}"
            : $"{name} did not answer in {time} (tried {string.Join(", ", addresses)})";
        return $"{what}: check that it runs, or raise "
            + $"ClientOptions.{nameof(ClientOptions.ConnectTimeout)}.";
    }

    // The message of an exception as a part of another sentence.
    private static string Clause(Exception error) => error.Message.TrimEnd('.');
}
