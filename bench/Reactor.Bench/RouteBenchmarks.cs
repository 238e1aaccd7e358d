// What it costs to find the handler of a path in a table of a hundred routes.
//
// `Literal` is a path without captures in the tree of patterns. `Bytes` is the same path as the
// server finds it, by the bytes of the head; `BytesAsChars` is the way of any other path. `Capture`
// walks the tree and makes the strings of two values; `Constrained` checks one of them, and `Host`
// is `Bytes` in an application with hosts. `Escaped` has percent escapes to decode.
// `NotFound` must not cost more than a path with captures, or strangers could make us work.
// `Regexes` asks a hundred compiled expressions in turn, as many routers do.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Reactor.Http;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;

namespace Reactor.Bench;

[MemoryDiagnoser]
public class RouteBenchmarks
{
    private const int Kinds = 50;

    private readonly RouteTable<int> _table = new();
    private readonly List<Regex> _regexes = [];
    private readonly byte[] _path = "/kind25"u8.ToArray();
    private readonly Application _application = new();
    private readonly RequestHead _head = new();
    private readonly Application _hosts = new();
    private IRequestDispatcher _dispatcher = null!;
    private IRequestDispatcher _hostDispatcher = null!;

    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < Kinds; i++)
        {
            string kind = i.ToString("D2", CultureInfo.InvariantCulture);
            _table.Add("GET", $"/kind{kind}", i);
            _application.Get($"/kind{kind}", static _ => throw new NotSupportedException());
            _table.Add("GET", $"/kind{kind}/{{id}}/parts/{{part}}", i);
            _table.Add("GET", $"/item{kind}/{{id:int}}/parts/{{part}}", i);
            _hosts.Host($"h{kind}.example").Get(
                "/kind25", static _ => throw new NotSupportedException());
            _regexes.Add(new Regex($"^/kind{kind}$", RegexOptions.Compiled));
            _regexes.Add(
                new Regex($"^/kind{kind}/([^/]+)/parts/([^/]+)$", RegexOptions.Compiled));
        }

        _dispatcher = Composition.Compose(_application);
        _hostDispatcher = Composition.Compose(_hosts);
        new RequestParser().Parse(
            "GET /kind25 HTTP/1.1\r\nHost: h25.example\r\n\r\n"u8, _head, out _);
    }

    [Benchmark(Baseline = true)]
    public int Literal() => _table.Match("GET", "/kind25").Handler;

    [Benchmark]
    public object Bytes() => _dispatcher.Find(_head, out _);

    [Benchmark]
    public object Host() => _hostDispatcher.Find(_head, out _);

    [Benchmark]
    public int BytesAsChars()
    {
        Span<char> chars = stackalloc char[256];
        chars = chars[..Encoding.Latin1.GetChars(_path, chars)];
        return _table.Match(KnownMethods.Name(KnownMethod.Get), chars).Handler;
    }

    [Benchmark]
    public int Capture() => _table.Match("GET", "/kind25/42/parts/wheel").Handler;

    [Benchmark]
    public int Constrained() => _table.Match("GET", "/item25/42/parts/wheel").Handler;

    [Benchmark]
    public int Escaped() => _table.Match("GET", "/kind25/42/parts/w%C3%BCrfel").Handler;

    [Benchmark]
    public bool NotFound() =>
        _table.Match("GET", "/kind25/42/pieces/wheel").Outcome == RouteOutcome.NotFound;

    [Benchmark]
    public int Regexes()
    {
        for (int i = 0; i < _regexes.Count; i++)
        {
            if (_regexes[i].Match("/kind25/42/parts/wheel") is { Success: true } match)
            {
                return match.Groups[1].Value.Length + match.Groups[2].Value.Length;
            }
        }

        return -1;
    }
}
