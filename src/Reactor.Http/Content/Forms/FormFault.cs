using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// What a form that is refused throws. The connection stays open, unless the rest of the body is
/// too long to be skipped.
/// </summary>
/// <remarks>Pure; any thread. No message has a byte of the client.</remarks>
internal static class FormFault
{
    public static RequestBodyException Malformed(string message) => new(400, message, null);

    public static RequestBodyException Of(MultipartRejection reason) =>
        Malformed(MultipartRejections.Sentence(reason));

    public static RequestBodyException TooLarge(string message) => new(413, message, null);

    public static RequestBodyException Unsupported(string message) => new(415, message, null);
}
