using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Methods as metrics and traces name them: <c>http.request.method</c> of OpenTelemetry has the
/// methods of RFC 9110 and PATCH, and <c>_OTHER</c> for any other, so that no client can make a
/// metric grow. Any thread.
/// </summary>
internal static class HttpMethodName
{
    public const string Other = "_OTHER";

    public static string Of(KnownMethod method) =>
        method == KnownMethod.Other ? Other : KnownMethods.Name(method);
}
