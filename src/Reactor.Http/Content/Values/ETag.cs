using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Reactor.Http;

/// <summary>
/// The entity tag of a representation (RFC 9110 8.8.3): an opaque name that changes when the
/// representation does. A strong tag changes with every byte; a weak one when the meaning changes.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public readonly record struct ETag
{
    private const int HashBytes = 16;

    // etagc without obs-text, which clients decode differently.
    private static readonly SearchValues<char> s_characters = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        + "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly string? _value;

    /// <summary>A tag of a value, such as a version number.</summary>
    /// <param name="value">Visible ASCII without quotes; the quotes are added.</param>
    /// <param name="isWeak">Whether it is weak.</param>
    /// <exception cref="ArgumentException">The value has another character.</exception>
    public ETag(string value, bool isWeak = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.AsSpan().ContainsAnyExcept(s_characters))
        {
            throw new ArgumentException(
                "An entity tag has visible ASCII without quotes and spaces (RFC 9110 8.8.3).",
                nameof(value));
        }

        _value = value;
        IsWeak = isWeak;
    }

    /// <summary>The value, without quotes.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether the tag is weak.</summary>
    public bool IsWeak { get; }

    /// <summary>The strong tag of some content: half of its SHA-256.</summary>
    public static ETag Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new ETag(Base64Url.EncodeToString(hash[..HashBytes]));
    }

    /// <summary>Parses the value of an ETag field; false if it is none.</summary>
    public static bool TryParse(string? text, out ETag tag)
    {
        bool isWeak = text is ['W', '/', ..];
        string quoted = isWeak ? text![2..] : text ?? "";
        bool isTag = quoted is ['"', .., '"'] && quoted.Length >= 2
            && !quoted.AsSpan(1, quoted.Length - 2).ContainsAnyExcept(s_characters);
        tag = isTag ? new ETag(quoted[1..^1], isWeak) : default;
        return isTag;
    }

    /// <summary>Whether both are strong and equal: the same bytes (RFC 9110 8.8.3.2).</summary>
    public bool StrongEquals(ETag other) => !IsWeak && !other.IsWeak && Value == other.Value;

    /// <summary>Whether both are equal, weak or not: the same meaning (RFC 9110 8.8.3.2).</summary>
    public bool WeakEquals(ETag other) => Value == other.Value;

    /// <summary>The value of the field, <c>"abc"</c> or <c>W/"abc"</c>.</summary>
    public override string ToString() => IsWeak ? $"W/\"{Value}\"" : $"\"{Value}\"";

    /// <summary>Whether a tag of a client's list is this one.</summary>
    internal bool Matches(in SentTag sent, bool isStrong) =>
        (!isStrong || (!IsWeak && !sent.IsWeak)) && Ascii.Equals(sent.Value, Value);
}

/// <summary>An entity tag in a field of a request.</summary>
internal readonly ref struct SentTag(ReadOnlySpan<byte> value, bool isWeak)
{
    public ReadOnlySpan<byte> Value { get; } = value;

    public bool IsWeak { get; } = isWeak;
}
