using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Protocol.Multipart;

/// <summary>Each limit of a multipart body, at exactly its value and one beyond.</summary>
public class MultipartLimitTests
{
    private const string Field = "Content-Disposition: form-data; name=a\r\n";

    [TestCase(1, MultipartRejection.None)]
    [TestCase(70, MultipartRejection.None)]
    [TestCase(71, MultipartRejection.BoundaryInvalid)]
    [TestCase(0, MultipartRejection.BoundaryInvalid)]
    public void A_boundary_has_1_to_70_bytes(int bytes, object expected)
    {
        string boundary = new('x', bytes);
        byte[]? read = MultipartBoundary.Read(
            Octets($"multipart/form-data; boundary=\"{boundary}\""), out MultipartRejection reason);
        Assert.That(reason, Is.EqualTo(expected));
        Assert.That(read?.Length, Is.EqualTo(reason == MultipartRejection.None ? bytes : null));
    }

    [TestCase("boundary=abc", "abc")]
    [TestCase("Boundary=\"a b'()+_,-./:=?c\"", "a b'()+_,-./:=?c")]
    [TestCase("charset=utf-8; boundary=abc", "abc")]
    [TestCase(";;boundary=abc;", "abc")]
    [TestCase("boundary=\"abc \"", null, Description = "a space must not be the last")]
    [TestCase("boundary=\"a\\bc\"", null)]
    [TestCase("boundary=a\\bc", null)]
    [TestCase("boundary=\"a@c\"", null)]
    [TestCase("boundary=\"a\u00E4c\"", null)]
    [TestCase("boundary=\"abc", null)]
    [TestCase("boundary=a b", null)]
    [TestCase("boundary = abc", null)]
    [TestCase("boundary=", null)]
    [TestCase("boundary", null)]
    [TestCase("boundary=a; boundary=a", null)]
    [TestCase("x=y", null)]
    public void A_boundary_is_one_parameter_of_its_own_characters(
        string parameters, string? boundary)
    {
        byte[]? read = MultipartBoundary.Read(
            Octets($"multipart/form-data; {parameters}"), out MultipartRejection reason);
        Assert.That(read, Is.EqualTo(boundary is null ? null : Octets(boundary)));
        Assert.That(reason == MultipartRejection.None, Is.EqualTo(boundary is not null));
    }

    [TestCase(128, "end")]
    [TestCase(129, "PartsTooMany")]
    public void A_body_has_at_most_128_parts(int parts, string outcome)
    {
        string part = $"--b\r\n{Field}\r\n1\r\n";
        byte[] body = Octets(string.Concat(Enumerable.Repeat(part, parts)) + "--b--");
        int[] bytes = [.. Enumerable.Range(1, body.Length)];
        Assert.That(MultipartTrace.Run(body, "b", null, [body.Length]), Does.EndWith(outcome));
        Assert.That(MultipartTrace.Run(body, "b", null, bytes), Does.EndWith(outcome));
    }

    [TestCase(16, "a|-|-|1\nend")]
    [TestCase(17, "HeadersTooMany")]
    public void A_part_has_at_most_16_header_fields(int fields, string outcome)
    {
        string more = string.Concat(Enumerable.Repeat("X: y\r\n", fields - 1));
        Assert.That(
            MultipartTrace.Of($"--b\r\n{Field}{more}\r\n1\r\n--b--"), Is.EqualTo(outcome));
    }

    [TestCase(4096, "a|-|-|1\nend")]
    [TestCase(4097, "HeaderTooLong")]
    public void A_header_field_has_at_most_4096_bytes(int bytes, string outcome)
    {
        string field = "X: ".PadRight(bytes, 'y') + "\r\n";
        Assert.That(
            MultipartTrace.Of($"--b\r\n{Field}{field}\r\n1\r\n--b--"), Is.EqualTo(outcome));
    }

    [Test]
    public void Sixteen_header_fields_of_4096_bytes_are_within_the_limits()
    {
        string disposition = Field.TrimEnd().PadRight(4096, ' ') + "\r\n";
        string fields = disposition
            + string.Concat(Enumerable.Repeat("X: ".PadRight(4096, 'y') + "\r\n", 15));
        byte[] body = Octets($"--b\r\n{fields}\r\n1\r\n--b--");
        Assert.That(
            MultipartTrace.Run(body, "b", null, [body.Length]), Is.EqualTo("a|-|-|1\nend"));
        Assert.That(
            MultipartTrace.Run(body, "b", null, [.. Enumerable.Range(1, body.Length)]),
            Is.EqualTo("a|-|-|1\nend"));
    }

    [TestCase(1024, "a|-|-|1\nend")]
    [TestCase(1025, "PreambleTooLong")]
    public void A_preamble_has_at_most_1024_bytes(int bytes, string outcome) => Assert.That(
        MultipartTrace.Of(new string('x', bytes) + $"\r\n--b\r\n{Field}\r\n1\r\n--b--"),
        Is.EqualTo(outcome));

    [TestCase(1024, "a|-|-|1\nend")]
    [TestCase(1025, "a|-|-|1\nEpilogueTooLong")]
    public void An_epilogue_has_at_most_1024_bytes(int bytes, string outcome) => Assert.That(
        MultipartTrace.Of($"--b\r\n{Field}\r\n1\r\n--b--\r\n" + new string('x', bytes)),
        Is.EqualTo(outcome));

    [TestCase(64, "a|-|-|1\nend")]
    [TestCase(65, "DelimiterInvalid")]
    public void A_delimiter_line_has_at_most_64_bytes_of_padding(int bytes, string outcome) =>
        Assert.That(
            MultipartTrace.Of($"--b{new string(' ', bytes)}\r\n{Field}\r\n1\r\n--b--"),
            Is.EqualTo(outcome));

    private static byte[] Octets(string text) => Reactor.Testing.Feed.Octets(text);
}
