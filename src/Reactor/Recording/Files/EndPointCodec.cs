using System.Net;
using System.Net.Sockets;

namespace Reactor.Recording;

/// <summary>
/// The addresses in a recording: a tag and the fields of the address; an unknown type keeps only
/// its text. Any thread.
/// </summary>
internal static class EndPointCodec
{
    private const int None = 0;
    private const int Ip = 1;
    private const int UnixPath = 2;
    private const int HostName = 3;
    private const int Other = 4;
    private const int PathOffset = 2; // in a socket address, behind the family

    /// <summary>Appends an address to an entry.</summary>
    public static void Write(EntryBuffer entry, EndPoint? endPoint)
    {
        switch (endPoint)
        {
            case null:
                entry.Number(None);
                break;
            case IPEndPoint ip:
                entry.Number(Ip);
                entry.Text(ip.Address.ToString());
                entry.Number((ulong)ip.Port);
                break;
            case DnsEndPoint host:
                entry.Number(HostName);
                entry.Text(host.Host);
                entry.Number((ulong)host.Port);
                break;
            case UnixDomainSocketEndPoint path:
                entry.Number(UnixPath);
                string shown = path.ToString();
                entry.Text(IsAbstract(path) ? $"\0{shown[1..]}" : shown);
                break;
            default:
                entry.Number(Other);
                entry.Text(endPoint.ToString() ?? "");
                break;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static EndPoint? Read(ref SpanDecoder source)
    {
        switch (source.Number())
        {
            case None:
                return null;
            case Ip:
                string address = source.Text();
                int port = (int)source.Number();
                return IPAddress.TryParse(address, out IPAddress? ip)
                    ? new IPEndPoint(ip, port) : new NamedEndPoint(address);
            case HostName:
                string host = source.Text();
                return new DnsEndPoint(host, (int)source.Number());
            case UnixPath:
                string path = source.Text();
                return !Socket.OSSupportsUnixDomainSockets ? new NamedEndPoint(path)
                    : path.Length > 0 ? new UnixDomainSocketEndPoint(path)
                    : new UnixDomainSocketEndPoint("x").Create( // of a client without a path
                        new SocketAddress(AddressFamily.Unix, PathOffset));
            default:
                return new NamedEndPoint(source.Text());
        }
    }

    /// <summary>True if both show the same address.</summary>
    public static bool AreSame(EndPoint? one, EndPoint? other) =>
        Equals(one, other) || one?.ToString() == other?.ToString();

    // Linux: a name that is no path begins with a zero, which is shown as '@'.
    private static bool IsAbstract(UnixDomainSocketEndPoint path)
    {
        SocketAddress address = path.Serialize();
        return address.Size > PathOffset + 1 && address[PathOffset] == 0;
    }

    /// <summary>An address of a type that a recording cannot rebuild.</summary>
    private sealed class NamedEndPoint(string text) : EndPoint
    {
        public override string ToString() => text;
    }
}
