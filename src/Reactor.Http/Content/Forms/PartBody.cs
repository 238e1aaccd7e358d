namespace Reactor.Http;

/// <summary>The content of a part in chunks, for <c>await foreach</c>.</summary>
/// <remarks>Loop thread only. A chunk is valid until the next step.</remarks>
public readonly struct PartBody : IEquatable<PartBody>
{
    private readonly MultipartPart _part;

    internal PartBody(MultipartPart part) => _part = part;

    /// <summary>For <c>await foreach</c>; continues where the last one stopped.</summary>
    public Enumerator GetAsyncEnumerator() => new(_part);

    /// <inheritdoc/>
    public bool Equals(PartBody other) => ReferenceEquals(_part, other._part);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PartBody other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _part.GetHashCode();

    /// <summary>The steps through the content.</summary>
#pragma warning disable CA1034 // what await foreach needs has no meaning elsewhere
    public sealed class Enumerator
    {
        private readonly MultipartPart _part;

        internal Enumerator(MultipartPart part) => _part = part;

        /// <summary>The chunk of the last step; not empty.</summary>
        public ReadOnlyMemory<byte> Current { get; private set; }

        /// <summary>Waits for the next chunk; false at the end of the part.</summary>
        /// <exception cref="InvalidOperationException">The part is over.</exception>
        public async Coroutine<bool> MoveNextAsync()
        {
            Current = await _part.NextChunkAsync();
            return !Current.IsEmpty;
        }
    }
#pragma warning restore CA1034
}
