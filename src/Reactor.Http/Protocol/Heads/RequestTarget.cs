// The four forms of a request target (RFC 9112 3.2) and which method may have which.
//
// Only bytes that a URI may have get here; percent escapes stay as they are, since only the router
// knows where a path is split, and a path is decoded exactly once. The scheme of an absolute form
// is checked and forgotten: whether a request is secure is known from the connection alone.
using System.Text;

namespace Reactor.Http.Protocol;

internal static class RequestTarget
{
    public static Rejection Resolve(
        ReadOnlySpan<byte> data, in RequestLineScanner line, RequestHead head)
    {
        head.SetLine(line);
        ReadOnlySpan<byte> target = data[line.TargetStart..line.TargetEnd];
        if (line.Method == KnownMethod.Connect)
        {
            return Authority.IsValid(target, portNeeded: true)
                ? Rejection.ConnectUnsupported
                : Rejection.AuthorityInvalid;
        }

        if (target[0] == (byte)'/')
        {
            SetPath(target, line.TargetStart, 0, head);
            return Rejection.None;
        }

        if (target is [(byte)'*'])
        {
            head.Form = TargetForm.Asterisk;
            head.SetPath(line.TargetStart, 1);
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
        if (!Authority.IsValid(target[start..end]))
        {
            return Rejection.AuthorityInvalid;
        }

        head.SetAuthority(line.TargetStart + start, end - start);

        // The last proxy on the way would have sent "*" for this (RFC 9112 3.2.4).
        bool server = line.Method == KnownMethod.Options && end == target.Length;
        head.Form = server ? TargetForm.Asterisk : TargetForm.Absolute;
        SetPath(target, line.TargetStart, end, head);
        return Rejection.None;
    }

    // An empty path, which only the absolute form can have, is read as "/" (RFC 9110 4.2.3).
    private static void SetPath(ReadOnlySpan<byte> target, int offset, int start, RequestHead head)
    {
        int length = target[start..].IndexOf((byte)'?');
        if (length < 0)
        {
            head.SetPath(offset + start, target.Length - start);
            return;
        }

        head.SetPath(offset + start, length);
        int query = start + length + 1;
        head.SetQuery(offset + query, target.Length - query);
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
