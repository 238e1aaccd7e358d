using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Where responses end: each case whole, cut at every byte, and two in a row.</summary>
public class ResponseReaderTests
{
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    [TestCase("HTTP/1.1 204 No Content\r\n\r\n", true)]
    [TestCase("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", true)]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", true)]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n", true)]
    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", false)]
    [TestCase("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", false)]
    public void A_response_ends_where_it_ends(string text, bool keepAlive)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text + text);
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            var reader = new ResponseReader(KnownMethod.Get);
            int seen = 0;
            var buffer = new ReadOnlySequence<byte>(bytes, 0, cut);
            for (int part = 0; part < 2; part++)
            {
                while (reader.Read(ref buffer) == ParseStatus.Done)
                {
                    Assert.That(reader.KeepAlive, Is.EqualTo(keepAlive));
                    Assert.That(reader.Bytes, Is.EqualTo(text.Length), $"cut at {cut}");
                    reader.Next();
                    seen++;
                }

                int left = (int)buffer.Length;
                buffer = new ReadOnlySequence<byte>(bytes, cut - left, bytes.Length - cut + left);
            }

            Assert.That(seen, Is.EqualTo(2), $"cut at {cut}");
        }
    }

    [TestCase("HTTP/1.1 200 OK\r\nA: 1\r\n 2\r\nContent-Length: 1\r\n\r\nx", "folded-field")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\nx", "repeated-length")]
    [TestCase("HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "missing-reason")]
    [TestCase("HTTP/1.1 200 OK\nContent-Length: 1\n\nx", "bare-line-feed")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "coding-before-chunked")]
    public void A_tolerated_response_is_counted_by_its_name_each_time(string text, string name)
    {
        var counts = new long[Deviation.Names.Count];
        byte[] bytes = Encoding.ASCII.GetBytes(text + text + text);
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            Array.Clear(counts);
            var reader = new ResponseReader(KnownMethod.Get);
            var buffer = new ReadOnlySequence<byte>(bytes, 0, cut);
            for (int part = 0; part < 2; part++)
            {
                while (reader.Read(ref buffer) == ParseStatus.Done)
                {
                    Deviation.Count(reader.Deviations, counts);
                    reader.Next();
                }

                int left = (int)buffer.Length;
                buffer = new ReadOnlySequence<byte>(bytes, cut - left, bytes.Length - cut + left);
            }

            Assert.That(
                Deviation.Names.Where((_, bit) => counts[bit] == 3),
                Is.EqualTo(new[] { name }), $"cut at {cut}");
            Assert.That(counts.Sum(), Is.EqualTo(3), $"cut at {cut}");
        }
    }

    [Test]
    public void The_answer_to_head_has_no_body()
    {
        var reader = new ResponseReader(KnownMethod.Head);
        ReadOnlySequence<byte> buffer = Sequence("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");

        Assert.That(reader.Read(ref buffer), Is.EqualTo(ParseStatus.Done));
        Assert.That(buffer.IsEmpty);
    }

    [Test]
    public void A_body_without_a_length_ends_with_the_stream_however_long_it_is()
    {
        var reader = new ResponseReader(KnownMethod.Get);
        ReadOnlySequence<byte> buffer = Sequence("HTTP/1.1 200 OK\r\n\r\nx");
        Assert.That(reader.Read(ref buffer), Is.EqualTo(ParseStatus.NeedMore));
        for (int i = 0; i < 3; i++)
        {
            buffer = new ReadOnlySequence<byte>(new byte[1 << 20]); // more than a server's limit
            Assert.That(reader.Read(ref buffer), Is.EqualTo(ParseStatus.NeedMore));
            Assert.That(buffer.IsEmpty);
        }

        Assert.That(reader.ReadEnd(), Is.EqualTo(ParseStatus.Done));
        Assert.That(reader.Bytes, Is.EqualTo((3 << 20) + 20));
    }

    [TestCase("220 smtp ready\r\n")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")]
    public void What_is_no_response_is_rejected(string text)
    {
        var reader = new ResponseReader(KnownMethod.Get);
        ReadOnlySequence<byte> buffer = Sequence(text);

        Assert.That(reader.Read(ref buffer), Is.EqualTo(ParseStatus.Rejected));
    }

    [TestCase("")]
    [TestCase("HTTP/1.1 200 OK\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx")]
    public void A_stream_that_ends_within_a_response_is_rejected(string text)
    {
        var reader = new ResponseReader(KnownMethod.Get);
        ReadOnlySequence<byte> buffer = Sequence(text);

        Assert.That(reader.Read(ref buffer), Is.EqualTo(ParseStatus.NeedMore));
        Assert.That(reader.ReadEnd(), Is.EqualTo(ParseStatus.Rejected));
    }

    [Test]
    public void T12_equal_responses_read_like_different_ones_however_they_are_cut()
    {
        string[] kinds =
        [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhella",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + new string('y', 2000),
        ];
        Random random = TestSeed.NewRandom();
        for (int run = 0; run < 500; run++)
        {
            int[] chosen = [.. Enumerable.Range(0, 12).Select(_ => random.Next(kinds.Length))];
            int[] runs = [.. chosen.SelectMany(kind => Enumerable.Repeat(kind, random.Next(4)))];
            byte[] bytes = Encoding.ASCII.GetBytes(
                string.Concat(runs.Select(kind => kinds[kind])));
            var reader = new ResponseReader(KnownMethod.Get);
            var seen = new List<(int, bool, long, Cause)>();
            int begin = 0;
            int end = 0;
            while (end < bytes.Length)
            {
                end = Math.Min(bytes.Length, end + 1 + random.Next(300));
                var buffer = new ReadOnlySequence<byte>(bytes, begin, end - begin);
                while (reader.Read(ref buffer) == ParseStatus.Done)
                {
                    seen.Add((reader.Status, reader.KeepAlive, reader.Bytes, reader.Outcome));
                    reader.Next();
                }

                begin = end - (int)buffer.Length;
            }

            Assert.That(seen, Is.EqualTo(runs.Select(kind => ReadAlone(kinds[kind]))));
        }

        static (int, bool, long, Cause) ReadAlone(string text)
        {
            var reader = new ResponseReader(KnownMethod.Get);
            ReadOnlySequence<byte> buffer = Sequence(text);
            Assert.That(reader.Read(ref buffer), Is.EqualTo(ParseStatus.Done));
            return (reader.Status, reader.KeepAlive, reader.Bytes, reader.Outcome);
        }
    }

    private static ReadOnlySequence<byte> Sequence(string text) =>
        new(Encoding.ASCII.GetBytes(text));
}
