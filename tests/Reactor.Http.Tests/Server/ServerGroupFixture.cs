using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Groups of loops on the kernel's sockets, for each driver, on threads that must end in time.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public abstract class ServerGroupFixture(string driver)
{
    /// <summary>Nothing takes so long.</summary>
    protected static readonly TimeSpan Hung = TimeSpan.FromSeconds(30);

    protected EventLoopOptions OptionsOf(int loop) =>
        new() { Driver = LoopDrivers.Create(driver) };

    protected static Task Start(ServerGroup group, params (string Host, int Port)[] addresses) =>
        Task.Factory.StartNew(
            () => group.Run(addresses is [] ? [("127.0.0.1", 0)] : addresses),
            TaskCreationOptions.LongRunning);

    protected static WaitHandle EndOf(Task run) => ((IAsyncResult)run).AsyncWaitHandle;

    protected static void AssertEnds(Task run, string what = "it does not end") =>
        Assert.That(EndOf(run).WaitOne(Hung), what);
}
