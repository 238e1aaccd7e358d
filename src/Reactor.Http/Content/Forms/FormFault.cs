using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// What a form that is refused throws. The connection stays open, unless the rest of the body is
/// too long to be skipped.
/// </summary>
/// <remarks>Pure; any thread. No message has a byte of the client.</remarks>
internal static class FormFault
{
    public static HttpException Malformed(string message) => new(400, message);

    public static HttpException Of(MultipartRejection reason) =>
        new(400, MultipartRejections.Sentence(reason));

    public static HttpException TooLarge(string message) => new(413, message);

    public static HttpException Unsupported(string message) => new(415, message);
}
