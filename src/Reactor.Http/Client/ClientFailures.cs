using System.Globalization;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>The exceptions of an exchange, each in a sentence that says what to do.</summary>
/// <remarks>Pure; any thread.</remarks>
internal static class ClientFailures
{
    public static ClientTimeoutException Late(ClientPhase phase, ClientOptions options) =>
        phase switch
        {
            ClientPhase.Send => Late(
                phase, "The server has acknowledged no byte of the request",
                options.SendIdleTimeout, nameof(ClientOptions.SendIdleTimeout)),
            ClientPhase.Head => Late(
                phase, "The head of the response did not arrive", options.HeadTimeout,
                nameof(ClientOptions.HeadTimeout)),
            ClientPhase.Body => Late(
                phase, "No byte of the response's body arrived", options.BodyIdleTimeout,
                nameof(ClientOptions.BodyIdleTimeout)),
            _ => new ClientTimeoutException(
                ClientPhase.Total,
                "The request and its response took longer than their Timeout: raise that of the "
                + "request or the session."),
        };

    public static ClientDisconnectedException Disconnected(bool hasResponseBytes) => new(
        hasResponseBytes
            ? "The server has ended the connection before the end of the response."
            : "The server has ended the connection without a response.",
        hasResponseBytes);

    public static ClientProtocolException Malformed(Rejection reason) =>
        new(reason, $"The response is refused. {RejectionTable.Get(reason).Sentence}");

    public static ClientProtocolException Switched() => new(
        Rejection.StatusLineInvalid,
        "The server switches to another protocol (101), which no request of this client asks for.");

    /// <summary>Why a body was refused.</summary>
    public static ClientException OfBody(Rejection reason, ClientOptions options) => reason switch
    {
        Rejection.BodyIncomplete => Disconnected(hasResponseBytes: true),
        Rejection.BodyTooSlow => Late(ClientPhase.Body, options),
        Rejection.BodyTooLarge => new ClientProtocolException(reason, string.Create(
            CultureInfo.InvariantCulture,
            $"The body is larger than {nameof(ClientOptions.BodyBytesMax)} "
            + $"({options.BodyBytesMax} bytes) or {nameof(ClientOptions.BodyBufferBytesMax)} "
            + $"({options.BodyBufferBytesMax} bytes): read it as a stream through Body.")),
        Rejection.BodyNoRoom => new ClientProtocolException(reason,
            "The bodies of other responses hold all memory: read fewer at once, or raise "
            + $"{nameof(ClientOptions.BodyBufferBytesMax)}."),
        Rejection.ContentCodingInvalid => new ClientProtocolException(reason,
            "The body is cut off or is not what its Content-Encoding says: set "
            + $"{nameof(ClientOptions.Decompression)} to None to read it as it comes."),
        _ => Malformed(reason),
    };

    /// <summary>Reports a failure of a content that no caller is left to catch.</summary>
    public static void Report(EventLoop loop, Exception error) =>
        loop.Report(new LoopErrorContext
        {
            Message = "The content of a request has failed after its response was read.",
            Exception = error,
        });

    private static ClientTimeoutException Late(
        ClientPhase phase, string what, TimeSpan limit, string option) =>
        new(phase, string.Create(
            CultureInfo.InvariantCulture,
            $"{what} in {limit.TotalSeconds:0.###} s: see ClientOptions.{option}."));
}
