using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using HdrHistogram;
using HdrHistogram.Encoding;
using HdrHistogram.Utilities;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Record;

/// <summary>
/// The codec against hand-made bytes, against NuGet's HdrHistogram, and against damage.
/// </summary>
public class HistogramCodecTests
{
    // Cookie, length, offset, digits, lowest, highest (3.6e12), ratio (1.0), as the format says.
    private const string HeaderOfFiveBytes =
        "1C849313" + "00000005" + "00000000" + "00000003" + "0000000000000001"
        + "0000034630B8A000" + "3FF0000000000000";

    // From here on, 37 minutes, HdrHistogram 2.5.0 is wrong: it computes the width of a counter,
    // 2^31, in 32 bits. The tests of .hgrm compare that range with hdr-histogram-js.
    internal const long TheirsEnd = 1L << 41;

    [Test]
    public void The_bytes_of_a_small_histogram_are_those_of_the_format()
    {
        // Counters 0 to 6: 1, 0, 64, then three zeros, 2. ZigZag doubles: 2, 0, 128 in two bytes
        // (80 01), -3 is 5, and 4 … which are six bytes.
        byte[] bytes = Encode(Histograms.Of([0, .. Enumerable.Repeat(2L, 64), 6, 6]));

        Assert.That(
            Convert.ToHexString(bytes),
            Is.EqualTo(HeaderOfFiveBytes.Replace("00000005", "00000006", StringComparison.Ordinal)
                + "020080010504"));
    }

    [Test]
    public void An_empty_histogram_is_a_single_zero()
    {
        byte[] bytes = Encode(new Histogram());

        Assert.That(bytes, Has.Length.EqualTo(41));
        Assert.That(bytes[40], Is.Zero);
        Assert.That(Decode(bytes).Count, Is.Zero);
    }

    [Test]
    public void Every_counter_has_the_index_that_HdrHistogram_gives_it()
    {
        // The lowest and the highest value of each counter, and the lowest as often as its index
        // says, so that swapped counters are noticed.
        var ours = new Histogram();
        var theirs = new LongHistogram(1, Histogram.ValueMax, 3);
        long lowest = 0;
        for (int index = 0; Histogram.HighestOf(index) < TheirsEnd; index++)
        {
            long highest = Histogram.HighestOf(index);
            for (int i = 0; i < index % 3; i++)
            {
                ours.Record(lowest);
                theirs.RecordValue(lowest);
            }

            ours.Record(highest);
            theirs.RecordValue(highest);
            Assert.That(
                theirs.LowestEquivalentValue(highest), Is.EqualTo(lowest), "they share a counter");
            lowest = highest + 1;
        }

        Assert.That(Encode(ours), Is.EqualTo(TheirBytes(theirs)));
    }

    [Test]
    public void The_largest_counts_take_nine_bytes_each()
    {
        var histogram = new Histogram();
        histogram.Add(0, long.MaxValue - 2);
        histogram.Add(1, 2);
        byte[] bytes = Encode(histogram);

        // 2 * (2^63 - 3) = 2^64 - 6: seven low bits 0x7a, then ones.
        Assert.That(Convert.ToHexString(bytes[40..]), Is.EqualTo("FAFFFFFFFFFFFFFFFF04"));
        Assert.That(Decode(bytes).Count, Is.EqualTo(long.MaxValue));
    }

    [FsCheck.NUnit.Property]
    public Property T10_Plain_and_compressed_forms_bring_back_every_counter() => Prop.ForAll(
        Histograms.Values(),
        values =>
        {
            Histogram histogram = Histograms.Of(values);
            var plain = new Histogram();
            var compressed = new Histogram();
            return HistogramCodec.Decode(Encode(histogram), plain) is null
                && HistogramCodec.Decompress(HistogramCodec.Compress(histogram), compressed) is null
                && plain.TryRestore(histogram.Max, 0, 0)
                && compressed.TryRestore(histogram.Max, 0, 0)
                && Histograms.AreEqual(plain, histogram)
                && Histograms.AreEqual(compressed, histogram);
        });

    [FsCheck.NUnit.Property(MaxTest = 50)]
    public Property The_bytes_are_those_that_HdrHistogram_writes_and_reads() => Prop.ForAll(
        Histograms.Values(),
        values =>
        {
            long[] known = [1, .. values.Where(value => value < TheirsEnd)];
            LongHistogram theirs = Theirs(known);
            Histogram ours = Histograms.Of(known);
            HistogramBase read = HistogramEncoding.DecodeFromByteBuffer(
                ByteBuffer.Allocate(Encode(ours)), 0);
            HistogramBase inflated = HistogramEncoding.DecodeFromCompressedByteBuffer(
                ByteBuffer.Allocate(HistogramCodec.Compress(ours)), 0);
            return Encode(ours).AsSpan().SequenceEqual(TheirBytes(theirs))
                && read.TotalCount == ours.Count && inflated.TotalCount == ours.Count
                && known.All(value =>
                    read.GetCountAtValue(value) == theirs.GetCountAtValue(value)
                    && inflated.GetCountAtValue(value) == theirs.GetCountAtValue(value));
        });

    [FsCheck.NUnit.Property]
    public Property Count_and_values_are_those_of_HdrHistogram() => Prop.ForAll(
        Histograms.Values(),
        values =>
        {
            long[] known = [1, .. values.Where(value => value < TheirsEnd)];
            LongHistogram theirs = Theirs(known);
            Histogram ours = Histograms.Of(known);

            // Theirs rounds the rank of a percentage, so this asks for those that are a rank. Ours
            // never exceeds the largest value; theirs is the upper end of its counter.
            return ours.Count == theirs.TotalCount
                && Enumerable.Range(1, (int)ours.Count).All(rank => ours.AtRank(rank)
                    == Math.Min(
                        theirs.GetValueAtPercentile(100.0 * rank / ours.Count), ours.Max));
        });

    [Test]
    public void Every_cut_is_an_error_and_never_an_exception()
    {
        byte[] plain = Encode(Histograms.Of(1, 5_000, 70_000_000, Histogram.ValueMax));
        byte[] compressed = HistogramCodec.Compress(Histograms.Of(1, 5_000, 70_000_000));
        for (int length = 0; length < plain.Length; length++)
        {
            Assert.That(HistogramCodec.Decode(plain.AsSpan(0, length), new()), Is.Not.Null);
        }

        for (int length = 0; length < compressed.Length; length++)
        {
            Assert.That(HistogramCodec.Decompress(compressed[..length], new()), Is.Not.Null);
        }
    }

    [TestCase(0, 0x1d, "the cookie is 0x1d849313 instead of 0x1c849313")]
    [TestCase(7, 6, "5 bytes of counters instead of 6")]
    [TestCase(11, 1, "the normalizing offset is 1 instead of 0")]
    [TestCase(15, 2, "2 significant digits instead of 3")]
    [TestCase(23, 2, "the lowest value is 2 instead of 1")]
    [TestCase(31, 1, "the highest value is 3600000000001 instead of 3600000000000")]
    [TestCase(32, 0x40, "the ratio is 65536 instead of 1")]
    public void A_header_of_another_layout_is_an_error(int at, int value, string error)
    {
        byte[] bytes = Convert.FromHexString(HeaderOfFiveBytes + "0202020202");
        Assert.That(HistogramCodec.Decode(bytes, new()), Is.Null);

        bytes[at] = (byte)value;

        Assert.That(HistogramCodec.Decode(bytes, new()), Is.EqualTo(error));
    }

    [TestCase("0202020280", "the last counter is cut")]
    [TestCase("02FFFFFFFF", "the last counter is cut")]
    public void A_counter_that_does_not_end_is_an_error(string counters, string error) =>
        Assert.That(
            HistogramCodec.Decode(Convert.FromHexString(HeaderOfFiveBytes + counters), new()),
            Is.EqualTo(error));

    [Test]
    public void A_run_of_zeros_may_end_at_the_last_counter_and_not_beyond()
    {
        // 33,421 zeros are ZigZag 66,841 = 4 * 128^2 + 10 * 128 + 25: 99 8A 04.
        Assert.That(Histogram.CountersMax, Is.EqualTo(33_421));
        Assert.That(Counters("998A04"), Is.Null);
        Assert.That(Counters("9B8A04"), Is.EqualTo("more than 33421 counters"));
        Assert.That(Counters("998A0402"), Is.EqualTo("more than 33421 counters"));
        Assert.That(
            Counters("FFFFFFFFFFFFFFFFFF"), Is.EqualTo("more than 33421 counters"), "-2^63");
    }

    [Test]
    public void Counts_above_63_bits_in_sum_are_an_error()
    {
        // 2^63 - 1 is ZigZag 2^64 - 2.
        Assert.That(Counters("FEFFFFFFFFFFFFFFFF"), Is.Null);
        Assert.That(
            Counters("FEFFFFFFFFFFFFFFFF02"), Is.EqualTo("the counters exceed 2^63 - 1 in sum"));
    }

    [Test]
    public void A_compressed_form_with_a_damaged_frame_is_an_error()
    {
        byte[] good = HistogramCodec.Compress(Histograms.Of(1, 5_000));
        byte[] cookie = [.. good];
        cookie[3] = 0x13;
        byte[] stream = [.. good];
        stream[8] ^= 0xff;

        Assert.That(
            HistogramCodec.Decompress(cookie, new()),
            Is.EqualTo("the cookie is 0x1c849313 instead of 0x1c849314"));
        Assert.That(
            HistogramCodec.Decompress([.. good, 0], new()),
            Is.EqualTo($"{good.Length - 7} bytes instead of {good.Length - 8}"));
        Assert.That(
            HistogramCodec.Decompress(stream, new()), Is.EqualTo("the zlib stream is damaged"));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public Property Damaged_bytes_are_an_error_or_a_histogram_and_never_an_exception() =>
        Prop.ForAll(
            Histograms.Values(),
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            (values, seed) =>
            {
                var random = new Random(seed);
                byte[] bytes = Encode(Histograms.Of(values));
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                var target = new Histogram();
                string? error = HistogramCodec.Decode(bytes, target);
                return error is not null || target.Count >= 0;
            });

    [Test]
    [Category("Measured")]
    public void Encoding_allocates_nothing()
    {
        Histogram histogram = Histograms.Of(1, 5_000, 70_000_000, Histogram.ValueMax);
        byte[] target = new byte[HistogramCodec.EncodedBytesMax];
        HistogramCodec.Encode(histogram, target);
        long before = GC.GetAllocatedBytesForCurrentThread();
        HistogramCodec.Encode(histogram, target);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static string? Counters(string hex)
    {
        byte[] bytes = Convert.FromHexString(HeaderOfFiveBytes + hex);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), hex.Length / 2);
        return HistogramCodec.Decode(bytes, new());
    }

    private static byte[] Encode(Histogram histogram)
    {
        byte[] bytes = new byte[HistogramCodec.EncodedBytesMax];
        return bytes[..HistogramCodec.Encode(histogram, bytes)];
    }

    private static Histogram Decode(byte[] bytes)
    {
        var histogram = new Histogram();
        Assert.That(HistogramCodec.Decode(bytes, histogram), Is.Null);
        return histogram;
    }

    private static LongHistogram Theirs(long[] values)
    {
        var histogram = new LongHistogram(1, Histogram.ValueMax, 3);
        foreach (long value in values)
        {
            histogram.RecordValue(value);
        }

        return histogram;
    }

    private static byte[] TheirBytes(LongHistogram histogram)
    {
        var buffer = ByteBuffer.Allocate(HistogramCodec.EncodedBytesMax + 1024);
        histogram.Encode(buffer, HistogramEncoderV2.Instance);
        byte[] bytes = new byte[buffer.Position];
        buffer.Position = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = buffer.Get();
        }

        return bytes;
    }
}
