using System.Diagnostics.CodeAnalysis;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Http;

/// <summary>
/// The literal routes that were asked for, by the bytes of their paths and the number of the
/// method: the common request needs neither characters nor the name of its method.
/// </summary>
/// <remarks>
/// Loop thread only. It learns from what the route table answered, and holds only paths that stand
/// in the table as they were sent: a client cannot make it grow.
/// </remarks>
internal sealed class LiteralRoutes
{
    private static readonly int s_methods = Enum.GetValues<KnownMethod>().Length;

    private readonly Dictionary<byte[], Route?[]> _routes = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], Route?[]>.AlternateLookup<ReadOnlySpan<byte>> _byPath;
    private readonly Router _router;
    private int _version;
    private int _learned;

    public LiteralRoutes(Router router)
    {
        _router = router;
        _byPath = _routes.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>
    /// Changes when a route is added or learned: what was found before may be wrong.
    /// </summary>
    public int Version => _router.Version + _learned;

    public bool TryFind(
        KnownMethod method, ReadOnlySpan<byte> path, [NotNullWhen(true)] out Route? route)
    {
        route = _version == _router.Version && _byPath.TryGetValue(path, out Route?[]? byMethod)
            ? byMethod[(int)method]
            : null;
        return route is not null;
    }

    /// <summary>Keeps a route if it is the literal one of exactly this path.</summary>
    public void Learn(KnownMethod method, ReadOnlySpan<byte> path, in RouteMatch<Route> match)
    {
        if (method == KnownMethod.Other
            || match is not { Handler: { } route, Pattern: { } pattern, Values.Count: 0 }
            || pattern.Length != path.Length
            || !Ascii.Equals(path, pattern))
        {
            return;
        }

        if (_version != _router.Version)
        {
            _routes.Clear(); // a route that was added since may go before one that is kept
            _version = _router.Version;
        }

        if (!_byPath.TryGetValue(path, out Route?[]? byMethod))
        {
            byMethod = new Route?[s_methods];
            _routes.Add(path.ToArray(), byMethod);
        }

        byMethod[(int)method] = route;
        _learned++;
    }

    /// <summary>
    /// Compares paths by their bytes. Only our own paths are kept, so any hash will do.
    /// </summary>
    private sealed class ByteComparer
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) =>
            alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // Paths of one server differ in length or at their ends, nearly always.
            uint hash = (uint)alternate.Length;
            foreach (byte one in alternate[Math.Max(0, alternate.Length - 8)..])
            {
                hash = (hash * 31) + one;
            }

            return (int)hash;
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
