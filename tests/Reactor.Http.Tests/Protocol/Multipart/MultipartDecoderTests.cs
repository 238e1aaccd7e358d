using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Protocol.Multipart;

/// <summary>
/// The parts of a multipart body (RFC 7578, RFC 2046 5.1.1), the same wherever its bytes are cut.
/// </summary>
public class MultipartDecoderTests
{
    private const string Field = "Content-Disposition: form-data; name=a\r\n";

    [TestCase("--b\r\n" + Field + "\r\none\r\n--b--\r\n", "a|-|-|one\nend")]
    [TestCase("--b\r\n" + Field + "\r\none\r\n--b--", "a|-|-|one\nend")]
    [TestCase("--b\r\n" + Field + "\r\n\r\n--b--\r\n", "a|-|-|\nend")]
    [TestCase("--b\r\n" + Field + "\r\n--b--\r\n", "a|-|-|\nend")]
    [TestCase("--b\r\n" + Field + "\r\n1\r\n--b\r\n" + Field + "\r\n2\r\n--b--\r\n",
        "a|-|-|1\na|-|-|2\nend")]
    [TestCase("--b\r\n" + Field + "Content-Type: text/x\r\nX-Y: z\r\n\r\none\r\n--b--",
        "a|-|text/x|one\nend")]
    public void A_body_has_the_parts_between_its_delimiters(string body, string told) =>
        Assert.That(MultipartTrace.Of(body), Is.EqualTo(told));

    [Test]
    public void An_empty_form_of_a_browser_has_no_part()
    {
        Assert.That(MultipartTrace.Of("--b--\r\n"), Is.EqualTo("end"));
        Assert.That(MultipartTrace.Of("--b--"), Is.EqualTo("end"));
    }

    [TestCase("\r\n--a", Description = "another boundary")]
    [TestCase("\r\n-")]
    [TestCase("\r\n--")]
    [TestCase("\r\n\r\n")]
    [TestCase("\r\r\n--\r\n-")]
    [TestCase("--b", Description = "not at the start of a line")]
    [TestCase("x--b--")]
    [TestCase("\n--b", Description = "a bare LF starts no line")]
    [TestCase("\r--b")]
    [TestCase("\0\xFF\x80")]
    public void Content_that_resembles_a_delimiter_is_content(string content)
    {
        content = $"x{content}";
        Assert.That(
            MultipartTrace.Of($"--b\r\n{Field}\r\n{content}\r\n--b--\r\n"),
            Is.EqualTo($"a|-|-|{content}\nend"));
    }

    [Test]
    public void A_delimiter_that_begins_again_within_itself_is_found()
    {
        foreach (string before in new[] { "\r", "\r\n", "\r\n-", "\r\n--", "\r\n--b" })
        {
            // The boundary is longer than what stands before the true delimiter.
            string body = $"--bb\r\n{Field}\r\nx{before}\r\n--bb--";
            Assert.That(
                MultipartTrace.Of(body, "bb"), Is.EqualTo($"a|-|-|x{before}\nend"), before);
        }
    }

    [TestCase("text\r\n", "")]
    [TestCase("text --b\r\n\r\n", "")]
    [TestCase("\r\n", "")]
    [TestCase("", "text")]
    [TestCase("", "\r\n--b\r\nmore")]
    public void Preamble_and_epilogue_are_ignored(string preamble, string epilogue) => Assert.That(
        MultipartTrace.Of($"{preamble}--b\r\n{Field}\r\none\r\n--b--\r\n{epilogue}"),
        Is.EqualTo("a|-|-|one\nend"));

    [Test]
    public void A_delimiter_line_may_be_padded_but_not_otherwise_continued()
    {
        Assert.That(
            MultipartTrace.Of($"--b \t\r\n{Field}\r\none\r\n--b-- \t \r\n"),
            Is.EqualTo("a|-|-|one\nend"));
        foreach (string after in new[] { "x", "-x", "- -", " --", "\n", "\rx", "-\r\n", "c" })
        {
            Assert.That(
                MultipartTrace.Of($"--b{after}\r\n{Field}\r\none\r\n--b--"),
                Is.EqualTo("DelimiterInvalid"), after);
        }

        foreach (string after in new[] { "x", "-", "\n", "\rx" })
        {
            Assert.That(
                MultipartTrace.Of($"--b\r\n{Field}\r\none\r\n--b--{after}"),
                Is.EqualTo("a|-|-|one\nDelimiterInvalid"), after);
        }
    }

    [Test]
    public void A_body_that_ends_before_its_close_delimiter_is_incomplete()
    {
        string body = $"--b\r\n{Field}\r\none\r\n--b--";
        for (int length = 0; length < body.Length; length++)
        {
            Assert.That(
                MultipartTrace.Of(body[..length]), Does.EndWith("Incomplete"), $"{length}");
        }

        Assert.That(MultipartTrace.Of(body + "\r"), Does.EndWith("Incomplete"), "half a line end");
    }

    [TestCase("", MultipartRejection.DispositionMissing)]
    [TestCase("Content-Type: text/plain\r\n", MultipartRejection.DispositionMissing)]
    [TestCase(Field + Field, MultipartRejection.HeaderRepeated)]
    [TestCase(Field + "Content-Type: a/b\r\ncontent-type: a/b\r\n",
        MultipartRejection.HeaderRepeated)]
    [TestCase(Field + "Content-Transfer-Encoding: 8bit\r\ncontent-transfer-encoding: 8bit\r\n",
        MultipartRejection.HeaderRepeated)]
    [TestCase(Field + " folded\r\n", MultipartRejection.HeaderInvalid)]
    [TestCase(" " + Field, MultipartRejection.HeaderInvalid)]
    [TestCase(Field + "X : y\r\n", MultipartRejection.HeaderInvalid)]
    [TestCase(Field + "X\r\n", MultipartRejection.HeaderInvalid)]
    [TestCase(Field + "X: a\0\r\n", MultipartRejection.HeaderInvalid)]
    [TestCase(Field + "X: a\n\r\n", MultipartRejection.HeaderInvalid)]
    [TestCase(Field + "Content-Type: text\r\n", MultipartRejection.TypeInvalid)]
    [TestCase(Field + "Content-Type: text/\r\n", MultipartRejection.TypeInvalid)]
    [TestCase(Field + "Content-Type: te xt/plain\r\n", MultipartRejection.TypeInvalid)]
    [TestCase(Field + "Content-Type: multipart/mixed; boundary=c\r\n", MultipartRejection.Nested)]
    [TestCase(Field + "Content-Type: MULTIPART/x\r\n", MultipartRejection.Nested)]
    [TestCase(Field + "Content-Transfer-Encoding: base64\r\n",
        MultipartRejection.TransferEncoding)]
    [TestCase(Field + "Content-Transfer-Encoding: quoted-printable\r\n",
        MultipartRejection.TransferEncoding)]
    [TestCase(Field + "Content-Transfer-Encoding: \r\n", MultipartRejection.TransferEncoding)]
    public void The_fields_of_a_part_are_checked_before_its_content(
        string fields, object reason) => Assert.That(
        MultipartTrace.Of($"--b\r\n{fields}\r\none\r\n--b--\r\n"), Is.EqualTo($"{reason}"));

    [TestCase("7bit")]
    [TestCase("8BIT")]
    [TestCase("binary")]
    public void A_transfer_encoding_that_changes_nothing_is_taken(string coding) => Assert.That(
        MultipartTrace.Of(
            $"--b\r\n{Field}Content-Transfer-Encoding: {coding}\r\n\r\none\r\n--b--"),
        Is.EqualTo("a|-|-|one\nend"));

    [Test]
    public void Every_rejection_has_a_sentence()
    {
        string[] sentences = [.. Enum.GetValues<MultipartRejection>()
            .Where(reason => reason != MultipartRejection.None)
            .Select(MultipartRejections.Sentence)];
        Assert.That(sentences, Is.Unique);
        Assert.That(
            sentences, Has.None.EqualTo(MultipartRejections.Sentence(MultipartRejection.None)));
    }
}
