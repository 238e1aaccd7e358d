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

    private readonly RouteTable<Endpoint> _table = new();
    private readonly GeneratedEndpoints _outermost;
    private readonly RouteTable<GeneratedEndpoints>? _scopes; // null if there is only one
    private readonly Dictionary<byte[], Endpoint?[]>.AlternateLookup<ReadOnlySpan<byte>> _literals;

    /// <param name="routes">The routes.</param>
    /// <param name="scopes">The applications; the first is the outermost.</param>
    /// <exception cref="ArgumentException">Two routes conflict, or a pattern is bad.</exception>
    public RouteDispatcher(IReadOnlyList<PlacedRoute> routes, IReadOnlyList<PlacedScope> scopes)
    {
        _outermost = scopes[0].Endpoints;
        _scopes = scopes.Count > 1 ? ScopeTable(scopes) : null;
        foreach (PlacedRoute route in routes)
        {
            if (route.Host is not null)
            {
                throw new NotSupportedException("Hosts are not matched yet.");
            }

            _table.Add(route.Method, route.Pattern, route.Endpoint);
        }

        _literals = new Dictionary<byte[], Endpoint?[]>(ByteComparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (string path in _table.LiteralPaths)
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
        match = new MatchInfo(found.Names, found.Values);
        Endpoint endpoint = found.Handler ?? ScopeOf(chars).Find(found, head);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return endpoint;
    }

    private GeneratedEndpoints ScopeOf(ReadOnlySpan<char> path) =>
        _scopes?.Match("GET", path).Handler ?? _outermost;

    private static RouteTable<GeneratedEndpoints> ScopeTable(IReadOnlyList<PlacedScope> scopes)
    {
        var table = new RouteTable<GeneratedEndpoints>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach ((_, string prefix, GeneratedEndpoints endpoints) in scopes)
        {
            if (seen.Add(prefix))
            {
                table.Add("*", prefix, endpoints);
                table.Add("*", prefix + "/{below__:raw...}", endpoints);
            }
        }

        return table;
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
