using System.Globalization;
using System.Text;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Random choices of the model from one seed. Times are whole milliseconds, so that calls meet at
/// one moment.
/// </summary>
internal sealed class ModelDice(int seed)
{
    private readonly Random _random = new(seed);

    public bool Is(double chance) => _random.NextDouble() < chance;

    /// <summary>A number of a range, both ends included.</summary>
    public int From(int least, int most) => _random.Next(least, most + 1);

    public T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    public TimeSpan Time(double leastSeconds, double mostSeconds) => TimeSpan.FromMilliseconds(
        From((int)(leastSeconds * 1000), (int)Math.Ceiling(mostSeconds * 1000)));

    /// <summary>Mostly short, sometimes larger than every buffer on the way.</summary>
    public int BodyBytes() => From(0, 9) switch
    {
        0 => 0,
        < 6 => From(1, 200),
        < 9 => From(200, 9000),
        _ => From(9000, 150_000),
    };
}

/// <summary>
/// The bytes of the bodies: each block of 16 names its body and its place, so a byte of another
/// body, or from another place, is found.
/// </summary>
internal static class ModelBytes
{
    private const int BlockBytes = 16;

    /// <summary>The body of an owner, of at most nine characters.</summary>
    public static byte[] Make(string owner, int length)
    {
        byte[] bytes = new byte[length + BlockBytes];
        for (int at = 0; at < length; at += BlockBytes)
        {
            string block = string.Create(
                CultureInfo.InvariantCulture, $"{owner,-9}{at / BlockBytes,6:x}\n");
            Encoding.ASCII.GetBytes(block, bytes.AsSpan(at));
        }

        return bytes[..length];
    }
}
