// Checked when a handler sets a field and when the head is written: a CR, LF or NUL on the wire
// would let an attacker write the rest of the response.
using System.Buffers;

namespace Reactor.Http.Protocol;

/// <summary>Rules for the parts of a head that we send. Pure; any thread.</summary>
public static class FieldRules
{
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> s_text = MakeText();

    /// <summary>Whether a field name is a token (RFC 9110 5.1).</summary>
    public static bool IsName(ReadOnlySpan<byte> name) => Grammar.IsToken(name);

    /// <inheritdoc cref="IsName(ReadOnlySpan{byte})"/>
    public static bool IsName(ReadOnlySpan<char> name) =>
        !name.IsEmpty && !name.ContainsAnyExcept(s_token);

    /// <summary>Whether a value has no control character but HTAB (RFC 9110 5.5).</summary>
    public static bool IsValue(ReadOnlySpan<byte> value) => !value.ContainsAny(Grammar.Control);

    /// <summary>
    /// Whether a value has no control character but HTAB, and none beyond Latin-1: a character is
    /// sent as one octet.
    /// </summary>
    public static bool IsValue(ReadOnlySpan<char> value) => !value.ContainsAnyExcept(s_text);

    /// <summary>Whether a reason phrase is HTAB, SP, VCHAR and obs-text (RFC 9112 4).</summary>
    public static bool IsReason(ReadOnlySpan<byte> reason) => IsValue(reason);

    /// <inheritdoc cref="IsReason(ReadOnlySpan{byte})"/>
    public static bool IsReason(ReadOnlySpan<char> reason) => IsValue(reason);

    /// <summary>Throws unless a field name may be sent.</summary>
    /// <exception cref="ArgumentException">The name is no token.</exception>
    public static void RequireName(ReadOnlySpan<char> name)
    {
        if (!IsName(name))
        {
            throw new ArgumentException(
                "A field name must be a token (RFC 9110 5.1).", nameof(name));
        }
    }

    /// <summary>Throws unless a field value may be sent.</summary>
    /// <exception cref="ArgumentException">The value has a forbidden character.</exception>
    public static void RequireValue(ReadOnlySpan<char> value)
    {
        if (!IsValue(value))
        {
            throw new ArgumentException(
                "A field value must have no control characters but HTAB and none beyond Latin-1 "
                + "(RFC 9110 5.5).",
                nameof(value));
        }
    }

    /// <summary>Throws unless a reason phrase may be sent.</summary>
    /// <exception cref="ArgumentException">The phrase has a forbidden character.</exception>
    public static void RequireReason(ReadOnlySpan<char> reason)
    {
        if (!IsReason(reason))
        {
            throw new ArgumentException(
                "A reason phrase must have no control characters but HTAB and none beyond Latin-1 "
                + "(RFC 9112 4).",
                nameof(reason));
        }
    }

    private static SearchValues<char> MakeText()
    {
        Span<char> text = stackalloc char[0x100];
        int count = 0;
        for (int octet = 0; octet < 0x100; octet++)
        {
            if (!Grammar.Control.Contains((byte)octet))
            {
                text[count++] = (char)octet;
            }
        }

        return SearchValues.Create(text[..count]);
    }
}
