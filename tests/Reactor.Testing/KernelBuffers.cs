using System.Globalization;

namespace Reactor.Testing;

/// <summary>How much the kernel of this machine buffers between two sockets.</summary>
public static class KernelBuffers
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>
    /// More bytes than a send over loopback can leave with the kernel while the peer does not read:
    /// the send buffer grows to the third figure of <c>tcp_wmem</c>. The receive buffer grows only
    /// as the peer reads, so the rest is for what it has at first.
    /// </summary>
    public static int MoreThanAny { get; } = SendBufferMax() + (4 * Mebibyte);

    private static int SendBufferMax()
    {
        const string File = "/proc/sys/net/ipv4/tcp_wmem";
        return System.IO.File.Exists(File)
            ? int.Parse(
                System.IO.File.ReadAllText(File).Split('\t', ' ', '\n')[2],
                CultureInfo.InvariantCulture)
            : 28 * Mebibyte;
    }
}
