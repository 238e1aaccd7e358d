using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Reactor.Http;

/// <summary>
/// Makes and reads the value of a signed or encrypted cookie. Both are bound to the cookie's name
/// and to a moment of expiry, so a value is of no use under another name or later.
/// </summary>
/// <remarks>
/// <para>
/// The value is base64url of: format (1 byte), key id (4), expiry (8, seconds of the Unix epoch),
/// then, signed: HMAC-SHA256 (32) and text; encrypted: nonce (12), tag (16) and the ciphertext of
/// AES-256-GCM. Format, key id, expiry and the cookie's name are authenticated in both. Integers
/// are big-endian.
/// </para>
/// <para>
/// Nonces are random: one key is good for 2^32 cookies (NIST SP 800-38D 8.3). Any thread.
/// </para>
/// </remarks>
internal static class ProtectedCookie
{
    private const byte SignedFormat = 1;
    private const byte EncryptedFormat = 2;

    private const int HeaderBytes = 1 + sizeof(uint) + sizeof(long);
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int MacBytes = 32;

    /// <summary>
    /// Browsers drop a cookie whose name and value have more bytes together (RFC 6265bis 5.6).
    /// </summary>
    private const int CookieBytesMax = 4096;

    public static string Sign(CookieKey key, string name, string value, DateTimeOffset expires)
    {
        byte[] message = Begin(SignedFormat, key, MacBytes, value, expires);
        Mac(key, name, message).CopyTo(message, HeaderBytes);
        return Finish(name, message);
    }

    public static string Encrypt(CookieKey key, string name, string value, DateTimeOffset expires)
    {
        byte[] message = Begin(EncryptedFormat, key, NonceBytes + TagBytes, value, expires);
        Span<byte> nonce = message.AsSpan(HeaderBytes, NonceBytes);
        Span<byte> tag = message.AsSpan(HeaderBytes + NonceBytes, TagBytes);
        Span<byte> text = message.AsSpan(HeaderBytes + NonceBytes + TagBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Encryption, TagBytes);
        aes.Encrypt(nonce, text, text, tag, Bound(name, message));
        return Finish(name, message);
    }

    /// <summary>The text of a signed cookie, or null unless it is genuine and valid now.</summary>
    public static string? Verify(
        CookieKeyRing keys, string name, string cookie, DateTimeOffset now)
    {
        if (Open(SignedFormat, MacBytes, keys, cookie, now) is not var (key, message))
        {
            return null;
        }

        bool isGenuine = CryptographicOperations.FixedTimeEquals(
            message.AsSpan(HeaderBytes, MacBytes), Mac(key, name, message));
        return isGenuine ? Encoding.UTF8.GetString(message.AsSpan(HeaderBytes + MacBytes)) : null;
    }

    /// <summary>The text of an encrypted cookie, or null as for a signed one.</summary>
    public static string? Decrypt(
        CookieKeyRing keys, string name, string cookie, DateTimeOffset now)
    {
        const int ProofBytes = NonceBytes + TagBytes;
        if (Open(EncryptedFormat, ProofBytes, keys, cookie, now) is not var (key, message))
        {
            return null;
        }

        Span<byte> text = message.AsSpan(HeaderBytes + ProofBytes);
        using var aes = new AesGcm(key.Encryption, TagBytes);
        try
        {
            aes.Decrypt(
                message.AsSpan(HeaderBytes, NonceBytes), text,
                message.AsSpan(HeaderBytes + NonceBytes, TagBytes), text, Bound(name, message));
            return Encoding.UTF8.GetString(text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Begin(
        byte format, CookieKey key, int proofBytes, string value, DateTimeOffset expires)
    {
        byte[] message = new byte[HeaderBytes + proofBytes + Encoding.UTF8.GetByteCount(value)];
        message[0] = format;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), key.Id);
        BinaryPrimitives.WriteInt64BigEndian(
            message.AsSpan(1 + sizeof(uint)), expires.ToUnixTimeSeconds());
        Encoding.UTF8.GetBytes(value, message.AsSpan(HeaderBytes + proofBytes));
        return message;
    }

    private static string Finish(string name, byte[] message)
    {
        string cookie = Base64Url.EncodeToString(message);
        return name.Length + cookie.Length <= CookieBytesMax ? cookie : throw new ArgumentException(
            $"The cookie '{name}' has {cookie.Length} bytes once it is protected; browsers drop a "
            + $"cookie of more than {CookieBytesMax}. Keep the data, and send its key.");
    }

    private static (CookieKey Key, byte[] Message)? Open(
        byte format, int proofBytes, CookieKeyRing keys, string cookie, DateTimeOffset now)
    {
        if (cookie.Length > CookieBytesMax
            || !Base64Url.IsValid(cookie, out int length) || length < HeaderBytes + proofBytes)
        {
            return null;
        }

        byte[] message = Base64Url.DecodeFromChars(cookie);

        // A text has one encoding only: another with the same bytes is not what was sent out.
        if (!Base64Url.EncodeToString(message).Equals(cookie, StringComparison.Ordinal)
            || message[0] != format
            || keys.Find(BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(1))) is not { } key)
        {
            return null;
        }

        long expires = BinaryPrimitives.ReadInt64BigEndian(message.AsSpan(1 + sizeof(uint)));
        return now.ToUnixTimeSeconds() < expires ? (key, message) : null;
    }

    private static byte[] Mac(CookieKey key, string name, byte[] message)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Signing);
        hash.AppendData(Bound(name, message));
        hash.AppendData(message, HeaderBytes + MacBytes, message.Length - HeaderBytes - MacBytes);
        return hash.GetHashAndReset();
    }

    // The header has a fixed length, so header and name cannot be divided differently. What follows
    // them in a signature is separated by a byte that no name has (RFC 9110 5.6.2).
    private static byte[] Bound(string name, byte[] message) =>
        [.. message.AsSpan(0, HeaderBytes), .. Encoding.UTF8.GetBytes(name), 0];
}
