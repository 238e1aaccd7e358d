using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Forms.FormRequests;

namespace Reactor.Http.Tests.Content.Forms;

/// <summary>The rest of a part is never taken for the whole of it.</summary>
public class PartContentTests
{
    private SpoolFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new SpoolFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_part_too_large_for_memory_is_not_stored_without_its_beginning()
    {
        string body = Parts(Part("a; filename=f", "0123456789"), Part("b", "next"));
        RawAnswer answer = Serve(PostChunked(Multipart, body, 1), async request =>
        {
            MultipartReader reader = request.ReadMultipart(_folder.Options);
            await reader.MoveNextAsync();
            MultipartPart part = reader.Current;
            Assert.That(await ErrorOf(part.TextAsync(4)), Is.TypeOf<RequestBodyException>());
            await AssertNotStored(part);
            Assert.That(
                await ErrorOf(part.ReadAsync()), Is.TypeOf<InvalidOperationException>()
                    .With.Message.Contains("Call SpoolAsync or SaveToAsync first"));
            await reader.MoveNextAsync();
            return Response.Text(await reader.Current.TextAsync());
        });
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "next")));
        Assert.That(_folder.Files, Is.Empty);
    }

    [Test]
    public void A_part_in_memory_is_not_stored_as_an_empty_file()
    {
        string body = Parts(Part("a; filename=f", "0123456789"));
        RawAnswer answer = Serve(Post(Multipart, body), async request =>
        {
            MultipartReader reader = request.ReadMultipart(_folder.Options);
            await reader.MoveNextAsync();
            await reader.Current.ReadAsync();
            await AssertNotStored(reader.Current);
            return Response.Text(await reader.Current.TextAsync());
        });
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "0123456789")));
        Assert.That(_folder.Files, Is.Empty);
    }

    [Test]
    public void A_part_that_was_stored_is_not_read_as_an_empty_one()
    {
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            MultipartReader reader = request.ReadMultipart(_folder.Options);
            await reader.MoveNextAsync();
            await reader.Current.SpoolAsync();
            await AssertNotStored(reader.Current);
            Assert.That(
                await ErrorOf(reader.Current.ReadAsync()), Is.TypeOf<InvalidOperationException>());
            return new Response();
        }));
        string body = Parts(Part("a; filename=f", "0123456789"));
        Assert.That(server.Ask(Post(Multipart, body)).Status, Is.EqualTo(200));
        _folder.WaitUntilEmpty(server);
    }

    [Test]
    public void A_read_goes_on_after_a_cancellation()
    {
        bool isCancelled = false;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            MultipartReader reader = request.ReadMultipart();
            await reader.MoveNextAsync();
            MultipartPart part = reader.Current;
            try
            {
                await TimeoutScope.Run(TimeSpan.FromSeconds(1), _ => part.ReadAsync());
            }
            catch (TimeoutException)
            {
                isCancelled = true;
            }

            return Response.Text(await part.TextAsync());
        }));
        string request = Post(Multipart, Parts(Part("a", "0123456789")));
        int cut = request.IndexOf('5', request.IndexOf("01234", StringComparison.Ordinal));
        HttpPeer peer = server.Connect();
        peer.Send(request[..cut]);
        server.RunFor(2);
        Assert.That(isCancelled);
        Assert.That(peer.Ask(request[cut..]).Text, Is.EqualTo("0123456789"));
    }

    private async Coroutine AssertNotStored(MultipartPart part)
    {
        Assert.That(
            await ErrorOf(part.SpoolAsync()), Is.TypeOf<InvalidOperationException>());
        Assert.That(
            await ErrorOf(part.SaveToAsync(_folder.At("saved"))),
            Is.TypeOf<InvalidOperationException>());
        Assert.That(
            await ErrorOf(part.Body.MoveNextAsync()), Is.TypeOf<InvalidOperationException>());
    }

    private static async Coroutine<Exception?> ErrorOf<T>(Coroutine<T> call)
    {
        try
        {
            await call;
            return null;
        }
        catch (Exception error) when (error is HttpException or InvalidOperationException)
        {
            return error;
        }
    }
}
