using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Protocol;

/// <summary>A set finds the first octet outside of it, wherever that stands.</summary>
public sealed class OctetSetTests
{
    private const string Digits = "0123456789";

    // Shorter than a word, than a vector, as long, and longer.
    private static readonly int[] s_lengths = [1, 7, 8, 13, 15, 16, 17, 31, 32, 40];

    [Test]
    public void It_contains_the_octets_that_it_was_made_of_and_no_others()
    {
        var set = new OctetSet("!09AZaz~"u8);
        for (int octet = 0; octet < 256; octet++)
        {
            bool isIn = "!09AZaz~".Contains((char)octet, StringComparison.Ordinal);
            Assert.That(set.Contains((byte)octet), Is.EqualTo(isIn), $"octet {octet}");
        }
    }

    [TestCaseSource(nameof(s_lengths))]
    public void The_first_octet_outside_is_found_from_every_place(int length)
    {
        var set = new OctetSet("0123456789"u8);
        for (int at = 0; at < length; at++)
        {
            byte[] data = Enumerable.Repeat((byte)'7', length).ToArray();
            data[at] = (byte)':';
            for (int from = 0; from <= at; from++)
            {
                Assert.That(set.NextOutside(data, from), Is.EqualTo(at), $"{at} from {from}");
            }

            Assert.That(set.NextOutside(data, at + 1), Is.EqualTo(length), $"behind {at}");
        }
    }

    [TestCaseSource(nameof(s_lengths))]
    public void Every_octet_is_told_from_the_others_at_every_place(int length)
    {
        var set = new OctetSet("0123456789"u8);
        for (int octet = 0; octet < 256; octet++)
        {
            byte[] data = Enumerable.Repeat((byte)'0', length).ToArray();
            data[^1] = (byte)octet;
            bool isIn = Digits.Contains((char)octet, StringComparison.Ordinal);
            Assert.That(
                set.NextOutside(data, 0), Is.EqualTo(isIn ? length : length - 1), $"{octet}");
        }
    }
}
