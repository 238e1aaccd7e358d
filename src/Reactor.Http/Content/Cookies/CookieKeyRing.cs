using System.Buffers.Text;
using System.Security.Cryptography;

namespace Reactor.Http;

/// <summary>
/// The secret keys of signed and encrypted cookies. The first one makes cookies; all of them are
/// tried on cookies that come back, so a key is replaced without ending any session: put the new
/// key in front, and remove the old one when its last cookie has expired.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed class CookieKeyRing
{
    /// <summary>The length of a key in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>
    /// Keys at most, 8: more would mean that old ones are never removed, and every forged cookie
    /// costs one look at each.
    /// </summary>
    public const int KeysMax = 8;

    private readonly CookieKey[] _keys;

    /// <summary>A ring of keys.</summary>
    /// <param name="keys">
    /// 1 to <see cref="KeysMax"/> keys in base64url, each as <see cref="NewKey"/> makes it; the
    /// current one first. Keep them in a secret store or the environment, never in the sources.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are none or too many, one is malformed, or two are the same.
    /// </exception>
    public CookieKeyRing(params IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count is 0 or > KeysMax)
        {
            throw new ArgumentException(
                $"A ring has 1 to {KeysMax} keys, not {keys.Count}.", nameof(keys));
        }

        _keys = [.. keys.Select(Parse)];
        if (_keys.Select(key => key.Id).Distinct().Count() < _keys.Length)
        {
            throw new ArgumentException("Two keys of the ring are the same.", nameof(keys));
        }
    }

    internal CookieKey Current => _keys[0];

    /// <summary>Makes a new random key in base64url.</summary>
    public static string NewKey() =>
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    internal CookieKey? Find(uint id) => Array.Find(_keys, key => key.Id == id);

    // The message contains no part of the key: it may be logged.
    private static CookieKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> secret = stackalloc byte[KeyBytes + 1];
        return Base64Url.IsValid(text, out int length) && length == KeyBytes
            && Base64Url.TryDecodeFromChars(text, secret, out _)
                ? new CookieKey(secret[..KeyBytes])
                : throw new ArgumentException(
                    $"A key is {KeyBytes} bytes in base64url: make one with "
                    + "CookieKeyRing.NewKey().");
    }
}

/// <summary>
/// One secret, from which a key for each purpose is derived (RFC 5869): the same bytes never sign
/// and encrypt.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
internal sealed class CookieKey
{
    public CookieKey(ReadOnlySpan<byte> secret)
    {
        Signing = Derive(secret, CookieKeyRing.KeyBytes, "reactor cookie signing"u8);
        Encryption = Derive(secret, CookieKeyRing.KeyBytes, "reactor cookie encryption"u8);
        Id = BitConverter.ToUInt32(Derive(secret, sizeof(uint), "reactor cookie key id"u8));
    }

    /// <summary>Names the key in a cookie; says nothing about its bytes.</summary>
    public uint Id { get; }

    public byte[] Signing { get; }

    public byte[] Encryption { get; }

    private static byte[] Derive(ReadOnlySpan<byte> secret, int length, ReadOnlySpan<byte> purpose)
    {
        byte[] key = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: default, purpose);
        return key;
    }
}
