using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Reactor.Http;

/// <summary>Compares secrets, such as tokens and API keys.</summary>
/// <remarks>
/// Any thread. Passwords are not compared but hashed, slowly and with a salt: by
/// <see cref="Rfc2898DeriveBytes"/>, in an executor, because it blocks.
/// </remarks>
public static class Secrets
{
    /// <summary>
    /// True if two texts are equal. The time says nothing about where they differ, nor about the
    /// length of the expected one.
    /// </summary>
    /// <param name="given">What the client sent; null is equal to nothing.</param>
    /// <param name="expected">The secret; null is equal to nothing.</param>
    public static bool AreEqual(string? given, string? expected)
    {
        Span<byte> one = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> other = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(given.AsSpan()), one);
        SHA256.HashData(MemoryMarshal.AsBytes(expected.AsSpan()), other);
        return CryptographicOperations.FixedTimeEquals(one, other)
            && given is not null && expected is not null;
    }
}
