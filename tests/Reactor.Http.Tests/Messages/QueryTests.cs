using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>What a handler gets of a query: decoded once, bounded, and 400 if it is none.</summary>
public class QueryTests
{
    [TestCase("/", "")]
    [TestCase("/?", "")]
    [TestCase("/?a=1&b=2&a=3", "a=1 b=2 a=3")]
    [TestCase("/?&a&&b=&=c&d==e", "a= b= =c d==e")]
    [TestCase("/?a=1+2&%61%2B=%26%3D", "a=1 2 a+=&=")]
    [TestCase("/?a=%252541", "a=%2541")]
    [TestCase("/?%e2%82%ac=1;2", "\u20AC=1;2")]
    public void A_query_is_pairs_in_their_order_decoded_once(string target, string expected)
    {
        string? seen = null;
        Serve(target, request =>
            seen = string.Join(' ', request.Query.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.That(seen, Is.EqualTo(expected));
    }

    [TestCase("a", "1", 2)]
    [TestCase("b", "", 1)]
    [TestCase("A", null, 0)]
    public void A_name_has_its_first_value_and_all_of_them(string name, string? first, int count)
    {
        (string?, int)? seen = null;
        Serve("/?a=1&b&a=2", request =>
            seen = (request.Query[name], request.Query.GetAll(name).Count()));
        Assert.That(seen, Is.EqualTo((first, count)));
    }

    [TestCase("%")]
    [TestCase("a=%4")]
    [TestCase("%zz=1")]
    [TestCase("a=%+1")]
    [TestCase("a=%-1")]
    [TestCase("a=1%")]
    [TestCase("a=%00")]
    [TestCase("a=%ff")]
    [TestCase("a=%c0%af")]
    [TestCase("a=%ed%a0%80")]
    public void What_cannot_be_decoded_is_400_and_the_connection_goes_on(string query) =>
        Assert.That(Serve($"/?{query}", request => _ = request.Query), Is.EqualTo(400));

    [TestCase(1024, 200)]
    [TestCase(1025, 400)]
    public void A_thousand_and_twenty_four_keys_are_read_and_no_more(int keys, int status) =>
        Assert.That(
            Serve(
                "/?" + string.Join('&', Enumerable.Repeat("a=1", keys)),
                request => _ = request.Query),
            Is.EqualTo(status));

    [Test]
    public void A_query_that_nobody_asks_for_is_not_looked_at() =>
        Assert.That(Serve("/?" + new string('&', 4000) + "%", _ => { }), Is.EqualTo(200));

    [Test]
    public void A_handler_may_answer_a_bad_query_itself()
    {
        string? message = null;
        int status = Serve("/?%", request => message = Assert.Throws<RequestQueryException>(
            () => _ = request.Query)!.Message);
        Assert.That((status, message), Is.EqualTo((200, "The query has an escape that is no "
            + "UTF-8 text.")));
    }

    private static int Serve(string target, Action<Request> action)
    {
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            action(request);
            return Response.Text("ok");
        }));
        HttpPeer peer = server.Connect();
        int status = peer.Ask(Get(target)).Status;
        Assert.That(peer.Ask(Get("/none")).Status, Is.EqualTo(404), "the connection goes on");
        return status;
    }
}
