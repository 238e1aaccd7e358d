namespace Reactor.Http;

/// <summary>
/// What an exchange learns from its connection and from the sender of its content.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal interface IClientExchange
{
    /// <summary>True once a byte of the response has arrived.</summary>
    bool HasResponseBytes { get; }

    /// <summary>The content was sent, or there is none.</summary>
    void OnSent();

    /// <summary>The server takes no more of the content; it may have said why.</summary>
    void OnUploadBroken();

    /// <summary>The content has failed to write itself.</summary>
    void OnUploadFailed(Exception error);

    /// <summary>The body was refused: the next byte of the connection has no meaning.</summary>
    void OnRefused();

    void OnLate(DeadlineKind kind);
}
