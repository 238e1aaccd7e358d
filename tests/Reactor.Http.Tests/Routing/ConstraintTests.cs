// Routes with constrained parameters: which of several goes first, and which conflict.
using Reactor.Http.Routing;

namespace Reactor.Http.Tests.Routing;

public sealed class ConstraintTests
{
    private static RouteTable<string> Table(IEnumerable<string> routes)
    {
        var table = new RouteTable<string>();
        foreach (string route in routes)
        {
            string[] parts = route.Split(' ', 2);
            table.Add(parts[0], parts[1], route);
        }

        return table;
    }

    [TestCase("/items/7", "GET /items/{id:int}")]
    [TestCase("/items/%37", "GET /items/{id:int}")]
    [TestCase("/items/new", "GET /items/new")]
    [TestCase("/items/42", "GET /items/42")]
    [TestCase("/items/4294967296", "GET /items/{id:long}")]
    [TestCase("/items/red", "GET /items/{name}")]
    [TestCase("/items/99999999999999999999", "GET /items/{name}")]
    [TestCase("/items/a%2Fb", "GET /items/{key:raw}")]
    [TestCase("/items/7/parts", "GET /items/{id:long}/parts")]
    [TestCase("/items/7/wheels", "GET /items/{rest...}")]
    public void The_most_specific_route_goes_first_in_any_order_of_addition(
        string path, string route)
    {
        string[] routes =
        [
            "GET /items/{rest...}", "GET /items/{key:raw}", "GET /items/{name}",
            "GET /items/{id:long}", "GET /items/{id:int}", "GET /items/new", "GET /items/42",
            "GET /items/{id:long}/parts",
        ];
        Assert.That(Table(routes).Match("GET", path).Handler, Is.EqualTo(route));
        Assert.That(Table(routes.Reverse()).Match("GET", path).Handler, Is.EqualTo(route));
    }

    [Test]
    public void A_value_that_no_route_takes_is_not_found() => Assert.That(
        Table(["GET /items/{id:int}"]).Match("GET", "/items/x").Outcome,
        Is.EqualTo(RouteOutcome.NotFound));

    [TestCase("/ab", "GET /{x:len(2,2)}")]
    [TestCase("/%61b", "GET /{x:len(2,2)}")]
    [TestCase("/%2Fb", "GET /{x:raw:len(2,2)}")]
    [TestCase("/%C3%A9%2F", "GET /{x:raw:len(2,2)}")]
    [TestCase("/abc", "GET /{x}")]
    [TestCase("/%2Fbc", "GET /{x:raw}")]
    [TestCase("/%FF%FE", "GET /{x:raw}")] // not UTF-8: no characters to count
    public void A_length_counts_the_decoded_characters_also_of_a_raw_value(
        string path, string route)
    {
        string[] routes =
        [
            "GET /{x}", "GET /{x:raw}", "GET /{x:raw:len(2,2)}", "GET /{x:len(2,2)}",
        ];
        Assert.That(Table(routes).Match("GET", path).Handler, Is.EqualTo(route));
        Assert.That(Table(routes.Reverse()).Match("GET", path).Handler, Is.EqualTo(route));
    }

    [Test]
    public void A_raw_value_with_a_length_stands_as_it_was_sent()
    {
        RouteMatch<string> match =
            Table(["GET /{key:len(2,4):raw}"]).Match("GET", "/a%2Fb");
        Assert.That(match.Values, Is.EqualTo(new[] { "a%2Fb" }));
    }

    [TestCase("GET /{x:int}", "GET /{y:len(1,3)}", "'0'", "segment 1")]
    [TestCase("GET /a/{x:alpha}/b", "GET /a/{y:len(2,8)}/b", "'aa'", "segment 2")]
    [TestCase("GET /{x:int}/b", "GET /{y:len(1,3)}/{z}", "'0'", "segment 1")]
    [TestCase("GET /{x:int}/b/c", "GET /{y:len(1,3)}/{z...}", "'0'", "segment 1")]
    [TestCase("GET /{x:int}/{z...}", "GET /{y:len(1,3)}/b/c", "'0'", "segment 1")]
    [TestCase("GET /{x:int}/{z:raw...}", "GET /{y:len(1,3)}/{z:guid}/c", "'0'", "segment 1")]
    [TestCase("GET /{x:int}/{z:long}", "GET /{y:len(1,3)}/{z:range(1,2)}", "'0'", "segment 1")]
    [TestCase("GET /{x:int}/{z:raw}", "GET /{y:len(1,3)}/{z}", "'0'", "segment 1")]
    [TestCase("GET /{x:range(1,5)}", "GET /{y:range(4,9)}", "'4'", "segment 1")]
    [TestCase("GET /{x:range(-5,-1)}", "GET /{y:range(-9,-4)}", "'-4'", "segment 1")]
    [TestCase("GET /{x:raw:len(1,3)}", "GET /{y:len(2,4):raw}", "'aa'", "segment 1")]
    [TestCase("* /{x:int}", "GET /{y:len(1,3)}", "'0'", "segment 1")]
    [TestCase("GET /{x:int}", "HEAD /{y:len(1,3)}", "'0'", "segment 1")]
    public void Two_routes_of_which_neither_is_more_specific_conflict_in_either_order(
        string first, string second, string value, string place)
    {
        foreach (string[] routes in new[] { new[] { first, second }, [second, first] })
        {
            string message = Assert.Throws<ArgumentException>(() => Table(routes))!.Message;
            Assert.That(message, Does.Contain($"'{first}'").And.Contain($"'{second}'"));
            Assert.That(message, Does.Contain($"{value} as {place}"));
        }
    }

    [TestCase("GET /{x:int}", "POST /{y:len(1,3)}")]
    [TestCase("* /{x:int}", "TRACE /{y:len(1,3)}")]
    [TestCase("GET /{x:int}/a", "GET /{y:len(1,3)}/b")]
    [TestCase("GET /{x:int}/a", "GET /{y:len(1,3)}")]
    [TestCase("GET /{x:int}", "GET /{y:len(1,3)}/{z...}")]
    [TestCase("GET /{x:int}/a", "GET /{y:len(1,3)}/{z:guid}")]
    [TestCase("GET /{x:int}/{z:range(1,2)}", "GET /{y:len(1,3)}/{z:range(3,4)}")]
    [TestCase("GET /{x:int}/a\\b", "GET /{y:len(1,3)}/{z}")] // only raw patterns capture "\"
    [TestCase("GET /{x:int}/a\\b/c", "GET /{y:len(1,3)}/{z...}")]
    [TestCase("GET /{x:int}/", "GET /{y:len(1,3)}/{z:raw}")]
    [TestCase("GET /{x:int}", "GET /{y:alpha}")]
    [TestCase("GET /{x:int}", "GET /{y:raw:len(1,3)}")]
    [TestCase("GET /{x:range(1,5)}", "GET /{y:range(4,9)}/a")]
    public void Routes_without_a_common_path_and_method_do_not_conflict(
        string first, string second)
    {
        Assert.That(() => Table([first, second]), Throws.Nothing);
        Assert.That(() => Table([second, first]), Throws.Nothing);
    }

    [Test]
    public void Equal_sets_of_values_written_in_two_ways_are_one_place()
    {
        Assert.That(
            () => Table(["GET /{x:range(-9,99)}", "GET /{y:int:len(1,2)}"]),
            Throws.ArgumentException.With.Message.Contains("both match the same paths"));
        RouteMatch<string> match =
            Table(["GET /{x:range(-9,99)}", "POST /{y:int:len(1,2)}"]).Match("PUT", "/7");
        Assert.That(match.Allow, Is.EqualTo("GET, HEAD, OPTIONS, POST"));
    }

    [Test]
    public void A_rejected_route_leaves_the_table_as_it_was()
    {
        RouteTable<string> table = Table(["GET /{x:int}/a"]);
        Assert.That(() => table.Add("GET", "/{y:len(1,3)}/a", "late"), Throws.ArgumentException);
        Assert.That(table.Match("GET", "/abc/a").Outcome, Is.EqualTo(RouteOutcome.NotFound));
    }

    [Test]
    public void Allow_has_the_methods_of_every_route_that_takes_the_path()
    {
        RouteTable<string> table =
            Table(["GET /{x:int}", "PUT /{x:long}", "POST /{x}", "DELETE /{x:alpha}"]);
        Assert.That(
            table.Match("PATCH", "/7").Allow, Is.EqualTo("GET, HEAD, OPTIONS, POST, PUT"));
        Assert.That(table.Match("PUT", "/7").Handler, Is.EqualTo("PUT /{x:long}"));
    }

    [TestCase("/{x:other}", "'other' is no constraint")]
    [TestCase("/{x:regex(a+)}", "'regex(a+)' is no constraint")]
    [TestCase("/{x:Int}", "'Int' is no constraint")]
    [TestCase("/{x:}", "'' is no constraint")]
    [TestCase("/{x:int()}", "'int()' is no constraint")]
    [TestCase("/{x:len}", "'len(2,8)'")]
    [TestCase("/{x:len()}", "'len(2,8)'")]
    [TestCase("/{x:len(2)}", "'len(2,8)'")]
    [TestCase("/{x:len(2, 8)}", "without spaces")]
    [TestCase("/{x:len(2,8}", "'len(2,8)'")]
    [TestCase("/{x:len(1,2147483648)}", "32-bit")]
    [TestCase("/{x:len(0,8)}", "never empty")]
    [TestCase("/{x:len(8,2)}", "'len(8,2)' is empty")]
    [TestCase("/{x:range(1)}", "'range(1,100)'")]
    [TestCase("/{x:range(1,9223372036854775808)}", "64-bit")]
    [TestCase("/{x:range(2,1)}", "'range(2,1)' is empty")]
    [TestCase("/{x:int:alpha}", "no value satisfies")]
    [TestCase("/{x:int:range(4294967296,4294967297)}", "no value satisfies")]
    [TestCase("/{x:guid:len(1,8)}", "no value satisfies")]
    [TestCase("/{x:long:len(21,30)}", "no value satisfies")]
    [TestCase("/{x:int:raw}", "remove ':raw'")]
    [TestCase("/{x:raw:guid}", "remove ':raw'")]
    [TestCase("/{x:len(2,8)...}", "can only be ':raw'")]
    public void A_malformed_constraint_is_reported_with_the_pattern_and_a_remedy(
        string pattern, string why)
    {
        ArgumentException? fault =
            Assert.Throws<ArgumentException>(() => Table(["GET " + pattern]));
        Assert.That(fault!.Message, Does.Contain($"'{pattern}'").And.Contain(why));
    }

    [Test]
    [Category("Measured")]
    [NonParallelizable]
    public void A_constraint_that_fails_allocates_nothing()
    {
        RouteTable<string> table = Table(["GET /{x:int}/a", "GET /{x:guid}/a"]);
        Assert.That(Allocations.Measure(() => table.Match("GET", "/%61bc/a")), Is.Zero);
    }

    // A match takes at most one step per node.
    [Test]
    public void Ten_thousand_routes_share_the_nodes_of_equal_beginnings()
    {
        RouteTable<string> table = Table(Enumerable.Range(0, 2_500).SelectMany(i => new[]
        {
            $"GET /items/{{id:int}}/{i}", $"POST /items/{{number:int}}/{i}",
            $"GET /items/{{code:alpha}}/{i}/{{rest...}}", $"GET /kind{i}/{{id:guid}}",
        }));

        // "items", its two branches, and what differs.
        Assert.That(Count(table.Hosts[0].Root), Is.EqualTo(1 + 1 + 2 + (2_500 * (1 + 2 + 2))));

        static int Count(RouteNode<string> node) => 1
            + node.Literals.Values.Sum(Count)
            + (node.Branches ?? []).Sum(branch => Count(branch.Node))
            + new[] { node.Parameter, node.RawParameter, node.Tail, node.RawTail }.Sum(
                child => child is null ? 0 : Count(child));
    }
}
