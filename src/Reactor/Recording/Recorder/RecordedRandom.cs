namespace Reactor.Recording;

/// <summary>
/// Records the random numbers that the loop's thread takes from another source. Other threads get
/// theirs unrecorded. Any thread, if the source allows it.
/// </summary>
internal sealed class RecordedRandom(LoopRecording recording, Random source) : Random
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
        if (recording.IsRecordedThread)
        {
            if (recording.IsMasked)
            {
                recording.Log.Begin(EntryKind.RandomMasked);
                recording.Log.Number((ulong)buffer.Length);
            }
            else
            {
                recording.Log.Begin(EntryKind.RandomBytes);
                recording.Log.Data(buffer);
            }

            recording.Log.Commit();
        }
    }

    protected override double Sample() => NextDouble();

    private long Integer(long least, long bound, long number)
    {
        if (recording.IsRecordedThread)
        {
            recording.Log.Begin(EntryKind.RandomInteger);
            recording.Log.Signed(least);
            recording.Log.Signed(bound);
            recording.Log.Signed(recording.IsMasked ? 0 : number);
            recording.Log.Commit();
        }

        return number;
    }

    private void Bits(long bits)
    {
        if (recording.IsRecordedThread)
        {
            recording.Log.Begin(EntryKind.RandomBits);
            recording.Log.Fixed64(recording.IsMasked ? 0 : bits);
            recording.Log.Commit();
        }
    }
}
