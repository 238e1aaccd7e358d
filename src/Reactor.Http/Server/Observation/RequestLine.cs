using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>A request as the log names it. Text is made only for a line that is logged.</summary>
internal readonly record struct RequestLine(RequestHead Head, string? Pattern, EventLoop Loop)
{
    public string Method => Encoding.Latin1.GetString(Head.MethodBytes);

    public string Path => Encoding.Latin1.GetString(Head.Path);
}
