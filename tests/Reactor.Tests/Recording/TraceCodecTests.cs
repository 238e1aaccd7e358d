using System.Buffers;
using Reactor.Recording;
using Reactor.Testing;

namespace Reactor.Tests.Recording;

/// <summary>
/// Events and texts as bytes: every event comes back as it was, and a damaged block is an error.
/// </summary>
public sealed class TraceCodecTests
{
    [Test]
    public void Events_come_back_as_they_were()
    {
        Random random = TestSeed.NewRandom();
        TraceEvent[] events = [.. Enumerable.Range(0, 5_000).Select(_ => NewEvent(random))];
        Array.Sort(events, (a, b) => a.Time.CompareTo(b.Time));
        var block = new ArrayBufferWriter<byte>();
        TraceCodec.Write(events, block);
        var read = new List<TraceEvent>();
        TraceCodec.Read(block.WrittenSpan, read);

        Assert.That(read, Is.EqualTo(events));
    }

    [Test]
    public void Usual_events_take_few_bytes()
    {
        var block = new ArrayBufferWriter<byte>();
        TraceCodec.Write(
            [
                new TraceEvent(TraceEventKind.StepBegan, 100, 300),
                new TraceEvent(TraceEventKind.StepEnded, 1_100, 300),
                new TraceEvent(TraceEventKind.TaskAwaits, 1_100, 300, 0, 20, 40),
            ],
            block);

        // Kind, time and the number's difference: 1 + 1 + 2, 1 + 2 + 1, and 1 + 1 + 1 + two texts.
        Assert.That(block.WrittenCount, Is.EqualTo(4 + 4 + 5));
    }

    // docs/recording.md: names and events; the bytes are derived by hand.
    [Test]
    public void Events_and_names_have_the_specified_bytes()
    {
        var events = new ArrayBufferWriter<byte>();
        TraceCodec.Write(
            [
                new TraceEvent(TraceEventKind.TurnBegan, 300, 5),
                new TraceEvent(TraceEventKind.PollBegan, 300, 0, -1),
                new TraceEvent(TraceEventKind.TaskAwaits, 301, 4, 64, 2, 130),
            ],
            events);
        Assert.That(events.WrittenSpan.ToArray(), Is.EqualTo(new byte[]
        {
            0x20 | 1, 0xAC, 0x02, 10, // 300 = 2 x 128 + 44; zigzag 5
            0x40 | 2, 0, 1, // no time passed; zigzag -1
            0x20 | 0x40 | 0x80 | 14, 1, 1, 0x80, 0x01, 2, 0x82, 0x01, // 4 - 5; 64; 2; 130
        }));

        var table = new TraceNames();
        Assert.That((table.Add("a"), table.Add("é")), Is.EqualTo((2, 3)));
        var names = new ArrayBufferWriter<byte>();
        TraceCodec.WriteNames(table, TraceNames.FirstOwn, names);
        Assert.That(
            names.WrittenSpan.ToArray(),
            Is.EqualTo(new byte[] { 1, (byte)'a', 2, 0xC3, 0xA9 }));
    }

    [Test]
    public void The_page_of_the_format_has_each_kind_of_event()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Reactor.sln")))
        {
            folder = folder.Parent!;
        }

        string page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "recording.md"));
        string events = page[page.IndexOf("### Events", StringComparison.Ordinal)..];
        foreach (TraceEventKind kind in Enum.GetValues<TraceEventKind>())
        {
            Assert.That(
                kind == TraceEventKind.None || events.Contains($"| {(int)kind} | {kind} |"),
                $"{kind}");
        }
    }

    [Test]
    public void A_block_that_is_cut_in_an_event_is_an_error()
    {
        var block = new ArrayBufferWriter<byte>();
        TraceCodec.Write(
            [new TraceEvent(TraceEventKind.TaskAwaits, long.MaxValue, 5, -1, 70_000, 1)], block);
        for (int length = 1; length < block.WrittenCount; length++)
        {
            byte[] cut = block.WrittenSpan[..length].ToArray();
            Assert.That(
                () => TraceCodec.Read(cut, new List<TraceEvent>()),
                Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
        }
    }

    [Test]
    public void Texts_come_back_under_their_numbers()
    {
        var names = new TraceNames();
        int one = names.Add("eins – 一");
        int place = names.AddPlace(typeof(TraceCodecTests), -1);
        int two = names.Add("two");
        var block = new ArrayBufferWriter<byte>();
        Assert.That(
            TraceCodec.WriteNames(names, TraceNames.FirstOwn, block), Is.EqualTo(names.Count));
        var read = new TraceNames();
        TraceCodec.ReadNames(block.WrittenSpan, read);

        Assert.That((read[one], read[place], read[two]), Is.EqualTo(("eins – 一", "", "two")));
        Assert.That(read.Count, Is.EqualTo(names.Count));
        Assert.That(read.Add("two"), Is.EqualTo(two));
        byte[] cut = block.WrittenSpan[..^1].ToArray();
        Assert.That(
            () => TraceCodec.ReadNames(cut, new TraceNames()),
            Throws.TypeOf<InvalidDataException>());
    }

    private static TraceEvent NewEvent(Random random) => new(
        (TraceEventKind)random.Next(1, 24), random.NextInt64(1L << random.Next(1, 62)),
        Number(random), Number(random), random.Next(random.Next(2) * TraceNames.NamesMax + 1),
        random.Next(random.Next(2) * 100 + 1));

    private static long Number(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => random.NextInt64(),
        2 => -random.NextInt64(1000),
        _ => random.Next(1000),
    };
}
