using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// Finds the endpoint of a request: a literal path by one look-up of its bytes, any other path in
/// the route table.
/// </summary>
/// <remarks>Immutable; any thread. No client can make it grow.</remarks>
internal sealed class RouteDispatcher : IRequestDispatcher
{
    // Most paths are shorter; a longer path rents its characters.
    private const int StackChars = 256;

    private static readonly KnownMethod[] s_methods = Enum.GetValues<KnownMethod>();

    private readonly RouteTable<Endpoint> _table;
    private readonly Dictionary<byte[], Endpoint?[]>.AlternateLookup<ReadOnlySpan<byte>> _literals;

    public RouteDispatcher(RouteTable<Endpoint> table)
    {
        _table = table;
        _literals = new Dictionary<byte[], Endpoint?[]>(ByteComparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (string path in table.LiteralPaths)
        {
            _literals[Encoding.Latin1.GetBytes(path)] =
                [.. s_methods.Select(method => FindLiteral(method, path))];
        }
    }

    public Endpoint Find(RequestHead head, out MatchInfo match)
    {
        match = default;
        return _literals.TryGetValue(head.Path, out Endpoint?[]? byMethod)
            && byMethod[(int)head.Method] is { } endpoint
                ? endpoint
                : Search(head, out match);
    }

    // An unlisted method may have a route of its own: it is searched for by its name.
    private Endpoint? FindLiteral(KnownMethod method, string path) =>
        method != KnownMethod.Other && _table.Match(KnownMethods.Name(method), path)
            is { Handler: { } endpoint, Names.Length: 0 } ? endpoint : null;

    private Endpoint Search(RequestHead head, out MatchInfo match)
    {
        ReadOnlySpan<byte> path = head.Path;
        char[]? rented = path.Length > StackChars ? ArrayPool<char>.Shared.Rent(path.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackChars];
        chars = chars[..Encoding.Latin1.GetChars(path, chars)];
        RouteMatch<Endpoint> found = _table.Match(
            head.Method == KnownMethod.Other
                ? Encoding.Latin1.GetString(head.MethodBytes)
                : KnownMethods.Name(head.Method),
            chars);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        match = new MatchInfo(found.Names, found.Values);
        return found.Handler ?? GeneratedEndpoints.Find(found, head);
    }

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
