using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Forms.FormRequests;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>A multipart form read as a whole: fields in memory, files in temporary files.</summary>
public class MultipartFormTests
{
    private static readonly RouteOptions s_large = new() { BodyBytesMax = 8 << 20 };

    private SpoolFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new SpoolFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_form_posted_either_way_reads_the_same()
    {
        string multipart = Parts(
            Part("a", "1"), Part("\"b c\"", "x=y&z\r\n"), Part("a", "\xC3\xBC"), Part("\"\"", ""));
        Assert.That(
            Fields(Post(Multipart, multipart)),
            Is.EqualTo(Fields(Post(UrlEncoded, "a=1&b+c=x%3Dy%26z%0D%0A&a=%C3%BC&="))));
    }

    [Test]
    public void Files_are_apart_from_the_fields_and_gone_after_the_request()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            FormValues form = await request.FormAsync(_folder.Options);
            FormFile file = form.GetFile("f")!;
            Assert.That(form.Files, Has.Count.EqualTo(2));
            Assert.That(form.GetFile("a"), Is.Null);
            Assert.That((form.Count, form["a"], form["f"]), Is.EqualTo((1, "1", (string?)null)));
            Assert.That(File.ReadAllText(file.Path), Is.EqualTo("one"));
            Assert.That(form.Files[1].Length, Is.EqualTo(100_000));
            Assert.That(await request.FormAsync(), Is.SameAs(form));
            return Response.Text(file.FileName!);
        }));
        string body = Parts(
            Part("f; filename=\"x.txt\"", "one"), Part("a", "1"),
            Part("f; filename=\"y.txt\"", new string('y', 100_000)));
        Assert.That(server.Ask(Post(Multipart, body)).Text, Is.EqualTo("x.txt"));
        _folder.WaitUntilEmpty(server);
    }

    [Test]
    public void An_input_without_a_chosen_file_is_no_file()
    {
        string none = Part("f; filename=\"\"", "", "Content-Type: application/octet-stream\r\n");
        Assert.That(FilesOf(Post(Multipart, Parts(none, Part("a", "1")))), Is.Zero);
        Assert.That(
            FilesOf(Post(Multipart, Parts(Part("f; filename=\"\"", "blob")))), Is.EqualTo(1));
        Assert.That(FilesOf(Post(Multipart, Parts(Part("f; filename=x", "")))), Is.EqualTo(1));
    }

    [TestCase(100, 200)]
    [TestCase(101, 413)]
    public void The_fields_of_a_form_have_a_limit_together(int bytes, int status)
    {
        var options = new FormOptions { FieldBytesMax = 100 };
        string body = Parts(
            Part("a", new string('x', 40)), Part("b", new string('x', bytes - 40)));
        Assert.That(Status(Post(Multipart, body), options), Is.EqualTo(status));
    }

    [Test]
    public void Files_do_not_count_for_the_limit_of_the_fields()
    {
        FormOptions options = _folder.Options with { FieldBytesMax = 10 };
        string body = Parts(Part("f; filename=x", new string('x', 5000)), Part("a", "0123456789"));
        Assert.That(Status(Post(Multipart, body), options), Is.EqualTo(200));
    }

    [Test]
    public void A_form_with_a_file_is_refused_where_only_fields_are_taken()
    {
        FormOptions options = _folder.Options with { TakesFiles = false };
        Assert.That(
            Status(Post(Multipart, Parts(Part("f; filename=x", "1"))), options), Is.EqualTo(400));
        Assert.That(_folder.Files, Is.Empty);
        Assert.That(Status(Post(Multipart, Parts(Part("a", "1"))), options), Is.EqualTo(200));
    }

    [TestCase(0, 1, 16, 64)]
    [TestCase(65535, 65535, 100, 8192)]
    public void The_options_have_a_range(int keys, int parts, int headers, int headerBytes)
    {
        var options = new FormOptions
        {
            KeysMax = keys,
            PartsMax = parts,
            PartHeadersMax = headers,
            PartHeaderBytesMax = headerBytes,
        };
        Assert.That(Status(Post(Multipart, Parts(Part("a", "1"))), options), Is.EqualTo(200));
        Assert.That(
            () => new FormOptions { KeysMax = -1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new FormOptions { PartHeadersMax = 101 },
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static string Fields(string request)
    {
        string? fields = null;
        Serve(request, async one =>
        {
            fields = string.Join('|', (await one.FormAsync()).Select(f => $"{f.Key}={f.Value}"));
            return new Response();
        });
        return fields!;
    }

    private int FilesOf(string request) => int.Parse(Serve(request, async one =>
        Response.Text($"{(await one.FormAsync(_folder.Options)).Files.Count}")).Text);

    private static int Status(string request, FormOptions options) => Serve(request, async one =>
    {
        await one.FormAsync(options);
        return new Response();
    }, s_large).Status;
}
