using System.Text;
using Reactor.Http.Tests.Content.Forms;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>A client's forms, as our own parser and aiohttp read them.</summary>
public sealed class ClientMultipartTests
{
    private const string Aiohttp = """
        import asyncio, sys
        from unittest import mock
        from aiohttp import StreamReader
        from aiohttp.test_utils import make_mocked_request
        async def main():
            body = open(sys.argv[1], 'rb').read()
            payload = StreamReader(mock.Mock(), 2 ** 16, loop=asyncio.get_running_loop())
            payload.feed_data(body)
            payload.feed_eof()
            headers = {'Content-Type': sys.argv[2], 'Content-Length': str(len(body))}
            request = make_mocked_request('POST', '/', headers, payload=payload)
            for name, value in (await request.post()).items():
                if isinstance(value, str):
                    print(f'{name!r}={value!r}')
                else:
                    data = value.file.read()
                    print(f'{name!r}: {value.filename!r} {value.content_type} {data!r}')
        asyncio.run(main())
        """;

    [Test]
    public void A_form_is_read_by_our_own_parser()
    {
        using var folder = new SpoolFolder();
        ClientMultipart form = Make();
        string body = Encoding.Latin1.GetString(WrittenContent.Of(form));
        Assert.That(form.Length, Is.EqualTo(body.Length));
        List<string> told = [];
        FormRequests.Serve(FormRequests.Post(form.ContentType, body), async request =>
        {
            FormValues read = await request.FormAsync(folder.Options);
            told.AddRange(read.Select(field => $"{field.Key}={field.Value}"));
            foreach (FormFile file in read.Files)
            {
                byte[] content = File.ReadAllBytes(file.Path);
                told.Add($"{file.Name}: {file.FileName} {file.ContentType} "
                    + Convert.ToHexString(content));
            }

            return Response.Text("");
        });
        Assert.That(told, Is.EqualTo(new[]
        {
            "plain=a value\r\nof \"two\" lines", "naïve=€", "a \"quoted\"\r\nname=x", "empty=",
            "file: 中 \"x\".bin application/x-test 000D0A2D2DFF",
            "other: a;b=c\\d.txt text/plain; charset=utf-8 C3A4",
        }));
    }

    [Test]
    [Category("External")]
    public void A_form_is_read_by_aiohttp()
    {
        string python = ExternalTool.RequireModule("aiohttp", "python3-aiohttp");
        ClientMultipart form = Make();
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, WrittenContent.Of(form));
            ChildOutcome outcome = ChildProcess.Run(
                python, "-c", Aiohttp, path, form.ContentType);
            Assert.That((outcome.ExitCode, outcome.Errors), Is.EqualTo((0, "")));
            // aiohttp leaves the escapes of browsers as they are, and reads a backslash as the
            // quoted-pair of RFC 9110 5.6.4.
            Assert.That(outcome.Output, Is.EqualTo(
                "'plain'='a value\\r\\nof \"two\" lines'\n'naïve'='€'\n"
                + "'a %22quoted%22%0D%0Aname'='x'\n'empty'=''\n"
                + "'file': '中 %22x%22.bin' application/x-test b'\\x00\\r\\n--\\xff'\n"
                + "'other': 'a;b=cd.txt' text/plain; charset=utf-8 b'\\xc3\\xa4'\n"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // WHATWG HTML, multipart/form-data encoding algorithm: the line ends of a name are normalized,
    // those of a file's name are not.
    [TestCase("a\nb", "a%0D%0Ab", "a%0Ab")]
    [TestCase("a\rb", "a%0D%0Ab", "a%0Db")]
    [TestCase("a\r\nb", "a%0D%0Ab", "a%0D%0Ab")]
    [TestCase("a\n\rb", "a%0D%0A%0D%0Ab", "a%0A%0Db")]
    [TestCase("\"\\%22", "%22\\%22", "%22\\%22")]
    [TestCase("ü\u2028", "ü\u2028", "ü\u2028")]
    public void Names_are_escaped_as_by_browsers(string name, string field, string fileName)
    {
        var form = new ClientMultipart();
        form.AddFile(name, name, ClientContent.Text(""));
        Assert.That(
            Encoding.UTF8.GetString(WrittenContent.Of(form)),
            Does.Contain($"\r\nContent-Disposition: form-data; name=\"{field}\"; "
                + $"filename=\"{fileName}\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"));
    }

    [Test]
    public void A_form_is_laid_out_as_RFC_7578_says()
    {
        var form = new ClientMultipart();
        form.Add("a", "b");
        string boundary = form.ContentType["multipart/form-data; boundary=".Length..];
        Assert.That(
            Encoding.UTF8.GetString(WrittenContent.Of(form)),
            Is.EqualTo($"--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n"
                + $"--{boundary}--\r\n"));
        Assert.That(new ClientMultipart().ContentType, Is.Not.EqualTo(form.ContentType));
    }

    [Test]
    public void A_form_can_be_resent_and_has_a_length_if_all_its_contents_do()
    {
        var form = new ClientMultipart();
        form.Add("a", "b");
        Assert.That((form.CanResend, form.Length is not null), Is.EqualTo((true, true)));
        form.AddFile("c", "d", ClientContent.Generated(body => body.WriteAsync(new byte[1])));
        Assert.That((form.CanResend, form.Length is not null), Is.EqualTo((false, false)));
    }

    [Test]
    public void A_type_of_a_content_cannot_add_fields()
    {
        var form = new ClientMultipart();
        Assert.That(
            () => form.AddFile("a", "b", new InjectingContent()), Throws.ArgumentException);
    }

    private static ClientMultipart Make()
    {
        var form = new ClientMultipart();
        form.Add("plain", "a value\r\nof \"two\" lines");
        form.Add("naïve", "€");
        form.Add("a \"quoted\"\nname", "x");
        form.Add("empty", "");
        form.AddFile(
            "file", "中 \"x\".bin",
            ClientContent.Bytes(new byte[] { 0, 13, 10, 45, 45, 255 }, "application/x-test"));
        form.AddFile("other", "a;b=c\\d.txt", ClientContent.Text("ä"));
        return form;
    }

    private sealed class InjectingContent : ClientContent
    {
        public override string ContentType => "a/b\r\nX: y";

        protected internal override Coroutine WriteAsync(ClientBodyWriter body) =>
            body.WriteAsync(default);
    }
}
