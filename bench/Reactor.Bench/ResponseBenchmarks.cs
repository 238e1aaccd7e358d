// What one response head costs to write, from nothing to the bytes that are sent, into a buffer
// that is there already.
//
// `Plaintext` is the head of a short answer: its lines are copied in one piece each and its names
// need no check. `Cached` copies the beginning that the server keeps, as nearly every answer does;
// `DateEachTime` is the first with its date formatted anew. `OwnFields` adds two fields that a
// handler named, each character of which is checked. `Interpolated` is what one would write without
// a writer: a string, then its bytes.
using System.Buffers;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Reactor.Http;
using Reactor.Http.Protocol;
using Reactor.Simulation;

namespace Reactor.Bench;

[MemoryDiagnoser]
public class ResponseBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly byte[] _date = new byte[HttpDate.Length];
    private string _dateText = "";
    private EventLoop _loop = null!;
    private HttpServer _server = null!;

    [GlobalSetup]
    public void Setup()
    {
        HttpDate.Format(DateTimeOffset.UnixEpoch, _date);
        _dateText = Encoding.ASCII.GetString(_date);
        _loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        _server = new Application().MakeHandler();
    }

    [GlobalCleanup]
    public void Cleanup() => _loop.Dispose();

    [Benchmark(Baseline = true)]
    public int Plaintext()
    {
        _output.ResetWrittenCount();
        ResponseHeadWriter head = Begin();
        head.End();
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Cached()
    {
        _output.ResetWrittenCount();
        var head = new ResponseHeadWriter(_output);
        _server.Context.Heads.Write(ref head, 200, "text/plain", own: null, _loop);
        head.ContentLength(13);
        head.End();
        return _output.WrittenCount;
    }

    [Benchmark]
    public int DateEachTime()
    {
        HttpDate.Format(DateTimeOffset.UtcNow, _date);
        return Plaintext();
    }

    [Benchmark]
    public int OwnFields()
    {
        _output.ResetWrittenCount();
        ResponseHeadWriter head = Begin();
        head.Field("Cache-Control", "public, max-age=3600");
        head.Field("X-Request-Id", "0123456789abcdef0123456789abcdef");
        head.End();
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Interpolated()
    {
        _output.ResetWrittenCount();
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {200} OK\r\nServer: reactor\r\nDate: {_dateText}\r\n"
                + $"Content-Type: {"text/plain"}\r\nContent-Length: {13}\r\n\r\n");
        Encoding.Latin1.GetBytes(head, _output);
        return _output.WrittenCount;
    }

    private ResponseHeadWriter Begin()
    {
        var head = new ResponseHeadWriter(_output);
        head.StatusLine(200);
        head.Field(KnownHeader.Server, "reactor"u8);
        head.Date(_date);
        head.Field(KnownHeader.ContentType, "text/plain"u8);
        head.ContentLength(13);
        return head;
    }
}
