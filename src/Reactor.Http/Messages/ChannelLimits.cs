namespace Reactor.Http;

/// <summary>The limits that a <see cref="MessageChannel"/> sets its peer. Immutable.</summary>
internal sealed record ChannelLimits
{
    /// <summary>The least rate in both directions; 0 for none.</summary>
    public required int BytesPerSecondMin { get; init; }

    /// <summary>The time that a body has before the least rate counts.</summary>
    public required TimeSpan RateGrace { get; init; }

    public required TimeSpan BodyIdleTimeout { get; init; }

    public required TimeSpan BodyPauseTimeout { get; init; }

    /// <summary>How long the peer may acknowledge nothing.</summary>
    public required TimeSpan SendIdleTimeout { get; init; }

    /// <summary>Unsent bytes beyond which a stream waits.</summary>
    public required int StreamHighBytes { get; init; }

    /// <summary>Bytes of a stream before other connections run.</summary>
    public required int StreamBytesPerTurn { get; init; }

    /// <summary>Whether the end of the peer's stream counts as its departure.</summary>
    public required bool HalfCloseIsDisconnect { get; init; }
}
