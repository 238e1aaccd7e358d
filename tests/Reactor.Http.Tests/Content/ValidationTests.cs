using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content;

/// <summary>Errors by field, as one 422 (RFC 9110 15.5.21; RFC 9457 3.2 for the shape).</summary>
public sealed class ValidationTests
{
    [Test]
    public void Errors_are_collected_by_field_in_the_order_of_their_reports()
    {
        var check = new Validation();
        Assert.That(check.HasErrors, Is.False);
        Assert.That(check.ThrowIfAny, Throws.Nothing);
        Assert.That(check.Require(true, "title", "is fine"), Is.True);
        Assert.That(check.Require(false, "title", "must not be empty"), Is.False);
        check.Add("due", "must not be in the past");
        check.Add("title", "must be in English");
        var error = Assert.Throws<HttpException>(check.ThrowIfAny)!;

        Assert.That(check.HasErrors);
        Assert.That(error.Status, Is.EqualTo(422));
        Assert.That(error.Errors!.Keys, Is.EqualTo(new[] { "title", "due" }));
        Assert.That(
            error.Errors["title"], Is.EqualTo(new[] { "must not be empty", "must be in English" }));
        Assert.That(error.Errors["due"], Is.EqualTo(new[] { "must not be in the past" }));
    }

    [Test]
    public void Nested_fields_are_named_as_in_JavaScript()
    {
        var check = new Validation();
        check.Check("order", new Order("", [new(1), new(0, new Part(1001)), new(13)]));
        check.Check("none", null);
        check.CheckEach("none", null);
        check.CheckEach("", [new Line(1), null, new Line(0)]);
        check.Check("", new Line(0));
        check.Add("", "is all wrong");

        Assert.That(check.Errors.Keys, Is.EqualTo(new[]
        {
            "order.name", "order.lines[1].count", "order.lines[1].part.part no", "order.lines[2]",
            "[2].count", "count", "$",
        }));
        Assert.That(
            check.Errors["order.lines[1].part.part no"],
            Is.EqualTo(new[] { "must be below 1000", "must be even" }));
    }

    [Test]
    public void A_hundred_errors_are_kept_and_one_more_is_not()
    {
        var check = new Validation();
        check.CheckEach("lines", Enumerable.Range(0, 101).Select(_ => new Line(0)));

        Assert.That(check.Errors.Values.Sum(messages => messages.Length), Is.EqualTo(100));
        Assert.That(check.Errors.Keys, Has.Member("lines[99].count"));
        Assert.That(check.Errors.Keys, Has.No.Member("lines[100].count"));
    }

    [Test]
    public void A_path_is_restored_after_a_value_that_throws()
    {
        var check = new Validation();
        Assert.That(() => check.Check("a", new Order(null!)), Throws.Exception);
        check.Add("b", "wrong");

        Assert.That(check.Errors.Keys, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void JsonAsync_validates_what_it_reads()
    {
        IReadOnlyDictionary<string, string[]>? errors = null;
        using var server = new ServerFixture(app =>
        {
            app.Post("/order", async request =>
            {
                try
                {
                    return Response.Text((await request.JsonAsync(ContentJson.Default.Order)).Name);
                }
                catch (HttpException error)
                {
                    errors = error.Errors;
                    throw;
                }
            });
            app.Post("/lines", async request =>
            {
                try
                {
                    await request.JsonAsync(ContentJson.Default.LineArray);
                    return Response.Text("valid");
                }
                catch (HttpException error)
                {
                    errors = error.Errors;
                    throw;
                }
            });
        });

        Assert.That(Post("/order", "{\"name\":\"a\"}").Text, Is.EqualTo("a"));
        Assert.That(
            Post("/order", "{\"name\":\"\",\"lines\":[{\"count\":0}]}").Status, Is.EqualTo(422));
        Assert.That(errors!.Keys, Is.EqualTo(new[] { "name", "lines[0].count" }));
        Assert.That(Post("/lines", "[{\"count\":1}]").Text, Is.EqualTo("valid"));
        Assert.That(Post("/lines", "[{\"count\":1},{\"count\":13}]").Status, Is.EqualTo(422));
        Assert.That(errors!.Keys, Is.EqualTo(new[] { "[1]" }));
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");

        RawAnswer Post(string target, string body) => server.Ask(
            $"POST {target} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
    }
}
