// How the scanners find the landmarks of a browser's sixteen field lines, the colon and the CR of
// each: `Vectorised` as they do, many bytes at a time, `OneByOne` with a table of classes. The next
// four recognise the sixteen names and the method: on the bytes, and as strings.
using System.Collections.Frozen;
using System.Text;
using BenchmarkDotNet.Attributes;
using Reactor.Http.Protocol;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class ScanBenchmarks
{
    private const byte NoToken = 1;
    private const byte IsControl = 2;

    private readonly byte[] _classes = new byte[256];
    private readonly byte[] _method = "OPTIONS"u8.ToArray();
    private byte[] _section = [];
    private byte[][] _names = [];
    private FrozenDictionary<string, KnownHeader> _headers = null!;
    private FrozenDictionary<string, KnownMethod> _methods = null!;

    [GlobalSetup]
    public void Setup()
    {
        string text = RequestHeads.Browser;
        text = text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..^2];
        _section = Encoding.ASCII.GetBytes(text);
        _names = [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Encoding.ASCII.GetBytes(line.Split(':')[0]))];
        for (int i = 0; i < 256; i++)
        {
            _classes[i] = (byte)((Grammar.Token.Contains((byte)i) ? 0 : NoToken)
                | (Grammar.Control.Contains((byte)i) ? IsControl : 0));
        }

        _headers = Enum.GetValues<KnownHeader>().Skip(1).ToFrozenDictionary(
            KnownHeaders.Name, StringComparer.OrdinalIgnoreCase);
        _methods = Enum.GetValues<KnownMethod>().Skip(1).ToFrozenDictionary(KnownMethods.Name);
    }

    [Benchmark(Baseline = true)]
    public int Vectorised()
    {
        ReadOnlySpan<byte> section = _section;
        int sum = 0;
        for (int at = 0; at < section.Length; at = LineSearch.EndOfLine(section, at) + 2)
        {
            sum += Grammar.Token.NextOutside(section, at);
        }

        return sum;
    }

    [Benchmark]
    public int OneByOne()
    {
        ReadOnlySpan<byte> section = _section;
        ReadOnlySpan<byte> classes = _classes;
        int lines = 0;
        for (int i = 0; i < section.Length; i += 2)
        {
            while ((classes[section[i]] & NoToken) == 0)
            {
                i++;
            }

            i++;
            while ((classes[section[i]] & IsControl) == 0)
            {
                i++;
            }

            lines++;
        }

        return lines;
    }

    [Benchmark]
    public int NamesOnBytes()
    {
        int sum = 0;
        foreach (byte[] name in _names)
        {
            sum += (int)KnownHeaders.Find(name);
        }

        return sum;
    }

    [Benchmark]
    public int NamesAsStrings()
    {
        int sum = 0;
        foreach (byte[] name in _names)
        {
            sum += (int)_headers.GetValueOrDefault(Encoding.ASCII.GetString(name));
        }

        return sum;
    }

    [Benchmark]
    public KnownMethod MethodOnBytes() => KnownMethods.Find(_method);

    [Benchmark]
    public KnownMethod MethodAsString() =>
        _methods.GetValueOrDefault(Encoding.ASCII.GetString(_method));
}
