namespace Reactor.Recording;

/// <summary>
/// Records the random numbers that the loop's thread takes from another source. Other threads get
/// theirs unrecorded. Any thread, if the source allows it.
/// </summary>
/// <param name="source">The numbers.</param>
/// <param name="isMasked">True: no number is written.</param>
/// <param name="open">The log, on the loop's thread while it is recorded; else null.</param>
internal sealed class RecordedRandom(Random source, bool isMasked, Func<EntryBuffer?> open)
    : Random
{
    // Each member asks the same member of the source, whose numbers may differ otherwise.

    /// <inheritdoc/>
    public override int Next() => (int)Integer(0, int.MaxValue, source.Next());

    /// <inheritdoc/>
    public override int Next(int maxValue) => (int)Integer(0, maxValue, source.Next(maxValue));

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) =>
        (int)Integer(minValue, maxValue, source.Next(minValue, maxValue));

    /// <inheritdoc/>
    public override long NextInt64() => Integer(0, long.MaxValue, source.NextInt64());

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) =>
        Integer(0, maxValue, source.NextInt64(maxValue));

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue) =>
        Integer(minValue, maxValue, source.NextInt64(minValue, maxValue));

    /// <inheritdoc/>
    public override double NextDouble()
    {
        double number = source.NextDouble();
        Bits(BitConverter.DoubleToInt64Bits(number));
        return number;
    }

    /// <inheritdoc/>
    public override float NextSingle()
    {
        float number = source.NextSingle();
        Bits(BitConverter.DoubleToInt64Bits(number));
        return number;
    }

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        source.NextBytes(buffer);
        if (open() is { } log)
        {
            if (isMasked)
            {
                log.Begin(EntryKind.RandomMasked);
                log.Number((ulong)buffer.Length);
            }
            else
            {
                log.Begin(EntryKind.RandomBytes);
                log.Data(buffer);
            }

            log.Commit();
        }
    }

    protected override double Sample() => NextDouble();

    private long Integer(long least, long bound, long number)
    {
        if (open() is { } log)
        {
            log.Begin(EntryKind.RandomInteger);
            log.Signed(least);
            log.Signed(bound);
            log.Signed(isMasked ? 0 : number);
            log.Commit();
        }

        return number;
    }

    private void Bits(long bits)
    {
        if (open() is { } log)
        {
            log.Begin(EntryKind.RandomBits);
            log.Fixed64(isMasked ? 0 : bits);
            log.Commit();
        }
    }
}
