using System.Text;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;
using Literals = System.Collections.Generic.Dictionary<byte[], Reactor.Http.Endpoint?[]>
    .AlternateLookup<System.ReadOnlySpan<byte>>;

namespace Reactor.Http;

/// <summary>
/// The endpoints of the literal paths of a host, by the bytes of the path and the number of the
/// method.
/// </summary>
internal static class LiteralPaths
{
    private static readonly KnownMethod[] s_methods = Enum.GetValues<KnownMethod>();

    public static Literals Make(HostRoutes<Endpoint> host)
    {
        var literals = new Dictionary<byte[], Endpoint?[]>(ByteComparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (string path in host.LiteralPaths)
        {
            literals[Encoding.Latin1.GetBytes(path)] =
                [.. s_methods.Select(method => Find(host, method, path))];
        }

        return literals;
    }

    // An unlisted method may have a route of its own: it is searched for by its name.
    private static Endpoint? Find(HostRoutes<Endpoint> host, KnownMethod method, string path) =>
        method != KnownMethod.Other
        && RouteTable<Endpoint>.Match(host, KnownMethods.Name(method), path)
            is { Handler: { } endpoint, Names.Length: 0 } ? endpoint : null;

    private sealed class ByteComparer
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) =>
            alternate.SequenceEqual(other);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        // Only the application's paths are kept, which mostly differ in length or at their ends.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            uint hash = (uint)alternate.Length;
            foreach (byte one in alternate[Math.Max(0, alternate.Length - 8)..])
            {
                hash = (hash * 31) + one;
            }

            return (int)hash;
        }
    }
}
