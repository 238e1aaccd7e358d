using System.Runtime.CompilerServices;
using System.Text;
using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Contents of an application's own whose members throw or change: one sending asks each once, and
/// what they throw is the outcome of the request.
/// </summary>
public sealed class ContentLengthTests
{
    private const string NoContent = "HTTP/1.1 204 No Content\r\n\r\n";

    [TestCase(nameof(ClientContent.Length))]
    [TestCase(nameof(ClientContent.ContentType))]
    [TestCase(nameof(ClientContent.CanResend))]
    [TestCase("WriteAsync")]
    public void An_exception_of_a_member_is_that_of_the_request_and_leaks_nothing(string member)
    {
        using var world = new ClientWorld(new ClientOptions { ConnectionsPerHostMax = 1 });
        string url = world.Answer(NoContent);
        var content = new MovingContent { Fails = member };
        for (int i = 0; i < 3; i++)
        {
            if (member == nameof(ClientContent.CanResend))
            {
                Assert.That(world.Ask(new("PUT", url) { Content = content }), Is.EqualTo("204 "));
            }
            else
            {
                Assert.Throws<FileNotFoundException>(
                    () => world.Ask(new("PUT", url) { Content = content }));
            }
        }

        Assert.That(world.Get(url), Is.EqualTo("204 "), "the only permit is free");
    }

    [Test]
    public void A_negative_length_is_refused()
    {
        using var world = new ClientWorld();
        var content = new MovingContent { Lengths = [-1] };
        Assert.Throws<InvalidOperationException>(
            () => world.Ask(new("PUT", world.Answer(NoContent)) { Content = content }));
    }

    // A cancelled write has written a part: what was sent counts, not what was meant.
    [Test]
    public void A_cancelled_write_of_a_content_with_a_length_fails_the_request()
    {
        const int Bytes = 1 << 20;
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await EventLoop.Delay(TimeSpan.FromSeconds(2));
        });
        var content = new TestContent(
            async body =>
            {
                try
                {
                    await TimeoutScope.Run(
                        TimeSpan.FromSeconds(1), _ => body.WriteAsync(new byte[Bytes]));
                }
                catch (TimeoutException)
                {
                }
            },
            Bytes);
        Assert.Throws<InvalidOperationException>(
            () => world.Ask(new("PUT", url) { Content = content }));
        Assert.That(world.Session.OpenConnections, Is.Zero);
        world.RunFor(2);
    }

    [TestCase(2L, 3L)]
    [TestCase(2L, 1L)]
    [TestCase(2L, null)]
    [TestCase(null, 2L)]
    public void A_length_that_changes_is_asked_for_once(long? first, long? second)
    {
        using var world = new ClientWorld();
        string framing = first is null ? "Transfer-Encoding: chunked" : "Content-Length: 2";
        string sent = first is null ? "2\r\nab\r\n0\r\n\r\n" : "ab";
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                Assert.That(head, Does.Contain($"\r\n{framing}\r\n"));
                Assert.That(
                    Encoding.Latin1.GetString(await connection.ReadExactlyAsync(sent.Length)),
                    Is.EqualTo(sent));
                await RawPeer.SendAsync(connection, NoContent);
            }
        });
        for (int i = 0; i < 2; i++)
        {
            var content = new MovingContent { Lengths = [first, second] };
            Assert.That(world.Ask(new("PUT", url) { Content = content }), Is.EqualTo("204 "));
        }

        Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
    }

    /// <summary>Two bytes, of which each look says another length, or a member throws.</summary>
    private sealed class MovingContent : ClientContent
    {
        private int _looks;

        public string Fails { get; init; } = "";

        public long?[] Lengths { get; init; } = [2];

        public override string? ContentType => Or<string?>(null);

        public override long? Length => Or(Lengths[Math.Min(_looks++, Lengths.Length - 1)]);

        public override bool CanResend => Or(true);

        protected internal override Coroutine WriteAsync(ClientBodyWriter body) =>
            Or(body).WriteAsync("ab"u8.ToArray());

        private T Or<T>(T value, [CallerMemberName] string member = "") =>
            member == Fails ? throw new FileNotFoundException("the file") : value;
    }
}
