using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>A request as the log names it. Text is made only for a line that is logged.</summary>
/// <param name="Head">The head, while the request lives.</param>
/// <param name="Pattern">The pattern of its route; null if it has none.</param>
/// <param name="Loop">The loop that serves it.</param>
internal readonly record struct RequestLine(RequestHead Head, string? Pattern, EventLoop Loop)
{
    public string Method => Encoding.Latin1.GetString(Head.MethodBytes);

    public string Path => Encoding.Latin1.GetString(Head.Path);
}
