namespace Reactor.Http.Testing.Tests;

/// <summary>
/// A test that fails itself: its own exception is the one that is thrown, and what it left behind
/// is written; and leaks of the client.
/// </summary>
public sealed class PrimaryFailureTests
{
    [Test]
    public void The_exception_of_the_test_is_thrown_and_the_leaks_are_written()
    {
        var planted = new InvalidOperationException("planted");
        string text = "";
        Exception? thrown = Assert.Throws<InvalidOperationException>(() => TestServer.Run(
            Wire.Hello(),
            async client =>
            {
                await client.GetAsync("/");
                throw planted;
            },
            new TestServerOptions { Seed = 9, Output = written => text += written }));
        Assert.That(thrown, Is.SameAs(planted));
        Assert.That(text, Does.Contain("a response that was neither read to its end nor disposed")
            .And.Contain("200 of GET http://127.0.0.1/")
            .And.Contain("Seed 9,"));
    }

    [Test]
    public void A_response_that_was_neither_read_nor_disposed_is_a_leak()
    {
        TestLeakException error = Assert.Throws<TestLeakException>(() => TestServer.Run(
            Wire.Hello(), static async client => await client.GetAsync("/")))!;
        Assert.That(error.Leaks, Has.Count.EqualTo(1));
        Assert.That(error.Message, Does.Contain("200 of GET http://127.0.0.1/"));
    }

    [Test]
    public void A_response_that_was_read_or_disposed_is_none()
    {
        Assert.That(
            () => TestServer.Run(Wire.Hello(), static async client =>
            {
                ClientResponse read = await client.GetAsync("/");
                await read.ReadAsync();
                ClientResponse disposed = await client.GetAsync("/");
                disposed.Dispose();
            }),
            Throws.Nothing);
    }

    [Test]
    public void A_request_in_progress_is_a_leak_with_its_method_and_URL()
    {
        Application app = Wire.App("/slow", static async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("late");
        });
        TestLeakException error = Assert.Throws<TestLeakException>(() => TestServer.Run(
            app,
            static async client =>
            {
                EventLoop.Spawn(client.GetAsync("/slow"));
                await client.AdvanceAsync(TimeSpan.Zero);
            }))!;
        Assert.That(error.Leaks, Does.Contain("a request in progress: GET /slow"));
        Assert.That(error.Leaks, Does.Contain("requests that the server has not answered: 1"));
    }

    [Test]
    public void An_exception_of_a_framework_keeps_its_meaning()
    {
        Assert.That(
            () => TestServer.Run(new Application(), static async _ =>
            {
                await EventLoop.Yield();
                throw new SuccessException("as Assert.Pass");
            }),
            Throws.InstanceOf<SuccessException>());
    }
}
