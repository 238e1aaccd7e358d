// The four forms of a request target (RFC 9112 3.2) and the methods that may have them.
//
// Percent escapes stay: only the router knows where a path is split. The scheme of an absolute form
// is forgotten, since only the connection knows whether a request is secure.
using System.Runtime.CompilerServices;
using System.Text;

namespace Reactor.Http.Protocol;

internal static class RequestTarget
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Rejection Resolve(ReadOnlySpan<byte> data, RequestHead head)
    {
        ref readonly RequestLineScanner line = ref head.Line;
        head.PathStart = line.TargetStart;
        return data[line.TargetStart] == (byte)'/' && line.Method != KnownMethod.Connect
            ? Rejection.None
            : ResolveOther(data[line.TargetStart..line.TargetEnd], line, head);
    }

    private static Rejection ResolveOther(
        ReadOnlySpan<byte> target, in RequestLineScanner line, RequestHead head)
    {
        if (line.Method == KnownMethod.Connect)
        {
            return Authority.IsValid(target, 0, portNeeded: true)
                ? Rejection.ConnectUnsupported
                : Rejection.AuthorityInvalid;
        }

        if (target is [(byte)'*'])
        {
            head.Form = TargetForm.Asterisk;
            return line.Method == KnownMethod.Options ? Rejection.None : Rejection.TargetForm;
        }

        return ResolveAbsolute(target, line, head);
    }

    /// <summary>The port of the scheme of a target in absolute form (RFC 9110 4.2).</summary>
    public static int DefaultPort(ReadOnlySpan<byte> target) =>
        SchemeLength(target) == "https://".Length ? 443 : 80;

    private static Rejection ResolveAbsolute(
        ReadOnlySpan<byte> target, in RequestLineScanner line, RequestHead head)
    {
        int start = SchemeLength(target);
        if (start == 0)
        {
            return Rejection.TargetForm;
        }

        int length = target[start..].IndexOfAny((byte)'/', (byte)'?');
        int end = length < 0 ? target.Length : start + length;
        if (!Authority.IsValid(target[..end], start))
        {
            return Rejection.AuthorityInvalid;
        }

        head.AuthorityPlace = (line.TargetStart + start, end - start);

        // The last proxy sends "*" for this (RFC 9112 3.2.4).
        bool server = line.Method == KnownMethod.Options && end == target.Length;
        head.Form = server ? TargetForm.Asterisk : TargetForm.Absolute;
        head.PathStart = line.TargetStart + end;
        return Rejection.None;
    }

    private static int SchemeLength(ReadOnlySpan<byte> target)
    {
        ReadOnlySpan<byte> http = "http://"u8;
        ReadOnlySpan<byte> https = "https://"u8;
        if (target.Length > http.Length && Ascii.EqualsIgnoreCase(target[..http.Length], http))
        {
            return http.Length;
        }

        return target.Length > https.Length && Ascii.EqualsIgnoreCase(target[..https.Length], https)
            ? https.Length
            : 0;
    }
}
