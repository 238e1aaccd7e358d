using System.Text;

namespace Reactor.Http.Tests.Protocol.Multipart;

/// <summary>
/// The names in a part's Content-Disposition: as browsers write them (WHATWG HTML), as quoted
/// strings (RFC 9110 5.6.4) and extended (RFC 8187), and what is refused.
/// </summary>
public class PartFieldsTests
{
    [TestCase("form-data; name=a", "a|-")]
    [TestCase("Form-Data; NAME=a; FileName=f", "a|f")]
    [TestCase("form-data;name=\"a b\";filename=\"c;d.txt\"", "a b|c;d.txt")]
    [TestCase("form-data; name=\"\"; filename=\"\"", "|")]
    [TestCase("form-data; other=1; name=a; more=\"x\"", "a|-")]
    [TestCase("form-data; name=\"\u00FC\u20AC\"", "\u00FC\u20AC|-")]
    public void A_part_has_a_name_and_perhaps_a_file_name(string disposition, string names) =>
        Assert.That(Read(disposition), Is.EqualTo(names));

    [TestCase("a%22b", "a\"b")]
    [TestCase("a%0D%0Ab", "a\r\nb")]
    [TestCase("a%0d%0ab", "a\r\nb")]
    [TestCase("50%25 %41", "50%25 %41", Description = "browsers escape nothing else")]
    [TestCase("%2", "%2")]
    [TestCase("a\\\"b", "a\"b")]
    [TestCase("a\\\\b", "a\\b")]
    [TestCase("C:\\dir\\file", "C:\\dir\\file", Description = "of old browsers")]
    [TestCase("\\%22", "\\\"")]
    public void The_escapes_of_a_quoted_name_are_those_of_browsers_and_of_quoted_strings(
        string quoted, string name)
    {
        Assert.That(Read($"form-data; name=\"{quoted}\""), Is.EqualTo($"{name}|-"));
        Assert.That(Read($"form-data; name=a; filename=\"{quoted}\""), Is.EqualTo($"a|{name}"));
    }

    [TestCase("form-data; name=a; filename*=utf-8''%e2%82%ac%20x.txt", "a|\u20AC x.txt")]
    [TestCase("form-data; name=a; filename*=UTF-8'en'x; filename=y", "a|x")]
    [TestCase("form-data; name=a; filename=y; filename*=UTF-8''x", "a|x")]
    [TestCase("form-data; name*=utf-8''%C3%BC", "\u00FC|-")]
    public void An_extended_name_wins(string disposition, string names) =>
        Assert.That(Read(disposition), Is.EqualTo(names));

    [TestCase("attachment; name=a", "DispositionInvalid")]
    [TestCase("form-data name=a", "DispositionInvalid")]
    [TestCase("form-data; name=a; name=a", "DispositionInvalid")]
    [TestCase("form-data; name=a; filename=f; FILENAME=g", "DispositionInvalid")]
    [TestCase("form-data; name=\"a", "DispositionInvalid")]
    [TestCase("form-data; name=\"a\\\"", "DispositionInvalid")]
    [TestCase("form-data; name=\"a\"b", "DispositionInvalid")]
    [TestCase("form-data; name=a b", "DispositionInvalid")]
    [TestCase("form-data; name = a", "DispositionInvalid")]
    [TestCase("form-data; name=", "DispositionInvalid")]
    [TestCase("form-data; =a", "DispositionInvalid")]
    [TestCase("form-data", "NameMissing")]
    [TestCase("form-data; filename=f", "NameMissing")]
    [TestCase("form-data; name*=iso-8859-1''%FC", "NameInvalid")]
    [TestCase("form-data; name=a; filename*=utf-8''%FC", "NameInvalid")]
    [TestCase("form-data; name=a; filename*=utf-8''%0", "NameInvalid")]
    [TestCase("form-data; name=a; filename*=utf-8''%zz", "NameInvalid")]
    [TestCase("form-data; name=a; filename*=utf-8''a%00", "NameInvalid")]
    [TestCase("form-data; name=a; filename*=utf-8'x", "NameInvalid")]
    [TestCase("form-data; name=a; filename*=\"utf-8''x\"", "NameInvalid")]
    public void A_disposition_that_is_none_is_refused(string disposition, string reason) =>
        Assert.That(Read(disposition), Is.EqualTo(reason));

    [Test]
    public void A_name_that_is_no_utf8_is_refused() => Assert.That(
        MultipartTrace.Of(
            "--b\r\nContent-Disposition: form-data; name=\"\xFC\"\r\n\r\n1\r\n--b--"),
        Is.EqualTo("NameInvalid"));

    private static string Read(string disposition)
    {
        string octets = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(disposition));
        string told = MultipartTrace.Of(
            $"--b\r\nContent-Disposition: {octets}\r\n\r\n1\r\n--b--");
        return told.EndsWith("|-|1\nend", StringComparison.Ordinal)
            ? told[..^"|-|1\nend".Length]
            : told;
    }
}
