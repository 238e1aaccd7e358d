namespace Reactor.Http;

/// <summary>
/// The limits that a <see cref="MessageChannel"/> sets its peer: the server's options of the same
/// names. Immutable.
/// </summary>
internal sealed record ChannelLimits
{
    public required int BytesPerSecondMin { get; init; }

    public required TimeSpan RateGrace { get; init; }

    public required TimeSpan BodyIdleTimeout { get; init; }

    public required TimeSpan BodyPauseTimeout { get; init; }

    public required TimeSpan SendIdleTimeout { get; init; }

    public required int StreamHighBytes { get; init; }

    public required int StreamBytesPerTurn { get; init; }

    public required bool HalfCloseIsDisconnect { get; init; }
}
