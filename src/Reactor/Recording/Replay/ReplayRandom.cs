namespace Reactor.Recording;

/// <summary>
/// The recorded random numbers, on the loop's thread; other threads get numbers of the process. Any
/// thread.
/// </summary>
internal sealed class ReplayRandom(ReplayMatcher replay) : Random
{
    // Numbers of other threads are not recorded.
    private readonly Random _elsewhere = new LockedRandom();

    /// <inheritdoc/>
    public override int Next() => Next(0, int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue) => Next(0, maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => replay.IsLoopThread
        ? (int)Integer(minValue, maxValue) : _elsewhere.Next(minValue, maxValue);

    /// <inheritdoc/>
    public override long NextInt64() => NextInt64(0, long.MaxValue);

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue) => replay.IsLoopThread
        ? Integer(minValue, maxValue) : _elsewhere.NextInt64(minValue, maxValue);

    /// <inheritdoc/>
    public override double NextDouble() =>
        replay.IsLoopThread ? Bits() : _elsewhere.NextDouble();

    /// <inheritdoc/>
    public override float NextSingle() =>
        replay.IsLoopThread ? (float)Bits() : _elsewhere.NextSingle();

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        if (!replay.IsLoopThread)
        {
            _elsewhere.NextBytes(buffer);
            return;
        }

        string requested = $"{buffer.Length} random bytes";
        replay.Check(
            replay.Take(EntryKind.RandomBytes, 0, requested).Value == buffer.Length, requested);
        replay.Data.CopyTo(buffer);
        replay.Next();
    }

    protected override double Sample() => NextDouble();

    private long Integer(long least, long bound)
    {
        string requested = $"a random number from {least} to below {bound}";
        ref readonly RecordedEntry entry = ref replay.Take(EntryKind.RandomInteger, 0, requested);
        replay.Check(entry.Length == least && entry.Bound == bound, requested);
        long number = entry.Value;
        replay.Next();
        return number;
    }

    private double Bits()
    {
        long bits = replay.Take(EntryKind.RandomBits, 0, "a random fraction").Value;
        replay.Next();
        return BitConverter.Int64BitsToDouble(bits);
    }

    private sealed class LockedRandom : Random
    {
        private readonly Lock _lock = new();

        protected override double Sample()
        {
            lock (_lock)
            {
                return base.Sample();
            }
        }
    }
}
