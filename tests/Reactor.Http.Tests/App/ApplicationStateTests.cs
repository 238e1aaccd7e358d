namespace Reactor.Http.Tests.App;

/// <summary>The typed values of applications.</summary>
public sealed class ApplicationStateTests
{
    private static readonly AppKey<string> s_name = new("name");
    private static readonly AppKey<string?> s_other = new("name");

    [Test]
    public void A_value_is_found_by_its_key_object_and_not_by_the_name_of_the_key()
    {
        var app = new Application();
        app.State.Set(s_name, "x");

        Assert.That(app.State.Get(s_name), Is.EqualTo("x"));
        Assert.That(app.State.TryGet(s_other, out _), Is.False);
    }

    [Test]
    public void A_later_value_replaces_an_earlier_one()
    {
        var app = new Application();
        app.State.Set(s_name, "x");
        app.State.Set(s_name, "y");

        Assert.That(app.State.Get(s_name), Is.EqualTo("y"));
    }

    [Test]
    public void Null_can_be_a_value()
    {
        var app = new Application();
        app.State.Set(s_other, null);

        Assert.That(app.State.TryGet(s_other, out string? value), Is.True);
        Assert.That(value, Is.Null);
    }

    [Test]
    public void A_missing_value_throws_with_the_name_of_its_key()
    {
        Assert.That(
            () => new Application().State.Get(s_name),
            Throws.TypeOf<KeyNotFoundException>().With.Message.Contain("'name'"));
    }

    [Test]
    public void A_mounted_application_sees_the_values_around_it_and_may_hide_them()
    {
        var app = new Application();
        Application inner = app.Group("/a").Group("/b");
        app.State.Set(s_name, "outer");
        Assert.That(inner.State.Get(s_name), Is.EqualTo("outer"));

        inner.State.Set(s_name, "inner");
        Assert.That(
            (inner.State.Get(s_name), app.State.Get(s_name)), Is.EqualTo(("inner", "outer")));
    }

    [Test]
    public void The_applications_around_do_not_see_those_of_a_mounted_one()
    {
        var app = new Application();
        app.Group("/a").State.Set(s_name, "inner");

        Assert.That(app.State.TryGet(s_name, out _), Is.False);
    }
}
