namespace Reactor.Http;

/// <summary>
/// The channel lent to an exchange. Body, writer and recorder share this object, so the channel of
/// a pooled exchange changes in one place.
/// </summary>
/// <remarks>Loop thread only.</remarks>
/// <param name="ended">What is told to a caller that comes after the exchange.</param>
internal sealed class ChannelLoan(string ended)
{
    private MessageChannel? _channel;

    /// <exception cref="InvalidOperationException">The channel was given back.</exception>
    public MessageChannel Channel => _channel ?? throw Ended();

    public void Begin(MessageChannel channel) => _channel = channel;

    public void End() => _channel = null;

    /// <summary>The exception for a use after the exchange.</summary>
    public InvalidOperationException Ended() => new(ended);
}
