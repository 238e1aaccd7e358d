using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What instruments are told of a connection: each state that it comes into, under one number.
/// </summary>
public sealed class ObservedConnectionTests
{
    [Test]
    public void A_connection_tells_its_states_from_the_first_to_the_last()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), Patient);
        var states = new States();
        server.Loop.AddInstrument(states);
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(200));
        Assert.That(
            states.Story, Is.EqualTo("1:new 1:head 1:handler 1:ready 1:idle"));
        Assert.That(
            peer.Ask("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").SaysClose);
        server.RunFor(60);

        Assert.That(states.Story, Is.EqualTo(
            "1:new 1:head 1:handler 1:ready 1:idle "
            + "1:head 1:handler 1:ending 1:lingering 1:closed!"));
    }

    [Test]
    public void Each_connection_has_a_number_of_its_own()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), Patient);
        var states = new States();
        server.Loop.AddInstrument(states);
        HttpPeer first = server.Connect();
        first.Ask(Get("/"));
        HttpPeer second = server.Connect();
        second.Ask(Get("/"));
        states.Forget();
        first.Ask(Get("/"));

        Assert.That(states.Story, Is.EqualTo("1:head 1:handler 1:ready 1:idle"));
    }

    [Test]
    public void An_instrument_that_comes_later_hears_of_the_next_change()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), Patient);
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/"));
        var states = new States();
        server.Loop.AddInstrument(states);
        peer.Ask(Get("/"));

        Assert.That(states.Story, Is.EqualTo("1:head 1:handler 1:ready 1:idle"));
    }

    private sealed class States : ILoopInstrument
    {
        private readonly List<string> _story = [];

        public string Story => string.Join(' ', _story);

        public void Forget() => _story.Clear();

        public void ObjectChanged(string kind, long number, string state, bool isLast)
        {
            Assert.That(kind, Is.EqualTo("connection"));
            _story.Add($"{number}:{state}{(isLast ? "!" : "")}");
        }
    }
}
