using Reactor.Bench.Servers;
using Reactor.Http;
using Reactor.Testing;

namespace Bench.Tests;

/// <summary>Our own servers beside `reactor`: earlier revisions, and default headers.</summary>
public sealed class OwnServersTests
{
    [Test]
    public async Task A_revision_is_a_commit_of_the_repository()
    {
        string root = Root();
        Skip.Unless(Path.Exists(Path.Combine(root, ".git")), "this is no clone of the repository");
        string? head = await OwnServers.FindRevisionAsync(root, "HEAD", CancellationToken.None);

        Assert.That(head, Does.Match("^[0-9a-f]{40}$"));
        Assert.That(
            await OwnServers.FindRevisionAsync(root, head![..12], CancellationToken.None),
            Is.EqualTo(head));
    }

    [TestCase("pigeon")]
    [TestCase("")]
    [TestCase("HEAD:bench")]
    [TestCase("--all")]
    [TestCase("HEAD HEAD")]
    public async Task Anything_else_is_none(string revision) => Assert.That(
        await OwnServers.FindRevisionAsync(Root(), revision, CancellationToken.None), Is.Null);

    [TestCase(0)]
    [TestCase(3)]
    public void The_servers_of_headers_differ_in_default_headers_only(int headers)
    {
        Application app = HeadersServer.Make(headers);

        Assert.That(app.DefaultHeaders.Count, Is.EqualTo(headers));
        Assert.That(
            app.Routes.Select(route => route.ToString()),
            Is.EqualTo(["GET /plaintext", "GET /items", "POST /echo"]));
    }

    [Test]
    public void The_servers_of_headers_have_to_be_asked_for() => Assert.That(
        PeerCatalog.Keys, Has.Member(OwnServers.HeadersKey).And.Member(OwnServers.BeforeKey));

    private static string Root()
    {
        var root = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Reactor.sln")))
        {
            root = root.Parent!;
        }

        return root.FullName;
    }
}
