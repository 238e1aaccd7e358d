using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Reactor.Http;

/// <summary>A way in which clients prove the identity of their user (RFC 9110 11).</summary>
/// <remarks>Immutable; any thread. Its function runs on the loop thread.</remarks>
/// <typeparam name="TUser">What stands for a user.</typeparam>
public abstract class AuthenticationScheme<TUser> where TUser : class
{
    private protected AuthenticationScheme(string realm)
    {
        ArgumentNullException.ThrowIfNull(realm);

        // Beyond ASCII nothing says how a client reads it (RFC 9110 5.5).
        if (realm.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException(
                "A realm is shown by browsers and must be printable ASCII.", nameof(realm));
        }

        string escaped = realm
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        Realm = $"realm=\"{escaped}\"";
    }

    /// <summary>The parameter of the challenge, quoted.</summary>
    private protected string Realm { get; }

    /// <summary>The name; clients may write it in any case.</summary>
    internal abstract string Name { get; }

    /// <summary>The value of WWW-Authenticate for a request without credentials.</summary>
    internal abstract string Challenge { get; }

    /// <summary>The value for credentials that are well-formed and wrong.</summary>
    internal virtual string ChallengeToInvalid => Challenge;

    /// <summary>The value for malformed credentials.</summary>
    internal virtual string ChallengeToMalformed => Challenge;

    /// <summary>The status for malformed credentials.</summary>
    internal virtual int MalformedStatus => 401;

    /// <summary>Begins to look for the user; null if the credentials are malformed.</summary>
    internal abstract Coroutine<TUser?>? Begin(Request request, ReadOnlySpan<byte> credentials);
}

/// <summary>Makes the schemes of <see cref="AuthenticationOptions{TUser}"/>.</summary>
public static class AuthenticationScheme
{
    /// <summary>
    /// User name and password (RFC 7617): the browser asks for them and sends them with every
    /// request, readable by anyone on the way: behind TLS only.
    /// </summary>
    /// <param name="realm">What the browser may show, in ASCII.</param>
    /// <param name="validate">
    /// Gets the request, the name and the password, which have no control character, the name no
    /// colon; returns the user, or null. Hash passwords slowly, in an executor.
    /// </param>
    /// <typeparam name="TUser">What stands for a user.</typeparam>
    /// <exception cref="ArgumentException">The realm is not printable ASCII.</exception>
    public static AuthenticationScheme<TUser> Basic<TUser>(
        string realm, Func<Request, string, string, Coroutine<TUser?>> validate)
        where TUser : class => new BasicScheme<TUser>(realm, validate);

    /// <summary>A token that the client was given (RFC 6750).</summary>
    /// <param name="realm">What the client may show, in ASCII.</param>
    /// <param name="validate">
    /// Gets the request and the token; returns the user, or null. Compare secrets by
    /// <see cref="Secrets.AreEqual"/>, or look for their hash.
    /// </param>
    /// <typeparam name="TUser">What stands for a user.</typeparam>
    /// <exception cref="ArgumentException">The realm is not printable ASCII.</exception>
    public static AuthenticationScheme<TUser> Bearer<TUser>(
        string realm, Func<Request, string, Coroutine<TUser?>> validate)
        where TUser : class => new BearerScheme<TUser>(realm, validate);
}

/// <summary>Basic, with UTF-8 only.</summary>
internal sealed class BasicScheme<TUser>(
    string realm, Func<Request, string, string, Coroutine<TUser?>> validate)
    : AuthenticationScheme<TUser>(realm) where TUser : class
{
    private readonly Func<Request, string, string, Coroutine<TUser?>> _validate =
        validate ?? throw new ArgumentNullException(nameof(validate));

    internal override string Name => "Basic";

    internal override string Challenge => $"Basic {Realm}, charset=\"UTF-8\"";

    internal override Coroutine<TUser?>? Begin(Request request, ReadOnlySpan<byte> credentials) =>
        BasicCredentials.TryDecode(credentials, out string? user, out string? password)
            ? _validate(request, user, password)
            : null;
}

/// <summary>Bearer, with a token68 in the header only.</summary>
internal sealed class BearerScheme<TUser>(
    string realm, Func<Request, string, Coroutine<TUser?>> validate)
    : AuthenticationScheme<TUser>(realm) where TUser : class
{
    private static readonly SearchValues<byte> s_token = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~+/"u8);

    private readonly Func<Request, string, Coroutine<TUser?>> _validate =
        validate ?? throw new ArgumentNullException(nameof(validate));

    internal override string Name => "Bearer";

    internal override string Challenge => $"Bearer {Realm}";

    internal override string ChallengeToInvalid => $"{Challenge}, error=\"invalid_token\"";

    // RFC 6750 3.1: a malformed request is 400.
    internal override string ChallengeToMalformed => $"{Challenge}, error=\"invalid_request\"";

    internal override int MalformedStatus => 400;

    internal override Coroutine<TUser?>? Begin(Request request, ReadOnlySpan<byte> credentials) =>
        IsToken68(credentials) ? _validate(request, Encoding.ASCII.GetString(credentials)) : null;

    // token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=", RFC 9110 11.2.
    private static bool IsToken68(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> token = text.TrimEnd((byte)'=');
        return !token.IsEmpty && !token.ContainsAnyExcept(s_token);
    }
}

/// <summary>Decodes the credentials of Basic (RFC 7617 2). Pure; any thread.</summary>
internal static class BasicCredentials
{
    /// <summary>
    /// False unless the text is the only base64 of valid UTF-8 with a colon and without controls.
    /// </summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> token,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? user,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? password)
    {
        user = password = null;
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(token.Length)];
        if (Base64.DecodeFromUtf8(token, bytes, out _, out int length) != OperationStatus.Done)
        {
            return false;
        }

        // The decoder forgives whitespace and unused bits; two texts for one secret help attacks.
        ReadOnlySpan<byte> pair = bytes.AsSpan(0, length);
        byte[] again = new byte[Base64.GetMaxEncodedToUtf8Length(length)];
        Base64.EncodeToUtf8(pair, again, out _, out int written);
        int colon = pair.IndexOf((byte)':');
        if (!again.AsSpan(0, written).SequenceEqual(token) || colon < 0 || !Utf8.IsValid(pair)
            || pair.ContainsAnyInRange((byte)0, (byte)0x1F) || pair.Contains((byte)0x7F))
        {
            return false;
        }

        user = Encoding.UTF8.GetString(pair[..colon]);
        password = Encoding.UTF8.GetString(pair[(colon + 1)..]);
        return true;
    }
}
