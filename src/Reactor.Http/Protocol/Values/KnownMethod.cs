// The methods that are recognised without making a string (RFC 9110 9.3, RFC 5789). Methods are
// case-sensitive: `get` is not GET.
namespace Reactor.Http.Protocol;

/// <summary>A request method (RFC 9110 9.1).</summary>
public enum KnownMethod : byte
{
    /// <summary>Any other method; the head has its bytes.</summary>
    Other,

    /// <summary>GET</summary>
    Get,

    /// <summary>HEAD</summary>
    Head,

    /// <summary>POST</summary>
    Post,

    /// <summary>PUT</summary>
    Put,

    /// <summary>DELETE</summary>
    Delete,

    /// <summary>PATCH</summary>
    Patch,

    /// <summary>OPTIONS</summary>
    Options,

    /// <summary>TRACE</summary>
    Trace,

    /// <summary>CONNECT</summary>
    Connect,
}

/// <summary>Converts between known methods and their names. Immutable; any thread.</summary>
public static class KnownMethods
{
    private static readonly string[] s_names =
    [
        "", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT",
    ];

    /// <summary>The name of a method.</summary>
    /// <param name="method">A known method; <see cref="KnownMethod.Other"/> returns "".</param>
    public static string Name(KnownMethod method) => s_names[(int)method];

    /// <summary>Recognises a method; upper case only (RFC 9110 9.1).</summary>
    public static KnownMethod Find(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 when method.SequenceEqual("GET"u8) => KnownMethod.Get,
        3 when method.SequenceEqual("PUT"u8) => KnownMethod.Put,
        4 when method.SequenceEqual("HEAD"u8) => KnownMethod.Head,
        4 when method.SequenceEqual("POST"u8) => KnownMethod.Post,
        5 when method.SequenceEqual("PATCH"u8) => KnownMethod.Patch,
        5 when method.SequenceEqual("TRACE"u8) => KnownMethod.Trace,
        6 when method.SequenceEqual("DELETE"u8) => KnownMethod.Delete,
        7 when method.SequenceEqual("OPTIONS"u8) => KnownMethod.Options,
        7 when method.SequenceEqual("CONNECT"u8) => KnownMethod.Connect,
        _ => KnownMethod.Other,
    };
}
