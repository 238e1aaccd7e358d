using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Net;

/// <summary>
/// A server that cannot have its address says which address that is, why, and what to do.
/// </summary>
public sealed class ListenErrorTests
{
    private const string InMemory = "in-memory";

    public static IEnumerable<string> Drivers => RealDrivers.Names.Append(InMemory);

    [Test]
    public void A_server_on_an_address_in_use_names_it([ValueSource(nameof(Drivers))] string driver)
    {
        using EventLoop loop = Make(driver);
        LoopServer first = loop.CreateServer(new Handler(), [SimulatedLoop.AnyPort]);
        EndPoint taken = first.EndPoints[0];

        SocketException? error = Assert.Throws<SocketException>(
            () => loop.CreateServer(new Handler(), [SimulatedLoop.AnyPort, taken]));
        Assert.That(error!.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
        Assert.That(
            error.Message, Does.StartWith($"Cannot listen on {taken}: the address is in use."));
        Assert.That(error.Message, Does.EndWith("choose another port."));
        first.Close();
    }

    [Test]
    [Platform("Linux")]
    public void A_server_on_a_unix_path_in_use_names_it(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        string path = Path.Combine(Path.GetTempPath(), $"reactor-{Guid.NewGuid():N}.sock");
        using EventLoop loop = Make(driver);
        LoopServer first = loop.CreateServer(new Handler(), [new UnixDomainSocketEndPoint(path)]);

        SocketException? error = Assert.Throws<SocketException>(
            () => loop.CreateServer(new Handler(), [new UnixDomainSocketEndPoint(path)]));
        Assert.That(error!.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
        Assert.That(
            error.Message, Does.StartWith($"Cannot listen on {path}: a server listens there"));
        first.Close();
    }

    [Test]
    [Platform("Linux")]
    public void A_server_whose_folder_is_missing_says_so(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        string path = Path.Combine(Path.GetTempPath(), $"reactor-{Guid.NewGuid():N}", "socket");
        using EventLoop loop = Make(driver);

        SocketException? error = Assert.Throws<SocketException>(
            () => loop.CreateServer(new Handler(), [new UnixDomainSocketEndPoint(path)]));
        Assert.That(
            error!.Message, Does.StartWith($"Cannot listen on {path}: the folder does not exist."));
    }

    [Test]
    public void A_server_on_an_address_of_another_machine_names_it(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        using EventLoop loop = Make(driver);
        var documentation = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1234); // RFC 5737

        SocketException? error = Assert.Throws<SocketException>(
            () => loop.CreateServer(new Handler(), [documentation]));
        Assert.That(error!.Message, Does.StartWith(
            "Cannot listen on 192.0.2.1:1234: this machine does not have the address."));
    }

    [Test]
    public void The_zone_of_an_interface_that_is_not_there_is_refused_not_dropped(
        [ValueSource(typeof(RealDrivers), nameof(RealDrivers.Names))] string driver)
    {
        using EventLoop loop = Make(driver);

        SocketException? error = Assert.Throws<SocketException>(() => loop.RunUntilComplete(
            loop.CreateServer(new Handler(), "fe80::1%no-such-if", 0)));
        Assert.That(error!.Message, Is.EqualTo(
            "This machine has no network interface 'no-such-if'."));
        Assert.That(error.SocketErrorCode, Is.EqualTo(SocketError.HostNotFound));
    }

    private static EventLoop Make(string driver) => new(new EventLoopOptions
    {
        Driver = driver == InMemory
            ? new InMemoryDriver(new InMemoryOptions { Seed = TestSeed.Next() })
            : LoopDrivers.Create(driver),
    });

    private sealed class Handler : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => ServedLoop.Echo(connection);
    }
}
