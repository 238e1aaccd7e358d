namespace Reactor.Http;

/// <summary>
/// The channel lent to an exchange. Body, writer and recorder share this object, so the channel of
/// a pooled exchange changes in one place.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ChannelLoan
{
    private MessageChannel? _channel;

    /// <exception cref="InvalidOperationException">The channel was given back.</exception>
    public MessageChannel Channel => _channel ?? throw new InvalidOperationException(
        "The request has ended: its response was sent, or can never be.");

    public void Begin(MessageChannel channel) => _channel = channel;

    public void End() => _channel = null;
}
