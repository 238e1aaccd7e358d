namespace Reactor.Http;

/// <summary>
/// The content of a part in chunks, for <c>await foreach</c>, which continues where an earlier one
/// stopped.
/// </summary>
/// <remarks>Loop thread only. A chunk is valid until the next step.</remarks>
public sealed class PartBody
{
    private readonly MultipartPart _part;

    internal PartBody(MultipartPart part) => _part = part;

    /// <summary>The chunk of the last step; not empty.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>For <c>await foreach</c>.</summary>
    public PartBody GetAsyncEnumerator() => this;

    /// <summary>Waits for the next chunk; false at the end of the part.</summary>
    /// <exception cref="RequestBodyException">
    /// The form is malformed, or exceeds a limit (400).
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The part is over, or was read into memory or stored.
    /// </exception>
    public async Coroutine<bool> MoveNextAsync()
    {
        _part.ThrowIfRead();
        Current = await _part.NextChunkAsync();
        return !Current.IsEmpty;
    }
}
