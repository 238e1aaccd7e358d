using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content.Cookies;

/// <summary>
/// A protected cookie is accepted as it was made, under its name, before its end, by a key of the
/// ring; everything else is nothing.
/// </summary>
public class ProtectedCookieTests
{
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_end = s_now.AddHours(1);
    private static readonly string s_oldKey = CookieKeyRing.NewKey();
    private static readonly string s_newKey = CookieKeyRing.NewKey();
    private static readonly CookieKeyRing s_keys = new(s_oldKey);

    private delegate string Make(CookieKey key, string name, string value, DateTimeOffset end);

    private delegate string? Read(
        CookieKeyRing keys, string name, string cookie, DateTimeOffset now);

    private static (Make, Read) Kind(bool isEncrypted) => isEncrypted
        ? (ProtectedCookie.Encrypt, ProtectedCookie.Decrypt)
        : (ProtectedCookie.Sign, ProtectedCookie.Verify);

    [Test]
    public void What_was_protected_is_read_back([Values] bool isEncrypted)
    {
        (Make make, Read read) = Kind(isEncrypted);
        Prop.ForAll((UnicodeString any) =>
        {
            string text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(any.Get ?? ""));
            string cookie = make(s_keys.Current, "session", text, s_end);
            return read(s_keys, "session", cookie, s_now) == text;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_signed_value_can_be_read_by_the_client_and_an_encrypted_one_cannot()
    {
        byte[] secret = "the secret text"u8.ToArray();
        string text = Encoding.UTF8.GetString(secret);
        byte[] signed = Base64Url.DecodeFromChars(
            ProtectedCookie.Sign(s_keys.Current, "a", text, s_end));
        byte[] encrypted = Base64Url.DecodeFromChars(
            ProtectedCookie.Encrypt(s_keys.Current, "a", text, s_end));
        Assert.That(signed.AsSpan().IndexOf(secret), Is.Positive);
        Assert.That(encrypted.AsSpan().IndexOf(secret), Is.Negative);
    }

    [Test]
    public void Two_encryptions_of_one_value_differ() => Assert.That(
        ProtectedCookie.Encrypt(s_keys.Current, "a", "v", s_end),
        Is.Not.EqualTo(ProtectedCookie.Encrypt(s_keys.Current, "a", "v", s_end)));

    [Test]
    public void A_cookie_is_worth_nothing_under_another_name(
        [Values] bool isEncrypted, [Values("sessio", "Session", "session2", "")] string other)
    {
        (Make make, Read read) = Kind(isEncrypted);
        string cookie = make(s_keys.Current, "session", "admin", s_end);
        Assert.That(read(s_keys, other, cookie, s_now), Is.Null);
    }

    [Test]
    public void A_byte_cannot_move_between_name_and_value()
    {
        string cookie = ProtectedCookie.Sign(s_keys.Current, "a", "bc", s_end);
        byte[] message = Base64Url.DecodeFromChars(cookie);
        string moved = Base64Url.EncodeToString(
            [.. message.AsSpan(0, message.Length - 2), (byte)'c']);
        Assert.That(ProtectedCookie.Verify(s_keys, "ab", moved, s_now), Is.Null);
    }

    [Test]
    public void A_cookie_ends_exactly_at_its_end([Values] bool isEncrypted)
    {
        (Make make, Read read) = Kind(isEncrypted);
        string cookie = make(s_keys.Current, "a", "v", s_end);
        Assert.That(read(s_keys, "a", cookie, s_end.AddSeconds(-1)), Is.EqualTo("v"));
        Assert.That(read(s_keys, "a", cookie, s_end), Is.Null);
    }

    [Test]
    public void A_cookie_with_any_bit_changed_is_nothing([Values] bool isEncrypted)
    {
        (Make make, Read read) = Kind(isEncrypted);
        byte[] message = Base64Url.DecodeFromChars(make(s_keys.Current, "a", "value", s_end));
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            string changed = Base64Url.EncodeToString(message);
            Assert.That(read(s_keys, "a", changed, s_now), Is.Null, $"bit {bit}");
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public void A_cookie_cut_anywhere_or_lengthened_is_nothing([Values] bool isEncrypted)
    {
        (Make make, Read read) = Kind(isEncrypted);
        string cookie = make(s_keys.Current, "a", "value", s_end);
        for (int length = 0; length < cookie.Length; length++)
        {
            Assert.That(read(s_keys, "a", cookie[..length], s_now), Is.Null, $"{length}");
        }

        Assert.That(read(s_keys, "a", cookie + "AAAA", s_now), Is.Null);
        Assert.That(read(s_keys, "a", cookie + "=", s_now), Is.Null);
        Assert.That(read(s_keys, "a", " " + cookie, s_now), Is.Null);
    }

    [Test]
    public void One_value_has_one_spelling_only()
    {
        string cookie = ProtectedCookie.Sign(s_keys.Current, "a", "1", s_end);
        // 46 bytes are no multiple of 3: the last character has bits that a decoder may ignore.
        Assert.That(Base64Url.DecodeFromChars(cookie), Has.Length.EqualTo(13 + 32 + 1));
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        foreach (char last in Alphabet.Where(last => last != cookie[^1]))
        {
            string other = cookie[..^1] + last;
            Assert.That(ProtectedCookie.Verify(s_keys, "a", other, s_now), Is.Null, other);
        }
    }

    [Test]
    public void A_signed_cookie_is_not_read_as_an_encrypted_one_nor_the_reverse()
    {
        string signed = ProtectedCookie.Sign(s_keys.Current, "a", "v", s_end);
        string encrypted = ProtectedCookie.Encrypt(s_keys.Current, "a", "v", s_end);
        Assert.That(ProtectedCookie.Decrypt(s_keys, "a", signed, s_now), Is.Null);
        Assert.That(ProtectedCookie.Verify(s_keys, "a", encrypted, s_now), Is.Null);
    }

    [Test]
    public void A_new_key_in_front_makes_cookies_and_old_cookies_stay_valid_until_it_is_removed(
        [Values] bool isEncrypted)
    {
        (Make make, Read read) = Kind(isEncrypted);
        var both = new CookieKeyRing(s_newKey, s_oldKey);
        var after = new CookieKeyRing(s_newKey);
        string old = make(s_keys.Current, "a", "old", s_end);
        string recent = make(both.Current, "a", "new", s_end);
        Assert.That(read(both, "a", old, s_now), Is.EqualTo("old"));
        Assert.That(read(after, "a", recent, s_now), Is.EqualTo("new"));
        Assert.That(read(after, "a", old, s_now), Is.Null);
        Assert.That(read(s_keys, "a", recent, s_now), Is.Null);
    }

    [Test]
    public void The_signature_is_an_HMAC_over_header_name_and_text_by_a_derived_key()
    {
        byte[] secret = Base64Url.DecodeFromChars(s_oldKey);
        byte[] key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret, 32, info: "reactor cookie signing"u8.ToArray());
        byte[] id = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, secret, 4, info: "reactor cookie key id"u8.ToArray());
        byte[] expiry = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(expiry, s_end.ToUnixTimeSeconds());
        id.AsSpan().Reverse(); // the id is stored big-endian
        byte[] header = [1, .. id, .. expiry];
        byte[] message = [.. header, .. "name"u8, 0, .. "text"u8];
        byte[] mac = HMACSHA256.HashData(key, message);
        string expected = Base64Url.EncodeToString([.. header, .. mac, .. "text"u8]);
        Assert.That(
            ProtectedCookie.Sign(s_keys.Current, "name", "text", s_end), Is.EqualTo(expected));
    }

    [Test]
    public void A_cookie_has_at_most_the_4096_bytes_that_browsers_keep()
    {
        // 13 bytes of header and 32 of signature, in base64url of 4 characters for 3 bytes.
        int most = ((4096 - "name".Length) / 4 * 3) - 13 - 32;
        string cookie = ProtectedCookie.Sign(
            s_keys.Current, "name", new string('x', most), s_end);
        Assert.That(cookie, Has.Length.EqualTo(4092));
        Assert.That(
            () => ProtectedCookie.Sign(
                s_keys.Current, "name", new string('x', most + 1), s_end),
            Throws.ArgumentException.With.Message.Contains("4096"));
    }

    [Test]
    public void A_ring_refuses_bad_keys_without_showing_them()
    {
        Assert.That(() => new CookieKeyRing(), Throws.ArgumentException);
        Assert.That(() => new CookieKeyRing(s_oldKey, s_oldKey), Throws.ArgumentException);
        string[] many = [.. Enumerable.Range(0, 9).Select(_ => CookieKeyRing.NewKey())];
        Assert.That(() => new CookieKeyRing(many), Throws.ArgumentException);
        Assert.That(() => new CookieKeyRing(many[..8]), Throws.Nothing);
        foreach (string bad in new[] { "", "hunter2", s_oldKey[..^1], s_oldKey + "AA", "!" })
        {
            Assert.That(
                () => new CookieKeyRing(bad),
                Throws.ArgumentException.With.Message.Contains("NewKey")
                    .And.Message.Not.Contains("hunter2"));
        }
    }

    [Test]
    public void A_browser_that_sends_the_cookie_back_is_recognised_until_the_end_of_its_age()
    {
        var options = new CookieOptions { MaxAge = TimeSpan.FromMinutes(10) };
        using var server = new ServerFixture(app =>
        {
            app.Get("/login", request =>
            {
                var response = Response.Text("in");
                response.SetEncryptedCookie(request, s_keys, "user", "Anna Ärger", options);
                response.SetSignedCookie(request, s_keys, "theme", "dark", options);
                return response;
            });
            app.Get("/me", request => Response.Text(
                $"{request.GetEncryptedCookie(s_keys, "user")}"
                + $"|{request.GetSignedCookie(s_keys, "theme")}"
                + $"|{request.GetSignedCookie(s_keys, "user")}"));
        }, ServerFixture.Patient);
        string cookies = string.Join("; ", server.Ask(ServerFixture.Get("/login"))
            .All("Set-Cookie").Select(value => value[..value.IndexOf(';')]));
        string request = $"GET /me HTTP/1.1\r\nHost: test\r\nCookie: {cookies}\r\n\r\n";
        Assert.That(server.Ask(request).Text, Is.EqualTo("Anna Ärger|dark|"));
        server.RunFor(601);
        Assert.That(server.Ask(request).Text, Is.EqualTo("||"));
    }
}
