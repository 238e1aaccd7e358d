// The corpus: each case of `Protocol/Cases/*.md` whole, and in every way in which a network may
// bring it.
using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Proof;

public sealed class CaseTests
{
    private const int RandomSplits = 16;
    private const int GuardedBytesMax = 1024;
    private readonly WireParser _parser = new();
    private readonly WireTrace _trace = new();

    private static IEnumerable<TestCaseData> Cases() =>
        WireCase.All.Select(one => new TestCaseData(one).SetArgDisplayNames(one.Name));

    [TestCaseSource(nameof(Cases))]
    public void A_case(WireCase one)
    {
        _parser.Run([new ReadOnlySequence<byte>(one.Octets)], _trace);
        Assert.That(one.Difference(_trace), Is.Null);
    }

    [TestCaseSource(nameof(Cases))]
    public void A_case_in_pieces(WireCase one)
    {
        _parser.Run([new ReadOnlySequence<byte>(one.Octets)], _trace);
        byte[] whole = _trace.Text.ToArray();
        if (one.Octets.Length <= GuardedBytesMax)
        {
            foreach (Feed feed in Feed.All(one.Octets))
            {
                Same(whole, feed.Buffers(), feed.Name);
            }
        }
        else
        {
            CutInTwo(one.Octets, whole);
        }

        foreach (Feed feed in RandomFeeds(one.Octets))
        {
            Same(whole, feed.Buffers(), feed.Name);
        }
    }

    // What `Feed.All` does, without a copy for each cut: the few long cases have 10 to 30 KiB.
    private void CutInTwo(byte[] octets, byte[] whole)
    {
        var buffers = new ReadOnlySequence<byte>[2];
        buffers[1] = new ReadOnlySequence<byte>(octets);
        for (int cut = 1; cut < octets.Length; cut++)
        {
            buffers[0] = new ReadOnlySequence<byte>(octets, 0, cut);
            Same(whole, buffers, $"cut at {cut}");
        }

        IEnumerable<int> bytes = Enumerable.Repeat(1, octets.Length);
        foreach (bool segmented in new[] { false, true })
        {
            Feed feed = Feed.Pieces(octets, bytes, segmented);
            Same(whole, feed.Buffers(), feed.Name);
        }
    }

    private void Same(byte[] whole, IEnumerable<ReadOnlySequence<byte>> buffers, string name)
    {
        _parser.Run(buffers, _trace);
        if (!_trace.Text.SequenceEqual(whole))
        {
            Assert.That(_trace.ToString(), Is.EqualTo(Encoding.ASCII.GetString(whole)), name);
        }
    }

    // A refusal does not depend on what follows the refused byte, nor a message on what follows it.
    [TestCaseSource(nameof(Cases))]
    public void A_case_with_a_request_behind_it(WireCase one)
    {
        byte[] followed = [.. one.Octets, .. "GET /next HTTP/1.1\r\nHost: next\r\n\r\n"u8];
        _parser.Run([new ReadOnlySequence<byte>(followed)], _trace);
        string last = one.Trace[^1];
        if (last == "idle")
        {
            string[] trace =
                [.. one.Trace[..^1], "request GET /next HTTP/1.1", "field Host: next", "idle"];
            Assert.That((one with { Trace = trace }).Difference(_trace), Is.Null);
        }
        else if (!last.StartsWith("needs", StringComparison.Ordinal))
        {
            Assert.That(one.Difference(_trace), Is.Null);
        }
    }

    [Test]
    public void Every_refusal_of_a_request_has_a_case()
    {
        string[] reached = [.. WireCase.All.Select(one => one.Trace[^1])
            .Where(line => line.StartsWith("rejected ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1])];
        string[] elsewhere =
        [
            "NONE", "HDR-NAME-UNDERSCORE", // refused only where the limits say so
            "BODY-INCOMPLETE", // what the connection says when the input ends: "needs body" here
            "STATUS-SYNTAX", "STATUS-LONG", "STATUS-INTERIM", // of responses
            "TIME-HEAD", "TIME-BODY", // of the connection: the parser knows no clock
            "MEMORY-BODY", // of the server: the parser holds no body
            "BODY-CODING", // of the client: codings are no part of the framing
        ];
        string[] all = [.. RejectionTable.All.ToArray().Select(row => row.Id)];
        Assert.That(all.Except(elsewhere).Except(reached), Is.Empty);
        Assert.That(elsewhere.Except(all), Is.Empty);
    }

    [Test]
    public void There_are_at_least_150_cases_and_no_two_with_one_name()
    {
        Assert.That(WireCase.All, Has.Count.GreaterThanOrEqualTo(150));
        Assert.That(WireCase.All.Select(one => one.Name), Is.Unique);
    }

    private static IEnumerable<Feed> RandomFeeds(byte[] octets)
    {
        Random random = TestSeed.NewRandom();
        for (int i = 0; i < RandomSplits && octets.Length > 0; i++)
        {
            int most = random.Next(1, Math.Min(octets.Length, 512) + 1);
            int[] sizes = [.. Enumerable.Range(0, octets.Length / Math.Max(1, most / 2) + 1)
                .Select(_ => random.Next(1, most + 1))];
            yield return Feed.Pieces(octets, sizes, segmented: i % 2 == 0);
        }
    }
}
