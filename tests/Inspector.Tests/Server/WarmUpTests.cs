using System.Text.Json.Nodes;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Server;

/// <summary>The code of the first answer has run before the first page asks.</summary>
[TestFixture]
public sealed class WarmUpTests
{
    [Test]
    public void An_inspector_has_answered_itself_before_the_first_page()
    {
        using var world = new InspectedLoop();
        Assert.That(
            SpinWait.SpinUntil(() => world.Inspector.Host.IsWarm, InspectedLoop.Hung),
            "its own request is answered with 200");
    }

    [Test]
    public void The_first_view_is_made_of_a_run_with_everything_that_a_page_shows()
    {
        using var world = new InspectedLoop();
        SessionView session = SessionViews.Of(new TraceInfo());
        JsonNode view = JsonNode.Parse(WarmUp.MakeViews(session))!;
        Assert.That((int)view["ready"]!["count"]!, Is.Positive);
        Assert.That((int)view["timers"]!["count"]!, Is.Positive);
        Assert.That((int)view["tasks"]!["count"]!, Is.Positive);
        Assert.That((JsonArray)view["objects"]!, Is.Not.Empty);
        Assert.That((int)view["ready"]!["messageCount"]!, Is.Positive);
        Assert.That(
            ((JsonArray)view["histograms"]!).Select(one => (int)one!["count"]!),
            Has.Some.Positive);
        Assert.That(view["turn"]!["running"], Is.Not.Null);
    }
}
