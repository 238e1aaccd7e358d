// What may be written into a head: names, values and reason phrases (RFC 9110 5.1 and 5.5, RFC 9112
// 4).
//
// Checked twice, when a handler sets a field and when the head is written: the second is the guard
// against every way round the first. A CR, LF or NUL that reached the wire would let whoever chose
// the value write the rest of the response.
using System.Buffers;

namespace Reactor.Http.Protocol;

/// <summary>Rules for the parts of a head that we send. Pure; any thread.</summary>
public static class FieldRules
{
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> s_text = SearchValues.Create(MakeText());

    /// <summary>Whether a field name is a token (RFC 9110 5.1).</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it may be sent.</returns>
    public static bool IsName(ReadOnlySpan<byte> name) => Grammar.IsToken(name);

    /// <inheritdoc cref="IsName(ReadOnlySpan{byte})"/>
    public static bool IsName(ReadOnlySpan<char> name) =>
        !name.IsEmpty && !name.ContainsAnyExcept(s_token);

    /// <summary>Whether a value has no control character but HTAB (RFC 9110 5.5).</summary>
    /// <param name="value">The value; octets above 0x7F are opaque text.</param>
    /// <returns>Whether it may be sent.</returns>
    public static bool IsValue(ReadOnlySpan<byte> value) => !value.ContainsAny(Grammar.Control);

    /// <summary>
    /// Whether a value has no control character but HTAB, and none beyond Latin-1, since each
    /// character is sent as one octet.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it may be sent.</returns>
    public static bool IsValue(ReadOnlySpan<char> value) => !value.ContainsAnyExcept(s_text);

    /// <summary>Whether a reason phrase is HTAB, SP, VCHAR and obs-text (RFC 9112 4).</summary>
    /// <param name="reason">The phrase; may be empty.</param>
    /// <returns>Whether it may be sent.</returns>
    public static bool IsReason(ReadOnlySpan<byte> reason) => IsValue(reason);

    /// <inheritdoc cref="IsReason(ReadOnlySpan{byte})"/>
    public static bool IsReason(ReadOnlySpan<char> reason) => IsValue(reason);

    /// <summary>Checks a field name that a program set.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is no token.</exception>
    public static void RequireName(ReadOnlySpan<char> name)
    {
        if (!IsName(name))
        {
            throw new ArgumentException(
                "A field name must be a token (RFC 9110 5.1).", nameof(name));
        }
    }

    /// <summary>Checks a field value that a program set.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">
    /// It has a control character or one beyond Latin-1.
    /// </exception>
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

    /// <summary>Checks a reason phrase that a program set.</summary>
    /// <param name="reason">The phrase.</param>
    /// <exception cref="ArgumentException">
    /// It has a control character or one beyond Latin-1.
    /// </exception>
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

    private static char[] MakeText()
    {
        List<char> text = ['\t'];
        for (char c = ' '; c <= 0xFF; c++)
        {
            if (c != 0x7F)
            {
                text.Add(c);
            }
        }

        return [.. text];
    }
}
