using Reactor.Http;
using Reactor.Inspector;
using Reactor.Testing;

namespace Inspector.Tests.Server;

/// <summary>An error of the inspector is logged, and does not end the program.</summary>
[TestFixture]
public sealed class InspectorHostTests
{
    [Test]
    public void An_error_of_the_inspectors_loop_is_logged_and_does_not_end_the_program()
    {
        using var log = new ListLoggerFactory();
        var host = new InspectorHost(
            0, _ => new Application(), () => throw new InvalidOperationException("broken"), log);
        Assert.That(
            SpinWait.SpinUntil(
                () => log.Messages.Any(line => line.Contains("inspector has failed")),
                InspectedLoop.Hung));
        Assert.That(host.Dispose, Throws.Nothing);
    }
}
