using Reactor.Http.Tests.Server;
using Reactor.Testing;
using static Reactor.Http.Tests.Content.Forms.FormRequests;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>
/// Files of a form: what is written, with which mode, and that nothing is left, whatever ends the
/// request.
/// </summary>
[Platform("Linux")]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public class SpoolTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly RouteOptions s_large = new() { BodyBytesMax = 4 << 20 };

    private SpoolFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new SpoolFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(65536)]
    [TestCase(65537)]
    [TestCase(300_000)]
    public void A_part_is_written_to_a_file_that_only_its_user_may_read(int bytes)
    {
        string content = Random(bytes);
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await foreach (MultipartPart part in request.ReadMultipart(_folder.Options))
            {
                FormFile file = await part.SpoolAsync();
                Assert.That(File.GetUnixFileMode(file.Path), Is.EqualTo(OwnerOnly));
                Assert.That(Path.GetDirectoryName(file.Path), Is.EqualTo(_folder.FullName));
                Assert.That(file.Length, Is.EqualTo(bytes));
                Assert.That(
                    (file.Name, file.FileName, file.SafeFileName, file.ContentType),
                    Is.EqualTo(("a", "../f.txt", "f.txt", "text/x")));
                using FileStream stream = await file.OpenReadAsync();
                byte[] read = new byte[bytes];
                stream.ReadExactly(read);
                Assert.That(read.SequenceEqual(Feed.Octets(content)));
            }

            return new Response();
        }, s_large));
        string body = Parts(
            Part("a; filename=\"../f.txt\"", content, "Content-Type: text/x\r\n"));
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Post(Multipart, body)).Status, Is.EqualTo(200));
        Assert.That(peer.Ask(PostChunked(Multipart, body, 4096)).Status, Is.EqualTo(200));
        _folder.WaitUntilEmpty(server);
    }

    [Test]
    public void The_file_is_gone_when_the_handler_has_failed()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await Spool(request);
            Assert.That(_folder.Files, Has.Length.EqualTo(2));
            throw new HttpException(409);
        }));
        Assert.That(server.Ask(TwoFiles()).Status, Is.EqualTo(409));
        _folder.WaitUntilEmpty(server);
    }

    [Test]
    public void The_file_is_gone_when_a_later_part_is_malformed()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await Spool(request);
            return new Response();
        }));
        string body = Parts(Part("a; filename=f", "x"), Part("b", "y", "X : y\r\n"));
        Assert.That(server.Ask(Post(Multipart, body)).Status, Is.EqualTo(400));
        _folder.WaitUntilEmpty(server);
    }

    [Test]
    public void The_file_is_gone_when_the_client_goes_within_it_at_any_byte()
    {
        var options = new HttpServerOptions { CancelHandlerOnDisconnect = true };
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await Spool(request);
            return new Response();
        }), options);
        string request = TwoFiles();
        for (int length = 1; length < request.Length; length += 7)
        {
            HttpPeer peer = server.Connect();
            peer.Send(request[..length]);
            server.Settle();
            peer.Reset();
            server.Settle();
            _folder.WaitUntilEmpty(server);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_file_is_gone_when_the_handler_is_cancelled_while_it_is_written(bool isStarted)
    {
        // An executor whose thread does not come to the write before the cancellation.
        var executor = new HeldExecutor();
        var options = new HttpServerOptions
        {
            Times = new() { HandlerTimeout = TimeSpan.FromSeconds(1) },
        };
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await Spool(request, _folder.Options with { Executor = executor });
            return new Response();
        }), options, new() { WorkElsewhereMax = TimeSpan.FromMilliseconds(1) });
        HttpPeer peer = server.Connect();
        peer.Send(TwoFiles());
        server.Run(async () =>
        {
            while (executor.Count == 0)
            {
                await EventLoop.Yield();
            }
        });
        if (isStarted)
        {
            executor.RunAll();
            server.Settle();
        }

        server.Run(async () => await EventLoop.Delay(TimeSpan.FromSeconds(2)));
        executor.RunAll();
        server.Settle();
        executor.RunAll();
        Assert.That(peer.TakeOne().Status, Is.EqualTo(503));
        Assert.That(_folder.Files, Is.Empty);
    }

    [Test]
    public void The_file_is_gone_when_it_is_disposed_of_and_then_cannot_be_used()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            FormFile file = (await Spool(request))[0];
            file.Dispose();
            file.Dispose();
            Exception? error = null;
            try
            {
                await file.OpenReadAsync();
            }
            catch (Exception caught) when (caught is InvalidOperationException or IOException)
            {
                error = caught;
            }

            Assert.That(error, Is.Not.Null);
            return new Response();
        }));
        Assert.That(
            server.Ask(Post(Multipart, Parts(Part("a; filename=f", "x")))).Status,
            Is.EqualTo(200));
        _folder.WaitUntilEmpty(server);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void All_files_are_gone_when_the_executor_has_ended_in_its_own_way(bool drops)
    {
        var executor = new EndingExecutor(drops);
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await Spool(request, _folder.Options with { Executor = executor });
            executor.IsEnding = true;
            return new Response();
        }), mayReport: true);
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(TwoFiles()).Status, Is.EqualTo(200));
        _folder.WaitUntilEmpty(server);
        Assert.That(
            server.Errors.Select(error => error.Exception?.Message),
            Is.EqualTo(drops ? [] : new[] { "broken", "broken" }));
        Assert.That(peer.IsEnded, Is.False, "the connection goes on");
    }

    [Test]
    public void There_are_no_files_of_a_request_that_has_ended()
    {
        Request? ended = null;
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            RequestFiles.Of(request);
            ended = request;
            return new Response();
        }));
        Assert.That(server.Ask(ServerFixture.Get("/")).Status, Is.EqualTo(200));
        Assert.That(() => RequestFiles.Of(ended!), Throws.InvalidOperationException);
    }

    [Test]
    public void A_file_that_was_moved_stays()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            foreach (FormFile file in await Spool(request))
            {
                await file.MoveToAsync(_folder.At($"final-{file.Name}"));
                file.Dispose();
            }

            return new Response();
        }));
        Assert.That(server.Ask(TwoFiles()).Status, Is.EqualTo(200));
        server.Settle();
        Assert.That(_folder.Files, Has.Length.EqualTo(2));
        Assert.That(File.ReadAllText(_folder.At("final-a")), Is.EqualTo("first"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_part_is_saved_under_a_name_and_replaces_a_file_only_if_told(bool overwrite)
    {
        File.WriteAllText(_folder.At("final"), "before");
        long? length = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            try
            {
                await foreach (MultipartPart part in request.ReadMultipart())
                {
                    length = await part.SaveToAsync(_folder.At("final"), overwrite);
                }
            }
            catch (IOException)
            {
                throw new HttpException(409);
            }

            return new Response();
        }));
        int status = server.Ask(Post(Multipart, Parts(Part("a; filename=f", "new")))).Status;
        server.RunUntil(() => _folder.Files.Length == 1);
        Assert.That((status, length), Is.EqualTo(overwrite ? (200, 3L) : (409, (long?)null)));
        Assert.That(
            File.ReadAllText(_folder.At("final")), Is.EqualTo(overwrite ? "new" : "before"));
    }

    [Test]
    public void An_existing_file_or_link_is_never_opened()
    {
        // The names follow from the seed of the driver: take the first of them.
        var network = new Simulation.InMemoryOptions { Seed = 7 };
        string? first = null;
        for (int i = 0; i < 2; i++)
        {
            using var server = new ServerFixture(app => app.Post("/", async request =>
            {
                string path = (await Spool(request))[0].Path;
                Assert.That(path, first is null ? Is.Not.Null : Is.Not.EqualTo(first));
                first ??= path;
                return new Response();
            }), network: network);
            string body = Parts(Part("a; filename=f", "secret"));
            Assert.That(server.Ask(Post(Multipart, body)).Status, Is.EqualTo(200));
            server.RunUntil(() => !_folder.Files.Except([_folder.At("victim")]).Any(
                file => new FileInfo(file).LinkTarget is null));
            if (i == 0)
            {
                File.WriteAllText(_folder.At("victim"), "");
                File.CreateSymbolicLink(first!, _folder.At("victim"));
            }
        }

        Assert.That(File.ReadAllText(_folder.At("victim")), Is.Empty);
    }

    [Test]
    public void A_folder_that_is_not_there_is_an_error_of_the_server()
    {
        var options = new FormOptions { Directory = _folder.At("none") };
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            await Spool(request, options);
            return new Response();
        }));
        Assert.That(server.Ask(TwoFiles()).Status, Is.EqualTo(500));
        server.Logged();
        Assert.That(server.Log.Exceptions, Is.Not.Empty);
    }

    [TestCase("f.txt", "f.txt")]
    [TestCase("/etc/passwd", "passwd")]
    [TestCase("..\\..\\a b.txt", "a b.txt")]
    [TestCase("C:\\x\\y.png", "y.png")]
    [TestCase("\u4E2D\u6587.txt", "\u4E2D\u6587.txt")]
    [TestCase(null, null)]
    [TestCase("", null)]
    [TestCase("..", null)]
    [TestCase("a/..", null)]
    [TestCase("a/", null)]
    [TestCase(".htaccess", null)]
    [TestCase("a.", null)]
    [TestCase("a ", null)]
    [TestCase("a\nb", null)]
    [TestCase("a:b", null)]
    [TestCase("a\"b", null)]
    [TestCase("a?", null)]
    [TestCase("nul", null)]
    [TestCase("CON.txt", null)]
    [TestCase("Com1 .txt", null)]
    [TestCase("LPT\u00B9", null)]
    [TestCase("console.txt", "console.txt")]
    public void A_safe_file_name_can_be_a_file_in_any_folder(string? fileName, string? safe) =>
        Assert.That(SafeName.Of(fileName), Is.EqualTo(safe));

    [TestCase(255, true)]
    [TestCase(256, false)]
    public void A_safe_file_name_has_at_most_255_bytes(int bytes, bool isSafe) => Assert.That(
        SafeName.Of("\u00FC".PadRight(bytes - 1, 'x')) is not null, Is.EqualTo(isSafe));

    private static string TwoFiles() => Post(
        Multipart, Parts(Part("a; filename=f", "first"), Part("b; filename=g", "second")));

    private static string Random(int bytes)
    {
        byte[] content = new byte[bytes];
        TestSeed.NewRandom().NextBytes(content);
        return System.Text.Encoding.Latin1.GetString(content);
    }

    private async Coroutine<List<FormFile>> Spool(Request request, FormOptions? options = null)
    {
        List<FormFile> files = [];
        await foreach (MultipartPart part in request.ReadMultipart(options ?? _folder.Options))
        {
            files.Add(await part.SpoolAsync());
        }

        return files;
    }

    /// <summary>Works until it is ending; then it drops its work, or throws.</summary>
    private sealed class EndingExecutor(bool drops) : IExecutor
    {
        private readonly ThreadPoolExecutor _inner = new();

        public bool IsEnding { get; set; }

        public void Submit(Action work) => Submit(work, () => { });

        public void Submit(Action work, Action dropped)
        {
            if (!IsEnding)
            {
                _inner.Submit(work, dropped);
            }
            else if (drops)
            {
                dropped();
            }
            else
            {
                throw new IOException("broken");
            }
        }

        public void Shutdown() => _inner.Shutdown();
    }
}
