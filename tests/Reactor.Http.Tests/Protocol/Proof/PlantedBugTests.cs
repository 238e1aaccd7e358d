// The tests tested: each planted mistake must be found by the corpus, by one of its splits, or by
// the oracle, and the parser as it is must pass the same examination.
using System.Buffers;
using Reactor.Fuzz;
using Reactor.Http.Tests.Oracle;
using Reactor.Testing;

namespace Reactor.Http.Tests.Proof;

[Category("Slow")]
[Parallelizable(ParallelScope.All)]
public sealed class PlantedBugTests
{
    private const int SplitBytesMax = 200;
    private const int FuzzInputs = 500_000;
    private static readonly ParserBuild s_build = new();

    private static IEnumerable<TestCaseData> Bugs() =>
        PlantedBug.All.Select(bug => new TestCaseData(bug).SetArgDisplayNames(bug.Name));

    [TestCaseSource(nameof(Bugs))]
    public void A_planted_bug_is_found(PlantedBug bug)
    {
        string? found = null;
        s_build.Use(bug, parser => found = Examine(parser));
        Assert.That(found, Is.Not.Null, $"nothing shows it: {bug.Name}");
        TestContext.Out.WriteLine(found);
    }

    [Test]
    public void The_parser_without_a_planted_bug_passes()
    {
        string? found = "not examined";
        s_build.Use(null, parser => found = Examine(parser));
        Assert.That(found, Is.Null);
    }

    // The alarm of the alarm: what would a clean run of the fuzzer say, if it could find nothing?
    [TestCase("the byte behind CR is not looked at in a field")]
    [TestCase("a CR at the end of a piece is forgotten")]
    [TestCase("a field too many")]
    public void The_fuzzer_finds_a_planted_bug(string name)
    {
        string? found = null;
        s_build.Use(PlantedBug.All.Single(bug => bug.Name == name), parser =>
        {
            var random = new FuzzRandom();
            var mutator = new Mutator(random);
            var check = new InputCheck(random, parser);
            for (int input = 0; input < FuzzInputs && found is null; input++)
            {
                random.Begin(1, input);
                found = check.Objection(mutator.Make());
            }
        });
        Assert.That(found, Is.Not.Null);
    }

    [Test]
    public void There_are_at_least_25_planted_bugs() =>
        Assert.That(PlantedBug.All, Has.Length.GreaterThanOrEqualTo(25));

    [Test]
    public void A_bug_whose_place_is_gone_says_so()
    {
        var gone = new PlantedBug("gone", "Framing.cs", "no such text", "");
        Assert.That(
            () => s_build.Edited(gone),
            Throws.InvalidOperationException.With.Message.StartsWith(
                "gone: Framing.cs has no place with\nno such text\nThe code has changed"));
        var twice = new PlantedBug("twice", "Framing.cs", "Rejection.None", "");
        Assert.That(
            () => s_build.Edited(twice),
            Throws.InvalidOperationException.With.Message.Contains("more than one place"));
    }

    // What is first to object; null when nothing does. An exception is an objection too.
    private static string? Examine(IWireParser parser)
    {
        try
        {
            return Corpus(parser) ?? Splits(parser) ?? Large(parser) ?? Oracle(parser);
        }
        catch (Exception error) when (error is not AssertionException)
        {
            return $"it throws {error.GetType().Name}";
        }
    }

    private static string? Corpus(IWireParser parser)
    {
        var trace = new WireTrace();
        foreach (WireCase one in WireCase.All)
        {
            parser.Run([new ReadOnlySequence<byte>(one.Octets)], trace);
            if (one.Difference(trace) is not null)
            {
                return $"case: {one.Name}";
            }
        }

        return null;
    }

    private static string? Splits(IWireParser parser)
    {
        var trace = new WireTrace();
        foreach (WireCase one in WireCase.All.Where(one => one.Octets.Length <= SplitBytesMax))
        {
            foreach (Feed feed in Feed.All(one.Octets))
            {
                parser.Run(feed.Buffers(), trace);
                if (one.Difference(trace) is not null)
                {
                    return $"split: {one.Name}, {feed.Name}";
                }
            }
        }

        return null;
    }

    // Sixteen chunks of 64 KiB are the limit of a body; too long for a document.
    private static string? Large(IWireParser parser)
    {
        var trace = new WireTrace();
        string chunk = $"10000\r\n{new string('x', 65536)}\r\n";
        byte[] octets = Feed.Octets(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + string.Concat(Enumerable.Repeat(chunk, 16)) + "1\r\nx");
        parser.Run([new ReadOnlySequence<byte>(octets)], trace);
        return trace.RejectionId == "BODY-LARGE" && trace.RejectionOffset == octets.Length - 1
            ? null : "a body in many chunks";
    }

    private static string? Oracle(IWireParser parser)
    {
        var run = new OracleRun(parser);
        foreach (Slot slot in Slot.All)
        {
            for (int length = 0; length <= 2; length++)
            {
                if (!run.Check(slot, HostileStrings.Alphabet, length))
                {
                    return $"oracle: {slot.Name}, {length} octets";
                }
            }
        }

        return null;
    }
}
